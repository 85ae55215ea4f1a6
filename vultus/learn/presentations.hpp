// Faces of live people and of attacks, cut out and kept in one file of tensors: what liveness networks are trained on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/learn/tensor_file.hpp>

namespace vultus::learn {

/// What a face is used for. All faces of a subject have one part.
enum class Part : std::uint8_t { train, validation, test };
inline constexpr std::array kAllParts{Part::train, Part::validation, Part::test};

/// The part of a subject: it follows from the name alone, so that it is the same in every file made of any pictures.
/// 6 of 10 subjects are trained on, 1.5 of 10 are for thresholds, 2.5 of 10 for the test.
[[nodiscard]] Part part_of(std::string_view subject);

/// The subject of a picture by the name of its file: what stands before the last "_" and a number, else the whole stem.
[[nodiscard]] std::string subject_of(const std::filesystem::path& file);

/// Cells to a side of what says where an attack is.
inline constexpr std::int64_t kCoveredSide = 32;

/// Immutable; any thread.
class Presentations {
 public:
  /// @error not_found, corrupt_data  the file, a tensor that is missing or of another size
  /// @error invalid_argument         a kind outside the list of kinds, or a subject in two parts: a split that leaks
  static Result<Presentations> open(const std::filesystem::path& path);
  /// The same of a file that is open. @param origin  for messages
  static Result<Presentations> of(TensorFile file, std::string_view origin);

  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(kinds_.size()); }
  [[nodiscard]] std::int64_t side() const { return side_; }      ///< of the pictures, pixels: with a margin
  [[nodiscard]] std::int64_t margin() const { return margin_; }  ///< pixels about what a network sees
  [[nodiscard]] std::int64_t seen() const { return side_ - 2 * margin_; }
  /// side x side x 3, red, green, blue.
  [[nodiscard]] std::span<const std::byte> pixels(std::int64_t face) const;
  /// 32 x 32 over what a network sees: share of each cell under the attack, 0 to 255.
  [[nodiscard]] std::span<const std::byte> covered(std::int64_t face) const;
  /// 0 = a live face, else a kind of attacks(). @param face  [0, count())
  [[nodiscard]] std::int64_t kind(std::int64_t face) const { return kinds_[static_cast<std::size_t>(face)]; }
  /// Whose face it is: a number of the file.
  [[nodiscard]] std::int64_t subject(std::int64_t face) const { return subjects_[static_cast<std::size_t>(face)]; }
  /// Which part its subject belongs to.
  [[nodiscard]] Part part(std::int64_t face) const { return parts_[static_cast<std::size_t>(face)]; }
  /// Kinds of attack: the first is kind() 1.
  [[nodiscard]] const std::vector<std::string>& attacks() const { return attacks_; }
  [[nodiscard]] bool planted() const { return planted_; }  ///< the attacks are simulated
  [[nodiscard]] const TensorNotes& notes() const { return file_.notes(); }

 private:
  explicit Presentations(TensorFile file) : file_(std::move(file)) {}
  Status read();

  TensorFile file_;
  std::int64_t side_ = 0, margin_ = 0;
  std::span<const std::byte> pixels_, covered_;
  std::vector<std::int64_t> kinds_, subjects_;
  std::vector<Part> parts_;
  std::vector<std::string> attacks_;
  bool planted_ = false;
};

/// The tensors and notes of such a file, for who writes one: "pixels", "covered", "kind", "subject", "part".
[[nodiscard]] std::vector<TensorSpec> presentation_tensors(std::int64_t count, std::int64_t side);
/// @param attacks  names without commas
[[nodiscard]] TensorNotes presentation_notes(const std::vector<std::string>& attacks, std::int64_t margin,
                                             bool planted);

}  // namespace vultus::learn
