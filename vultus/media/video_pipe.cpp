#include <vultus/media/video_pipe.hpp>

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vultus/media/ffmpeg.hpp>
#include <vultus/media/system_error.hpp>

namespace vultus::media {
namespace {
constexpr int kStepMs = 100;
}

Result<VideoPipe> VideoPipe::open(const std::string& name) {
  if (name == "-") return VideoPipe(STDIN_FILENO);
  const int number = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (number < 0) return system_failure(name, "cannot read", errno);
  return VideoPipe(number);
}

VideoPipe::VideoPipe(VideoPipe&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

VideoPipe& VideoPipe::operator=(VideoPipe&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

VideoPipe::~VideoPipe() {
  if (number_ > STDIN_FILENO) ::close(number_);
}

int VideoPipe::read(std::uint8_t* into, int size, const std::function<bool()>& give_up) {
  for (;;) {
    if (give_up()) return AVERROR_EXIT;
    // Reading before there was a writer would look like the end. Standard input is shared with other processes: it is
    // not made non-blocking, but read only when something is there.
    pollfd wanted{.fd = number_, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&wanted, 1, kStepMs);
    if (ready < 0 && errno != EINTR) return AVERROR(errno);
    if (ready <= 0) continue;
    const ssize_t got = ::read(number_, into, static_cast<std::size_t>(size));
    if (got > 0) return static_cast<int>(got);
    if (got == 0) return AVERROR_EOF;
    if (errno != EAGAIN && errno != EINTR) return AVERROR(errno);
  }
}

bool is_named_pipe(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && S_ISFIFO(about.st_mode);
}

}  // namespace vultus::media
