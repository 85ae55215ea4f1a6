#include <vultus/media/video_pipe.hpp>

#include <cerrno>
#include <chrono>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vultus/media/ffmpeg.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/system_error.hpp>

namespace vultus::media {
namespace {
constexpr int kStepMs = 100;
constexpr std::chrono::seconds kPatienceOfPictures{15};
}  // namespace

Result<VideoPipe> VideoPipe::open(const std::string& name) {
  if (name == "-") {
    VULTUS_CHECK(standard_input_can_be_read());
    return VideoPipe(STDIN_FILENO);
  }
  const int number = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (number < 0) return system_failure(name, "cannot read", errno);
  return VideoPipe(number);
}

VideoPipe::VideoPipe(VideoPipe&& other) noexcept : number_(std::exchange(other.number_, -1)), began_(other.began_) {}

VideoPipe& VideoPipe::operator=(VideoPipe&& other) noexcept {
  std::swap(number_, other.number_);
  std::swap(began_, other.began_);
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
    if (ready < 0) continue;
    // Who opened the pipe after its writer had gone is told of no end, but finds one where there is nothing to read.
    if (ready == 0 && (number_ == STDIN_FILENO || !began_)) continue;
    const ssize_t got = ::read(number_, into, static_cast<std::size_t>(size));
    began_ = began_ || got > 0;
    if (got > 0) return static_cast<int>(got);
    if (got == 0) return AVERROR_EOF;
    if (errno != EAGAIN && errno != EINTR) return AVERROR(errno);
  }
}

Status read_pipe_into(const std::string& path, std::size_t max_bytes, std::vector<std::uint8_t>& into) {
  using std::chrono::steady_clock;
  constexpr std::size_t kPieceOfPipe = std::size_t{1} << 16U;
  VULTUS_TRY(VideoPipe pipe, VideoPipe::open(path));
  std::size_t size = 0;
  for (;;) {
    into.resize(size + kPieceOfPipe);
    const auto until = steady_clock::now() + kPatienceOfPictures;
    const int got =
        pipe.read(into.data() + size, static_cast<int>(kPieceOfPipe), [&] { return steady_clock::now() > until; });
    if (got == AVERROR_EOF) break;
    if (got == AVERROR_EXIT)
      return fail(ErrorCode::resource_limit,
                  path + ": silent for " + std::to_string(kPatienceOfPictures.count()) + " s, which is the limit");
    if (got < 0) return system_failure(path, "cannot read", AVUNERROR(got));
    size += static_cast<std::size_t>(got);
    if (size > max_bytes)
      return fail(ErrorCode::resource_limit, path + ": more bytes, the limit is " + std::to_string(max_bytes));
  }
  into.resize(size);
  return {};
}

bool is_named_pipe(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && S_ISFIFO(about.st_mode);
}

}  // namespace vultus::media
