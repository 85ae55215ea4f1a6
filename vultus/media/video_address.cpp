#include <algorithm>
#include <cctype>
#include <cerrno>

#include <vultus/media/camera_library.hpp>
#include <vultus/media/ffmpeg.hpp>
#include <vultus/media/video_address.hpp>
#include <vultus/media/video_pipe.hpp>
#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

/// The address with its scheme in small letters: it may come in any, and FFmpeg knows small ones alone.
std::string with_small_scheme(std::string name) {
  const auto end = name.begin() + static_cast<std::ptrdiff_t>(std::min(name.find("://"), name.size()));
  std::transform(name.begin(), end, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

}  // namespace

Result<VideoAddress> video_address(const std::string& name, StreamTrust trust) {
  if (name == "-") return VideoAddress{.url = "pipe:0", .protocols = "pipe", .local = true, .pipe = true};
  if (is_camera_name(name)) {
    const auto camera = camera_format();
    if (!camera) return fail(camera.error().code, name + ": " + camera.error().message);
    const std::string number = name.substr(name.find_first_of("0123456789"));
    return VideoAddress{.url = "/dev/video" + number, .protocols = "file", .format = *camera, .live = true};
  }
  if (is_stream_name(name)) {
    const std::string url = with_small_scheme(name);
    if (trust == StreamTrust::of_caller) {
      if (!url.starts_with("rtsp://") && !url.starts_with("tcp://"))
        return fail(ErrorCode::unsupported, without_secrets(name) + ": a stream of a caller is rtsp:// or tcp://");
      return VideoAddress{.url = url, .protocols = "rtsp,tcp", .live = true, .closed = true};
    }
    const bool web = url.starts_with("http");
    return VideoAddress{
        .url = url, .protocols = web ? "http,https,tcp,tls" : "rtsp,rtsps,rtp,srtp,udp,tcp,tls,crypto", .live = true};
  }
  return VideoAddress{.url = "file:" + name, .protocols = "file", .local = true, .pipe = is_named_pipe(name)};
}

Error camera_error(int code, const std::string& name, const std::string& device) {
  Error error = ffmpeg_error(code, name);
  if (code == AVERROR(ENOENT) || code == AVERROR(ENODEV) || code == AVERROR(ENXIO))
    error.message = name + ": there is no camera at " + device;
  if (code == AVERROR(EACCES) || code == AVERROR(EPERM))
    error.message = name + ": " + device + " may not be opened by this user (on Debian the group video may)";
  if (code == AVERROR(EBUSY)) error.message = name + ": " + device + " is in use by another program";
  return error;
}

}  // namespace vultus::media
