#include <apps/server/data/data_folder.hpp>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace vultus::server {
namespace fs = std::filesystem;
namespace {

constexpr mode_t kOwnerOnly = 0700;
constexpr mode_t kOthers = 0077;

Error data_error(ErrorCode code, const fs::path& path, const std::string& why) {
  return fail(code, "data folder " + path.string() + ": " + why);
}
std::string system_text(int number) { return std::error_code(number, std::generic_category()).message(); }

Status make_private(const fs::path& path) {
  if (::mkdir(path.c_str(), kOwnerOnly) == 0) return {};
  const int why = errno;
  if (why == ENOENT) return data_error(ErrorCode::not_found, path, "there is no folder to make it in");
  if (why != EEXIST) return data_error(ErrorCode::resource_limit, path, system_text(why));
  struct stat now {};
  if (::stat(path.c_str(), &now) != 0) return data_error(ErrorCode::resource_limit, path, system_text(errno));
  if (!S_ISDIR(now.st_mode)) return data_error(ErrorCode::invalid_argument, path, "is no folder");
  if ((now.st_mode & kOthers) == 0) return {};
  // Somebody made an empty folder for us: nothing was shown to others yet.
  std::error_code failed;
  if (fs::is_empty(path, failed) && !failed && ::chmod(path.c_str(), kOwnerOnly) == 0) return {};
  return data_error(ErrorCode::invalid_argument, path,
                    "other users may look into it; close it first: chmod 700 " + path.string());
}

}  // namespace

Result<DataFolder> DataFolder::open(const fs::path& path) {
  if (path.empty()) return fail(ErrorCode::invalid_argument, "no data folder is named");
  VULTUS_CHECK(make_private(path));
  for (const char* const inside : {"collections", "sealed", "sealed/logs", "audit"})
    VULTUS_CHECK(make_private(path / inside));
  const fs::path file = path / "lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return data_error(ErrorCode::resource_limit, path, "lock: " + system_text(errno));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const int why = errno;
    ::close(lock);
    return data_error(ErrorCode::resource_limit, path,
                      why == EWOULDBLOCK ? "another process serves it" : "lock: " + system_text(why));
  }
  return DataFolder(path, lock);
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace vultus::server
