#include <vultus/gallery/vault/private_file.hpp>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace vultus::gallery {
namespace {

std::string named(std::string_view what, const std::filesystem::path& path) {
  return std::string(what) + " " + path.string();
}

std::string reason() { return " (" + std::generic_category().message(errno) + ")"; }

}  // namespace

FileHandle::FileHandle(FileHandle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}
FileHandle::~FileHandle() {
  if (number_ >= 0) ::close(number_);
}

Result<FileHandle> open_private(const std::filesystem::path& path, std::string_view what, int flags) {
  // A pipe would block in open(2) without O_NONBLOCK; on a regular file the flag means nothing.
  FileHandle file(::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return fail(missing ? ErrorCode::not_found : ErrorCode::resource_limit,
                named(what, path) + (missing ? " is not there" : " cannot be opened" + reason()));
  }
  struct stat about {};
  if (::fstat(file.number(), &about) != 0)
    return fail(ErrorCode::resource_limit, named(what, path) + " cannot be looked at" + reason());
  if (!S_ISREG(about.st_mode)) return fail(ErrorCode::invalid_argument, named(what, path) + " is not a regular file");
  if ((about.st_mode & 077U) != 0)
    return fail(ErrorCode::invalid_argument,
                named(what, path) + " can be read or written by others; run: chmod 600 '" + path.string() + "'");
  return file;
}

Result<FileHandle> make_private(const std::filesystem::path& path, std::string_view what) {
  FileHandle file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.is_open()) return file;
  if (errno == EEXIST) return fail(ErrorCode::invalid_argument, named(what, path) + " is there already");
  const bool missing = errno == ENOENT || errno == ENOTDIR;
  return fail(missing ? ErrorCode::not_found : ErrorCode::resource_limit,
              named(what, path) + (missing ? ": no such folder" : " cannot be made" + reason()));
}

Result<Secret> read_private(const std::filesystem::path& path, std::string_view what, std::size_t limit,
                            std::size_t& length) {
  VULTUS_TRY(const FileHandle file, open_private(path, what, O_RDONLY));
  VULTUS_TRY(Secret bytes, Secret::of_size(limit + 1));
  length = 0;
  while (length <= limit) {
    const ssize_t got = ::read(file.number(), bytes.writable().data() + length, limit + 1 - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorCode::resource_limit, named(what, path) + " cannot be read" + reason());
    if (got == 0) return bytes;
    length += static_cast<std::size_t>(got);
  }
  return fail(ErrorCode::invalid_argument,
              named(what, path) + " has more than " + std::to_string(limit) + " bytes, the limit");
}

Status write_at(const FileHandle& file, std::span<const std::uint8_t> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::pwrite(file.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return fail(ErrorCode::resource_limit, "a file cannot be written" + reason());
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    offset += static_cast<std::uint64_t>(wrote);
  }
  return {};
}

Status read_at(const FileHandle& file, std::span<std::uint8_t> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t got = ::pread(file.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorCode::resource_limit, "a file cannot be read" + reason());
    if (got == 0) return fail(ErrorCode::corrupt_data, "a file ends too early");
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return {};
}

Status make_durable(const FileHandle& file) {
  if (::fsync(file.number()) == 0) return {};
  return fail(ErrorCode::resource_limit, "a file cannot be brought to the disk" + reason());
}

Status make_name_durable(const std::filesystem::path& path) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  const FileHandle file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.is_open() && ::fsync(file.number()) == 0) return {};
  return fail(ErrorCode::resource_limit, "folder " + folder.string() + " cannot be brought to the disk" + reason());
}

}  // namespace vultus::gallery
