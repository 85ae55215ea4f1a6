#include <apps/server/http/private_file.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <system_error>

namespace vultus::server {
namespace {

bool write_whole(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

// A number of the list of access rights, which the kernel tells from its lowest byte on.
std::uint32_t number_at(const unsigned char* bytes, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = size; i-- > 0;) number = (number << 8U) | bytes[i];
  return number;
}

// Whether the bits of the group say no more than that a list grants the file to this user or root by name. With such a
// list they are its mask, and not the right of the group.
bool is_granted_to_us_alone(const std::string& path) {
  constexpr std::size_t kHeadBytes = 4;
  constexpr std::size_t kEntryBytes = 8;
  constexpr std::uint32_t kNamedUser = 0x02;
  constexpr std::uint32_t kItsGroup = 0x04;
  constexpr std::uint32_t kNamedGroup = 0x08;
  std::array<unsigned char, kHeadBytes + 64 * kEntryBytes> list{};
  const auto got = ::getxattr(path.c_str(), "system.posix_acl_access", list.data(), list.size());
  if (got < static_cast<ssize_t>(kHeadBytes) || number_at(list.data(), kHeadBytes) != 2) return false;
  for (std::size_t at = kHeadBytes; at + kEntryBytes <= static_cast<std::size_t>(got); at += kEntryBytes) {
    const std::uint32_t tag = number_at(&list[at], 2);
    if (number_at(&list[at + 2], 2) == 0) continue;  // grants nothing
    if (tag == kItsGroup || tag == kNamedGroup) return false;
    const std::uint32_t user = number_at(&list[at + 4], 4);
    if (tag == kNamedUser && user != ::geteuid() && user != 0) return false;
  }
  return true;
}

}  // namespace

Status write_private_file(const std::string& path, std::string_view bytes) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());  // of a writer that was killed
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  const auto failed = [&] {
    const std::string reason = std::generic_category().message(errno);
    if (file >= 0) ::unlink(fresh.c_str());
    return fail(ErrorCode::resource_limit, path + ": cannot be written: " + reason);
  };
  if (file < 0) return failed();
  const bool whole = write_whole(file, bytes);
  if (::close(file) != 0 || !whole || std::rename(fresh.c_str(), path.c_str()) != 0) return failed();
  return sync_folder_of(path);
}

Status check_private_file(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0)
    return fail(ErrorCode::not_found, path + ": " + std::generic_category().message(errno));
  if (!S_ISREG(about.st_mode)) return fail(ErrorCode::not_found, path + ": is no file");
  if (about.st_uid != ::geteuid() && about.st_uid != 0)
    return fail(ErrorCode::invalid_argument, path + ": belongs to another user (" + std::to_string(about.st_uid) +
                                                 "), who may change it; give it to the user of the server: chown " +
                                                 std::to_string(::geteuid()));
  const bool open_to_all = (about.st_mode & S_IRWXO) != 0;
  if (open_to_all || ((about.st_mode & S_IRWXG) != 0 && !is_granted_to_us_alone(path)))
    return fail(ErrorCode::invalid_argument, path + ": other users may read or change it; close it first: chmod 600");
  return {};
}

Status sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // Some file systems know no such thing; a folder that may be written and not read cannot be opened.
  const bool lost = file >= 0 && ::fsync(file) != 0 && errno != EINVAL && errno != ENOTSUP;
  const std::string reason = lost ? std::generic_category().message(errno) : std::string();
  if (file >= 0) ::close(file);
  if (lost) return fail(ErrorCode::resource_limit, folder + ": cannot be synchronised: " + reason);
  return {};
}

}  // namespace vultus::server
