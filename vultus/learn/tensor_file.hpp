// Plain files of named tensors, in the format of safetensors: what features and weights are kept in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::learn {

/// What the numbers of a tensor are, little-endian.
enum class TensorType : std::uint8_t { f16, f32, i64, u8 };

[[nodiscard]] std::size_t bytes_of(TensorType type) noexcept;      ///< of one number
[[nodiscard]] std::string_view name_of(TensorType type) noexcept;  ///< as in the file: "F16", "F32", "I64", "U8"

/// A tensor of a file.
struct TensorSpec {
  std::string name;
  TensorType type = TensorType::f32;
  std::vector<std::int64_t> shape;  ///< each at least 0; empty = one number

  [[nodiscard]] std::size_t count() const;  ///< numbers
  [[nodiscard]] std::size_t bytes() const { return count() * bytes_of(type); }
  bool operator==(const TensorSpec&) const = default;
};

using TensorNotes = std::map<std::string, std::string>;  ///< "__metadata__": texts by name

/// Writes a file whose tensors may be larger than memory: rows go to their place as they come. The file has its name
/// only when it is finished. Thread-compatible.
class TensorFileWriter {
 public:
  TensorFileWriter(TensorFileWriter&&) noexcept;
  TensorFileWriter& operator=(TensorFileWriter&&) = delete;
  TensorFileWriter(const TensorFileWriter&) = delete;
  TensorFileWriter& operator=(const TensorFileWriter&) = delete;
  ~TensorFileWriter();

  /// @param tensors  different names, at most 65,536
  /// @error invalid_argument  a name twice or empty; resource_limit  the folder, the disk or a size
  static Result<TensorFileWriter> create(const std::filesystem::path& path, std::vector<TensorSpec> tensors,
                                         const TensorNotes& notes = {});
  /// Bytes of a tensor from an offset on. @error invalid_argument  beyond its end; resource_limit  disk full
  Status write(std::string_view name, std::size_t offset, std::span<const std::byte> bytes);
  /// Synchronises and renames. What was not written is zero. @error resource_limit
  Status finish();

 private:
  TensorFileWriter() = default;
  std::filesystem::path path_, passing_;
  std::vector<TensorSpec> tensors_;
  std::vector<std::size_t> begins_;
  int file_ = -1;
};

/// A file of tensors, mapped into memory. Immutable; any thread.
class TensorFile {
 public:
  /// @error not_found      no such file
  /// @error corrupt_data   not such a file: head too large (100 MB), ranges that overlap, leave the file or do not fit
  ///                       their shapes
  /// @error unsupported    a type that is not one of TensorType
  static Result<TensorFile> open(const std::filesystem::path& path);
  /// The same for bytes in memory, which are copied.
  static Result<TensorFile> of_bytes(std::span<const std::byte> bytes);

  [[nodiscard]] const std::vector<TensorSpec>& tensors() const { return tensors_; }  ///< in the order of their bytes
  [[nodiscard]] const TensorNotes& notes() const { return notes_; }
  /// @error not_found  no tensor of this name
  [[nodiscard]] Result<const TensorSpec*> find(std::string_view name) const;
  /// The bytes of a tensor; valid while the file lives. @error not_found
  [[nodiscard]] Result<std::span<const std::byte>> bytes(std::string_view name) const;
  /// The numbers of a tensor of f16 or f32. @error not_found; invalid_argument  another type
  [[nodiscard]] Result<std::vector<float>> floats(std::string_view name) const;

 private:
  TensorFile() = default;
  Status read(std::span<const std::byte> bytes);

  std::shared_ptr<const std::byte> held_;
  std::span<const std::byte> data_;
  std::vector<TensorSpec> tensors_;
  std::vector<std::size_t> begins_;
  TensorNotes notes_;
};

}  // namespace vultus::learn
