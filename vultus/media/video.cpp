#include <vultus/media/video.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <utility>

#include <vultus/media/numbered.hpp>
#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

constexpr int kMaxThreads = 64;

std::string lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return low;
}

Status check_options(const VideoOptions& options) {
  const auto refuse = [](const std::string& field, auto value, const char* limit) {
    return fail(ErrorCode::invalid_argument,
                "VideoOptions: " + field + " = " + std::to_string(value) + ", must be " + limit);
  };
  if (options.limits.max_pixels < 1) return refuse("max_pixels", options.limits.max_pixels, "at least 1");
  if (!(options.sequence_rate > 0 && options.sequence_rate <= 1000))
    return refuse("sequence_rate", options.sequence_rate, "above 0 and at most 1000");
  if (options.threads < 1 || options.threads > kMaxThreads) return refuse("threads", options.threads, "from 1 to 64");
  if (options.patience < std::chrono::milliseconds(1) || options.patience > std::chrono::hours(1))
    return refuse("patience", options.patience.count(), "from 1 ms to 1 h");
  return {};
}

}  // namespace

bool is_stream_name(std::string_view name) {
  const std::string low = lower(name.substr(0, std::min<std::size_t>(name.size(), 10)));
  constexpr std::array<std::string_view, 7> kSchemes{"rtsp://", "rtsps://", "http://", "https://",
                                                     "udp://",  "tcp://",   "rtp://"};
  return std::ranges::any_of(kSchemes, [&](std::string_view scheme) { return low.starts_with(scheme); });
}

bool is_camera_name(std::string_view name) {
  for (const std::string_view prefix : {"/dev/video", "camera:"}) {
    if (!name.starts_with(prefix)) continue;
    const std::string_view number = name.substr(prefix.size());
    return !number.empty() && number.size() <= 3 &&
           std::ranges::all_of(number, [](unsigned char c) { return std::isdigit(c) != 0; });
  }
  return false;
}

bool has_video_name(std::string_view path) {
  const std::string low = lower(path.substr(path.size() - std::min<std::size_t>(path.size(), 6)));
  constexpr std::array<std::string_view, 24> kEndings{".mp4", ".m4v",  ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg",
                                                      ".ts",  ".m2ts", ".wmv", ".flv", ".3gp", ".ogv",  ".mts", ".m2v",
                                                      ".vob", ".asf",  ".3g2", ".f4v", ".ogm", ".mxf",  ".dv",  ".y4m"};
  return std::ranges::any_of(kEndings, [&](std::string_view ending) { return low.ends_with(ending); });
}

bool is_row_pattern(const std::string& name) {
  std::error_code ignored;
  return !is_stream_name(name) && name.find('%') != std::string::npos && Numbered::of(name) &&
         !std::filesystem::exists(name, ignored);
}

std::string without_secrets(std::string_view name) {
  if (!is_stream_name(name)) return std::string(name);
  const std::size_t host = name.find("://") + 3;
  const std::size_t end = std::min(name.find_first_of("/?#", host), name.size());
  const std::size_t at = name.substr(host, end - host).rfind('@');
  std::string shown(name.substr(0, host));
  if (at != std::string_view::npos) shown += "***@";
  shown += name.substr(at == std::string_view::npos ? host : host + at + 1);
  // Tokens travel in queries too.
  if (const std::size_t query = shown.find('?'); query != std::string::npos) shown.replace(query, shown.npos, "?***");
  return shown;
}

VideoReader::VideoReader(std::unique_ptr<Source> source) : source_(std::move(source)) {}
VideoReader::VideoReader(VideoReader&&) noexcept = default;
VideoReader& VideoReader::operator=(VideoReader&&) noexcept = default;
VideoReader::~VideoReader() = default;
const VideoInfo& VideoReader::info() const { return source_->info; }
const VideoCounts& VideoReader::counts() const { return source_->counts; }

Result<VideoReader> VideoReader::open(const std::string& name, const VideoOptions& options, std::stop_token stop) {
  if (name.empty()) return fail(ErrorCode::invalid_argument, "the name of a video is empty");
  VULTUS_CHECK(check_options(options));
  std::error_code ignored;
  const bool pictures = !is_stream_name(name) && !is_camera_name(name) && name != "-" &&
                        (std::filesystem::is_directory(name, ignored) ||
                         (name.find('%') != std::string::npos && !std::filesystem::exists(name, ignored)));
  const bool file = !is_stream_name(name) && !is_camera_name(name) && name != "-";
  auto source = pictures                    ? open_pictures(name, options, std::move(stop))
                : file && options.isolation ? open_isolated(name, options, std::move(stop))
                                            : open_ffmpeg(name, options, std::move(stop));
  if (!source) return source.error();
  return VideoReader(*std::move(source));
}

Result<bool> VideoReader::next(VideoFrame& into) { return source_->next(into); }

}  // namespace vultus::media
