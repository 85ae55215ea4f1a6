#include <apps/cli/timeline_place.hpp>

#include <filesystem>
#include <system_error>
#include <utility>

#include <vultus/timeline/timeline_file.hpp>

namespace vultus::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOld = ".old";
// The log of SQLite and its index belong to the file.
constexpr const char* kFilesOfOne[] = {"", "-wal", "-shm"};  // NOLINT(modernize-avoid-c-arrays): constants
constexpr std::uintmax_t kEmptyBytes = 16'384;               // one with anything in it is larger

/// What is left where the making of one was interrupted.
bool is_left_over(const std::string& path) {
  std::error_code failed;
  if (fs::file_size(path, failed) > kEmptyBytes || failed) return false;
  const auto there = read_timeline(path);
  return !there && there.error().code == ErrorCode::not_found;
}

void remove_timeline(const std::string& path) {
  std::error_code ignored;
  for (const char* beside : kFilesOfOne) fs::remove(path + beside, ignored);
}

std::error_code move_timeline(const std::string& from, const std::string& to) {
  std::error_code failed;
  for (const char* beside : kFilesOfOne) {
    if (!fs::exists(from + beside, failed)) continue;
    fs::rename(from + beside, to + beside, failed);
    if (failed) return failed;
  }
  return {};
}

}  // namespace

Result<TimelinePlace> TimelinePlace::make(const std::string& path, bool force) {
  TimelinePlace place;
  std::error_code failed;
  if (!fs::exists(path, failed)) return place;
  if (is_left_over(path)) {
    remove_timeline(path);
    return place;
  }
  if (!force) return fail(ErrorCode::invalid_argument, path + ": is there already; --force replaces it");
  // A damaged Timeline is the first that one wants to replace; what somebody else made is not touched.
  if (!has_timeline_head(path)) {
    if (const auto there = read_timeline(path); !there) return there.error();
  }
  // One that is there already was to be replaced by a process that was killed: it is the last that is whole.
  if (fs::exists(path + kOld, failed)) {
    remove_timeline(path);
  } else if (const std::error_code stays = move_timeline(path, path + kOld); stays) {
    return fail(ErrorCode::resource_limit, path + ": cannot be replaced: " + stays.message());
  }
  place.path_ = path;
  return place;
}

TimelinePlace::TimelinePlace(TimelinePlace&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TimelinePlace& TimelinePlace::operator=(TimelinePlace&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TimelinePlace::~TimelinePlace() {
  if (path_.empty()) return;
  remove_timeline(path_);
  static_cast<void>(move_timeline(path_ + kOld, path_));
}

void TimelinePlace::keep() {
  if (path_.empty()) return;
  remove_timeline(path_ + kOld);
  path_.clear();
}

}  // namespace vultus::cli
