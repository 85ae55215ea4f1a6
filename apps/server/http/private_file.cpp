#include <apps/server/http/private_file.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
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
