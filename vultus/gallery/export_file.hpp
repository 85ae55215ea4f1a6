// A gallery, or a part of one, in a file that any program can read: docs/export-format.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/records.hpp>

namespace vultus {

/// The first line of an export.
struct ExportHeader {
  std::string gallery;  ///< id of the gallery, 32 hex digits; empty = not known
  GalleryModel model;
  UtcTime made{};
  std::int64_t subjects = 0;
  std::int64_t faces = 0;
  bool operator==(const ExportHeader&) const = default;
};

/// A face with everything that is kept of it.
struct ExportedFace {
  EnrolledFace face;
  std::vector<float> values;  ///< of length 1
  std::optional<Thumbnail> thumbnail;
  bool operator==(const ExportedFace&) const = default;
};

/// Makes the lines of an export. A subject comes before its faces. Thread-compatible.
class ExportLines {
 public:
  ExportLines();
  ExportLines(ExportLines&&) noexcept;
  ExportLines& operator=(ExportLines&&) noexcept;
  ~ExportLines();

  /// The first line.
  [[nodiscard]] std::string header(const ExportHeader& header);
  /// The line of a subject, with all its details.
  [[nodiscard]] std::string subject(const Subject& subject);
  /// The line of a face of a subject whose line was made before.
  [[nodiscard]] std::string face(const ExportedFace& face);
  /// The last line: without it a file is cut off.
  [[nodiscard]] std::string end();

 private:
  struct State;
  std::string line(std::string json);
  std::unique_ptr<State> state_;
};

/// Takes what is read from an export, in the order of the file. An error ends the reading and is given on.
struct ExportVisitor {
  std::function<Status(const ExportHeader&)> header;
  std::function<Status(const Subject&)> subject;
  std::function<Status(const ExportedFace&)> face;
};

/// Reads an export line by line.
class ExportReader {
 public:
  static constexpr std::size_t kMaxLineBytes = 4 << 20;

  explicit ExportReader(ExportVisitor visitor);
  ExportReader(ExportReader&&) noexcept;
  ExportReader& operator=(ExportReader&&) noexcept;
  ~ExportReader();

  /// @param line  without its line end
  /// @error corrupt_data  altered, out of place or no line of an export: "line 7: ..."
  /// @error unsupported   a newer format
  Status take(std::string_view line);
  /// @error corrupt_data  the last line is missing
  [[nodiscard]] Status finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vultus
