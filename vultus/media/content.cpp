#include <vultus/media/content.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vultus/media/codec.hpp>
#include <vultus/media/ffmpeg.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/media/video.hpp>
#include <vultus/media/video_pipe.hpp>

namespace vultus::media {
namespace fs = std::filesystem;
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kHeader = 4096;
constexpr std::size_t kMostLookedAt = std::size_t{1} << 16U;
// Raw streams have no header: a handful of their bytes could be anything.
constexpr std::size_t kLeastForVideo = 1024;
// Of 100; raw streams get 51, a guess by a byte or two no more than 25.
constexpr int kSureScore = 50;
constexpr std::size_t kMostOfAnAnimation = std::size_t{256} << 20U;

bool is_video_format(std::span<const std::uint8_t> beginning) {
  silence_ffmpeg();
  std::vector<std::uint8_t> padded(beginning.begin(), beginning.end());
  padded.resize(padded.size() + AVPROBE_PADDING_SIZE);
  const AVProbeData data{
      .filename = "", .buf = padded.data(), .buf_size = static_cast<int>(beginning.size()), .mime_type = nullptr};
  int score = 0;
  const AVInputFormat* const format = av_probe_input_format3(&data, 1, &score);
  return format != nullptr && score >= kSureScore && av_match_list(format->name, kFileFormats, ',') > 0;
}

/// The first bytes from where a file stands, which stays there.
std::vector<std::uint8_t> beginning_of_file(int number, std::size_t bytes) {
  std::vector<std::uint8_t> beginning(bytes);
  const off_t from = ::lseek(number, 0, SEEK_CUR);
  const ssize_t got = from < 0 ? -1 : ::pread(number, beginning.data(), bytes, from);
  beginning.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return beginning;
}

Content content_of_open_file(int number) {
  const Content content = content_of(beginning_of_file(number, kHeader));
  return content == Content::unknown ? content_of(beginning_of_file(number, kMostLookedAt)) : content;
}

/// What waits in a pipe, which keeps it.
std::vector<std::uint8_t> waiting_in_pipe(int number) {
  std::array<int, 2> copy{-1, -1};
  std::vector<std::uint8_t> bytes;
  if (::pipe2(copy.data(), O_CLOEXEC | O_NONBLOCK) != 0) return bytes;
  if (const ssize_t copied = ::tee(number, copy[1], kMostLookedAt, SPLICE_F_NONBLOCK); copied > 0) {
    bytes.resize(static_cast<std::size_t>(copied));
    std::size_t size = 0;
    while (size < bytes.size()) {
      const ssize_t got = ::read(copy[0], bytes.data() + size, bytes.size() - size);
      if (got <= 0) break;
      size += static_cast<std::size_t>(got);
    }
    bytes.resize(size);
  }
  ::close(copy[0]);
  ::close(copy[1]);
  return bytes;
}

std::vector<std::uint8_t> waiting_in_socket(int number) {
  std::vector<std::uint8_t> bytes(kMostLookedAt);
  const ssize_t got = ::recv(number, bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

/// Looks again and again at what has come, until that tells what it is, or no more comes.
Result<Content> content_of_what_comes(int number, bool socket, std::chrono::milliseconds patience,
                                      const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kStep{20};
  constexpr std::chrono::seconds kUsualGap{1};  // between two writes of one header
  auto last = steady_clock::now();
  std::size_t size = 0;
  while (!stop.stop_requested()) {
    pollfd wanted{.fd = number, .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, static_cast<int>(kStep.count())) < 0 && errno != EINTR) break;
    const bool ended = (wanted.revents & POLLHUP) != 0;
    if ((wanted.revents & POLLIN) != 0) {
      const auto bytes = socket ? waiting_in_socket(number) : waiting_in_pipe(number);
      if (const Content content = content_of(bytes); content != Content::unknown) return content;
      if (bytes.empty() || bytes.size() >= kMostLookedAt) break;  // the end, or as much as is looked at
      if (bytes.size() > size) last = steady_clock::now();
      size = bytes.size();
      std::this_thread::sleep_for(kStep);  // poll() does not wait where something is
    }
    const auto silent = steady_clock::now() - last;
    if (ended || (size > 0 && silent > kUsualGap)) break;
    if (silent > patience)
      return fail(ErrorCode::resource_limit,
                  "silent for " + std::to_string(patience.count()) + " ms, which is the limit");
  }
  if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped");
  return Content::unknown;
}

/// @source PNG (third edition), 11.3.2: an animation says so before its pixels
bool is_animated_png(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kPngStart = 8, kAround = 12;  // length, name and sum of a chunk
  for (std::size_t at = kPngStart; at + kAround <= bytes.size();) {
    const std::string_view name(reinterpret_cast<const char*>(bytes.data()) + at + 4, 4);
    if (name == "acTL") return true;
    if (name == "IDAT") return false;
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8U | bytes[at + i];
    at += length + kAround;
  }
  return false;
}

bool holds_video(const fs::path& path) {
  const std::string name = path.filename().string();
  if (name.starts_with('.') || has_picture_name(name)) return false;
  std::error_code failed;
  if (!fs::is_regular_file(path, failed)) return false;
  return has_video_name(name) || content_of_file(path.string()) == Content::video;
}

}  // namespace

Content content_of(std::span<const std::uint8_t> beginning) {
  if (beginning.empty()) return Content::unknown;
  if (recognise(beginning)) return Content::picture;
  return beginning.size() >= kLeastForVideo && is_video_format(beginning) ? Content::video : Content::unknown;
}

Content content_of_file(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return Content::unknown;
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (number < 0) return Content::unknown;
  const bool regular = ::fstat(number, &about) == 0 && S_ISREG(about.st_mode);
  const Content content = regular ? content_of_open_file(number) : Content::unknown;
  ::close(number);
  return content;
}

bool is_video_file(const std::string& path) {
  const Content content = content_of_file(path);
  return content == Content::video || (content == Content::unknown && has_video_name(path));
}

bool is_animation(const std::string& path) {
  std::vector<std::uint8_t> bytes;
  if (content_of_file(path) != Content::picture || !read_file_into(path, kMostOfAnAnimation, bytes)) return false;
  const auto format = recognise(bytes);
  if (!format) return false;
  return *format == PictureFormat::gif ? gif_is_animated(bytes)
                                       : *format == PictureFormat::png && is_animated_png(bytes);
}

std::vector<std::string> videos_in(const std::string& folder, bool recursive) {
  std::vector<std::string> videos;
  std::error_code failed;
  std::set<std::pair<dev_t, ino_t>> entered;
  const auto is_new = [&](const fs::path& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 && entered.emplace(about.st_dev, about.st_ino).second;
  };
  if (!is_new(folder)) return videos;
  using fs::directory_options;
  fs::recursive_directory_iterator at(
      folder, directory_options::skip_permission_denied | directory_options::follow_directory_symlink, failed);
  for (const fs::recursive_directory_iterator end; !failed && at != end; at.increment(failed)) {
    std::error_code ignored;
    if (at->is_directory(ignored)) {
      const bool hidden = at->path().filename().string().starts_with('.');
      if (!recursive || hidden || !is_new(at->path())) at.disable_recursion_pending();
    } else if (holds_video(at->path())) {
      videos.push_back(at->path().string());
    }
  }
  std::ranges::sort(videos);
  return videos;
}

struct PeekedInput::Held {
  VideoPipe pipe;
};

PeekedInput::PeekedInput(std::unique_ptr<Held> held) : held_(std::move(held)) {}
PeekedInput::PeekedInput(PeekedInput&&) noexcept = default;
PeekedInput& PeekedInput::operator=(PeekedInput&&) noexcept = default;
PeekedInput::~PeekedInput() = default;

Result<PeekedInput> PeekedInput::open(const std::string& name, std::chrono::milliseconds patience,
                                      const std::stop_token& stop) {
  VULTUS_TRY(VideoPipe pipe, VideoPipe::open(name));
  PeekedInput peeked(std::make_unique<Held>(Held{std::move(pipe)}));
  const int number = peeked.held_->pipe.number();
  struct stat about {};
  if (::fstat(number, &about) != 0) return peeked;
  if (S_ISREG(about.st_mode)) {
    peeked.content_ = content_of_open_file(number);
  } else if (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode)) {
    const auto content = content_of_what_comes(number, S_ISSOCK(about.st_mode), patience, stop);
    if (!content) return content.error().with_context(name);
    peeked.content_ = *content;
  }
  return peeked;
}

}  // namespace vultus::media
