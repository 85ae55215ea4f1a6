// Files that only their owner may read. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/gallery/vault/secret.hpp>

namespace vultus::gallery {

/// An open file, closed with the object. Move-only.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int number) : number_(number) {}
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

/// Opens a regular file that no other user can read.
/// @param what  for messages: "key file", "keyring"
/// @param flags of open(2)
/// @error not_found         no such file
/// @error invalid_argument  not a regular file, or others may read or write it: the message tells the command that
/// mends it
/// @error resource_limit    it cannot be opened
[[nodiscard]] Result<FileHandle> open_private(const std::filesystem::path& path, std::string_view what, int flags);

/// Makes a new file with mode 0600.
/// @error invalid_argument  there is a file already; not_found  no such folder; resource_limit  it cannot be made
[[nodiscard]] Result<FileHandle> make_private(const std::filesystem::path& path, std::string_view what);

/// The first `limit` bytes of a file that no other user can read, in locked memory.
/// @error as open_private; invalid_argument  longer than `limit`
[[nodiscard]] Result<Secret> read_private(const std::filesystem::path& path, std::string_view what, std::size_t limit,
                                          std::size_t& length);

/// Writes all of `bytes` at `offset`.
/// @error resource_limit
[[nodiscard]] Status write_at(const FileHandle& file, std::span<const std::uint8_t> bytes, std::uint64_t offset);
/// Reads exactly so many bytes.
/// @error corrupt_data  the file ends before; resource_limit  it cannot be read
[[nodiscard]] Status read_at(const FileHandle& file, std::span<std::uint8_t> bytes, std::uint64_t offset);
/// Waits until what was written survives the loss of power.
[[nodiscard]] Status make_durable(const FileHandle& file);
/// The same for the name of a file in its folder.
[[nodiscard]] Status make_name_durable(const std::filesystem::path& path);

}  // namespace vultus::gallery
