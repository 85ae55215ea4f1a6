#include <vultus/engine/follow_video.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <vultus/media/frame_feed.hpp>

namespace vultus::engine {
namespace {

/// Frames from a reader on this thread, or from one on a thread of its own.
class Frames {
 public:
  static Result<Frames> open(const std::string& name, const media::VideoOptions& options, int threads,
                             const std::stop_token& stop) {
    VULTUS_TRY(media::VideoReader reader, media::VideoReader::open(name, options, stop));
    Frames frames;
    const bool live = reader.info().live;
    if (live || threads > 1)
      frames.feed_.emplace(std::move(reader), live ? media::WhenBehind::drop : media::WhenBehind::wait);
    else
      frames.reader_.emplace(std::move(reader));
    return frames;
  }
  [[nodiscard]] const media::VideoInfo& info() const { return feed_ ? feed_->info() : reader_->info(); }
  [[nodiscard]] media::VideoCounts counts() const { return feed_ ? feed_->counts() : reader_->counts(); }
  [[nodiscard]] std::int64_t dropped() const { return feed_ ? feed_->dropped() : 0; }
  Result<bool> next(media::VideoFrame& into) { return feed_ ? feed_->next(into) : reader_->next(into); }

 private:
  std::optional<media::VideoReader> reader_;
  std::optional<media::FrameFeed> feed_;
};

Status tell(std::vector<TrackSummary> ended, const FollowReceivers& receivers, FollowedVideo& video) {
  for (TrackSummary& track : ended) {
    ++video.tracks;
    if (receivers.track) VULTUS_CHECK(receivers.track(track));
  }
  return {};
}

Status look_at_all(Frames& frames, Follower& follower, int every, const FollowReceivers& receivers,
                   FollowedVideo& video) {
  media::VideoFrame frame;
  for (;;) {
    VULTUS_TRY(const bool more, frames.next(frame));
    if (!more) return {};
    if (frame.number % every != 0) continue;
    FollowedFrame followed{.frame = &frame, .time = video.info.clock.seconds(frame.time), .faces = {}};
    video.last = followed.time;
    const std::int64_t cuts = follower.counts().cuts;
    VULTUS_TRY(followed.faces,
               follower.look(frame.image.view(), followed.time, frame.damaged ? Pixels::damaged : Pixels::whole));
    followed.cut = follower.counts().cuts > cuts;
    if (receivers.frame) VULTUS_CHECK(receivers.frame(followed));
    VULTUS_CHECK(tell(follower.take_ended(), receivers, video));
  }
}

}  // namespace

Result<FollowedVideo> follow_video(const Engine& engine, const std::string& name, const media::VideoOptions& video,
                                   const FollowOptions& options, const FollowReceivers& receivers,
                                   const std::stop_token& stop) {
  constexpr int kMostSkipped = 10'000;
  if (options.every < 1 || options.every > kMostSkipped)
    return fail(ErrorCode::invalid_argument, "every " + std::to_string(options.every) + " frames, 1 to " +
                                                 std::to_string(kMostSkipped) + " is allowed");
  // A live source does not wait: the networks are ready before it is opened.
  VULTUS_TRY(Follower follower, Follower::start(engine, options));
  VULTUS_TRY(Frames frames, Frames::open(name, video, engine.threads(), stop));
  FollowedVideo result{.info = frames.info(), .counts = {}, .work = {}};
  if (receivers.opened) VULTUS_CHECK(receivers.opened(result.info));
  const Status looked = look_at_all(frames, follower, options.every, receivers, result);
  // A stop ends the recording, not what was seen before it.
  if (looked || looked.error().code == ErrorCode::cancelled) VULTUS_CHECK(tell(follower.finish(), receivers, result));
  if (!looked) return looked.error();
  result.counts = frames.counts();
  result.dropped = frames.dropped();
  result.work = follower.counts();
  return result;
}

}  // namespace vultus::engine
