// Video files that vultus-decode decodes, a frame at a time.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <utility>

#include <vultus/media/decode_messages.hpp>
#include <vultus/media/isolated_process.hpp>
#include <vultus/media/system_error.hpp>
#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

/// "video: " of the process becomes the name that the user gave.
Error named(const Error& error, const std::string& name) {
  constexpr std::string_view kThere = "video: ";
  if (error.message.starts_with(kThere)) return {error.code, name + ": " + error.message.substr(kThere.size())};
  return error.with_context(name);
}

class IsolatedSource final : public VideoReader::Source {
 public:
  IsolatedSource(const VideoOptions& options, std::stop_token stop)
      : options_(options), stop_(std::move(stop)), process_(*options.isolation) {}

  Status begin(const std::string& name) {
    info.name = name;
    const int file = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return system_failure(name, "cannot read", errno);
    VULTUS_CHECK(process_.start("video", file));
    VideoOpened opened;
    if (const Status asked = ask(opened); !asked) return named(asked.error(), name);
    const bool turns =
        opened.rotation == 0 || opened.rotation == 90 || opened.rotation == 180 || opened.rotation == 270;
    if (!is_size(opened.width, opened.height, options_.limits.max_pixels) || !turns || opened.clock_numerator < 1 ||
        opened.clock_denominator < 1 || opened.sound_tracks < 0 || !std::isfinite(opened.duration) ||
        !std::isfinite(opened.rate) || !take_text(opened.codec, info.codec))
      return no_sense("with a video that makes no sense").with_context(name);
    info.width = opened.width;
    info.height = opened.height;
    info.rotation = opened.rotation;
    info.clock = {.numerator = opened.clock_numerator, .denominator = opened.clock_denominator};
    if (opened.duration > 0) info.duration = opened.duration;
    if (opened.rate > 0) info.rate = opened.rate;
    info.sound_tracks = opened.sound_tracks;
    return {};
  }

  Result<bool> next(VideoFrame& into) override {
    if (stop_.stop_requested()) return fail(ErrorCode::cancelled, info.name + ": stopped");
    VideoReply reply;
    const Status asked = ask(reply);
    const bool counted = reply.frames >= counts.frames && reply.damaged_packets >= 0 && reply.damaged_frames >= 0 &&
                         reply.repaired_times >= 0;
    if (counted) counts = {reply.frames, reply.damaged_packets, reply.damaged_frames, reply.repaired_times};
    if (!asked) return named(asked.error(), info.name);
    if (reply.ended != 0) return false;
    if (!counted || !is_size(reply.width, reply.height, options_.limits.max_pixels) || reply.number < 0 ||
        reply.time <= last_ || !std::isfinite(reply.file_time))
      return no_sense("with a frame that makes no sense").with_context(info.name);
    VULTUS_CHECK(take_pixels(process_.output(), reply.width, reply.height, into.image).with_context(info.name));
    last_ = reply.time;
    into.time = {reply.time};
    into.number = reply.number;
    into.file_time = reply.has_file_time != 0 ? std::optional(Seconds(reply.file_time)) : std::nullopt;
    into.damaged = reply.damaged != 0;
    return true;
  }

 private:
  template <class Reply>
  Status ask(Reply& reply) {
    if (!process_.runs()) return fail(ErrorCode::internal, "the decoding process has ended");
    VULTUS_CHECK(
        process_.ask(VideoRequest{.max_pixels = options_.limits.max_pixels, .threads = options_.threads}, reply));
    if (reply.error.code >= 0) return told_error(reply.error);
    return {};
  }

  VideoOptions options_;
  std::stop_token stop_;
  IsolatedProcess process_;
  std::int64_t last_ = -1;
};

}  // namespace

Result<std::unique_ptr<VideoReader::Source>> open_isolated(const std::string& name, const VideoOptions& options,
                                                           std::stop_token stop) {
  auto source = std::make_unique<IsolatedSource>(options, std::move(stop));
  VULTUS_CHECK(source->begin(name));
  return std::unique_ptr<VideoReader::Source>(std::move(source));
}

}  // namespace vultus::media
