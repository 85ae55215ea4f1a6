// A keyring in a file.
#include <vultus/gallery/vault/keyring_place.hpp>

#include <algorithm>
#include <cstdio>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vultus/gallery/behind_links.hpp>
#include <vultus/gallery/vault/private_file.hpp>
#include <vultus/postgres/connection.hpp>

namespace vultus::gallery {
namespace {

std::filesystem::path path_of_next(const std::filesystem::path& path) {
  std::filesystem::path next = path;
  return next += ".new";
}

/// Writes a file under a passing name and gives it its name when it is on the disk.
Status write_whole(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  const std::filesystem::path next = path_of_next(path);
  std::error_code ignored;
  std::filesystem::remove(next, ignored);  // of a process that was killed
  VULTUS_TRY(const FileHandle file, make_private(next, "keyring"));
  VULTUS_CHECK(write_at(file, bytes, 0));
  VULTUS_CHECK(vultus::gallery::make_durable(file));
  if (std::rename(next.c_str(), path.c_str()) != 0)
    return fail(ErrorCode::resource_limit, "keyring " + path.string() + " cannot be put in its place");
  return make_name_durable(path);
}

class FilePlace final : public KeyringPlace {
 public:
  FilePlace(std::filesystem::path path, FileHandle file) : path_(std::move(path)), file_(std::move(file)) {}

  [[nodiscard]] bool writable() const override { return (::fcntl(file_.number(), F_GETFL) & O_ACCMODE) == O_RDWR; }

  Result<std::uint64_t> size() override {
    struct stat about {};
    if (::fstat(file_.number(), &about) != 0)
      return fail(ErrorCode::resource_limit, path_.string() + " cannot be read");
    return static_cast<std::uint64_t>(about.st_size);
  }
  Status read(std::span<std::uint8_t> bytes, std::uint64_t at) override { return read_at(file_, bytes, at); }
  Status write(std::span<const std::uint8_t> bytes, std::uint64_t at) override {
    return write_at(file_, bytes, at).with_context("keyring " + path_.string());
  }
  Status make_durable() override { return gallery::make_durable(file_).with_context("keyring " + path_.string()); }

  /// Another process may have written another file in the place of this one.
  Result<Seen> look_again() override {
    struct stat mine {};
    struct stat there {};
    const bool same = ::fstat(file_.number(), &mine) == 0 && ::stat(path_.c_str(), &there) == 0 &&
                      mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
    return same ? Seen::same : Seen::replaced;
  }

  Status replace(std::span<const std::uint8_t> bytes) override {
    VULTUS_CHECK(write_whole(path_, bytes));
    VULTUS_TRY(FileHandle fresh, open_private(path_, "keyring", O_RDWR));
    const FileHandle before = std::exchange(file_, std::move(fresh));
    return overwrite_all(before);
  }
  Status scrub() override { return {}; }

 private:
  /// Overwrites a file that has no name any more.
  static Status overwrite_all(const FileHandle& file) {
    struct stat about {};
    if (::fstat(file.number(), &about) != 0) return fail(ErrorCode::resource_limit, "an old keyring cannot be read");
    const auto size = static_cast<std::uint64_t>(about.st_size);
    const std::vector<std::uint8_t> zeros(1 << 16);
    for (std::uint64_t at = 0; at < size; at += zeros.size())
      VULTUS_CHECK(write_at(file, std::span(zeros).first(std::min<std::uint64_t>(zeros.size(), size - at)), at));
    return gallery::make_durable(file);
  }

  std::filesystem::path path_;
  FileHandle file_;
};

}  // namespace

bool KeyringAt::in_database() const { return postgres::is_url(path.native()); }

std::string KeyringAt::shown() const {
  if (!in_database()) return path.string();
  // That of a gallery which is no shard has no name.
  if (ring.empty()) return "in " + postgres::shown_url(path.native()).value_or("a database");
  return "\"" + ring + "\" in " + postgres::shown_url(path.native()).value_or("a database");
}

Result<bool> KeyringAt::exists() const {
  if (in_database()) return is_in_database(*this);
  std::error_code failed;
  return std::filesystem::exists(path, failed);
}

Result<std::unique_ptr<KeyringPlace>> open_place(const KeyringAt& at) {
  if (at.in_database()) return open_database_place(at);
  // What is written anew takes the place of the keyring itself, and not of a link to it.
  std::filesystem::path path = behind_links(at.path);
  Result<FileHandle> opened = open_private(path, "keyring", O_RDWR);
  // Who may only read can still search.
  if (!opened && opened.error().code == ErrorCode::resource_limit) opened = open_private(path, "keyring", O_RDONLY);
  VULTUS_TRY(FileHandle file, std::move(opened));
  return std::unique_ptr<KeyringPlace>(std::make_unique<FilePlace>(std::move(path), std::move(file)));
}

Status make_place(const KeyringAt& at, std::span<const std::uint8_t> bytes) {
  VULTUS_TRY(const bool there, at.exists());
  if (there)
    return fail(ErrorCode::invalid_argument,
                "keyring " + at.shown() + " is there already: it may hold the keys of another gallery");
  return at.in_database() ? make_database_place(at, bytes) : write_whole(behind_links(at.path), bytes);
}

}  // namespace vultus::gallery
