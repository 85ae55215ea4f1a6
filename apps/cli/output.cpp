#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <poll.h>
#include <unistd.h>

#include <apps/cli/output.hpp>

namespace vultus::cli {
namespace {

constexpr std::size_t kCollect = 64 * 1024;

/// Writes all bytes; a descriptor that does not block is waited for.
/// @return 0, or errno
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd ready{descriptor, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

bool wants_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return ::isatty(descriptor) == 1 && (no_colour == nullptr || *no_colour == '\0') && term != nullptr &&
         std::strcmp(term, "dumb") != 0;
}

Output::Output(int descriptor)
    : descriptor_(descriptor), terminal_(::isatty(descriptor) == 1), colour_(wants_colour(descriptor)) {}

Status Output::write(std::string_view bytes) {
  waiting_ += bytes;
  return waiting_.size() < kCollect ? Status() : flush();
}

Status Output::flush() {
  if (waiting_.empty()) return {};
  if (terminal_ && hook_) hook_();
  const int failed = write_all(descriptor_, waiting_);
  waiting_.clear();
  if (failed == 0) return {};
  if (failed == EPIPE) {
    reader_gone_ = true;
    return fail(ErrorCode::cancelled, "standard output was closed by its reader");
  }
  return fail(ErrorCode::resource_limit, std::string("standard output: ") + std::strerror(failed));
}

}  // namespace vultus::cli
