#include <vultus/engine/follow_video.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <vultus/engine/held_frames.hpp>
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

/// How a video went as far as its source goes: an error of a receiver comes back as one of look_at_all().
struct SourceEnd {
  std::optional<Error> failed;  ///< the source broke off: silent, damaged, or stopped
};

/// The video is over, or goes no further: what waits is passed on.
Status pass_on_rest(Follower& follower, HeldFrames& held) {
  std::vector<SeenFrame> seen;
  for (const HeldFrame& frame : held.waiting())
    seen.push_back({.frame = frame.frame.image.view(),
                    .time = frame.followed.time,
                    .pixels = frame.frame.damaged ? Pixels::damaged : Pixels::whole,
                    .faces = frame.followed.faces});
  VULTUS_CHECK(follower.confirm_what_was_seen(seen));
  return held.finish(follower.take_settled());
}

Result<SourceEnd> look_at_all(Frames& frames, Follower& follower, int every, const FollowReceivers& receivers,
                              FollowedVideo& video) {
  HeldFrames held([&](HeldFrame& frame) -> Status {
    if (receivers.frame) VULTUS_CHECK(receivers.frame(frame.followed));
    return tell(std::move(frame.ended), receivers, video);
  });
  media::VideoFrame frame;
  for (;;) {
    const auto more = frames.next(frame);
    if (!more || !*more) VULTUS_CHECK(pass_on_rest(follower, held));
    if (!more) return SourceEnd{more.error()};
    if (!*more) return SourceEnd{};
    if (frame.number % every != 0) continue;
    HeldFrame next;
    next.followed.time = video.last = video.info.clock.seconds(frame.time);
    const std::int64_t cuts = follower.counts().cuts;
    VULTUS_TRY(next.followed.faces,
               follower.look(frame.image.view(), video.last, frame.damaged ? Pixels::damaged : Pixels::whole));
    next.followed.cut = follower.counts().cuts > cuts;
    next.ended = follower.take_ended();
    next.frame = std::move(frame);
    VULTUS_CHECK(held.add(std::move(next), follower.take_settled()));
    frame = held.spare();
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
  FollowOptions chosen = options;
  // What is live is told at once; a file can wait until a face is known to be one.
  chosen.tell_young = !media::is_camera_name(name) && !media::is_stream_name(name);
  VULTUS_TRY(Follower follower, Follower::start(engine, chosen));
  VULTUS_TRY(Frames frames, Frames::open(name, video, engine.threads(), stop));
  FollowedVideo result{.info = frames.info(), .counts = {}, .work = {}};
  if (receivers.opened) VULTUS_CHECK(receivers.opened(result.info));
  VULTUS_TRY(const SourceEnd end, look_at_all(frames, follower, options.every, receivers, result));
  // What ends the source, a stop or a silence, does not undo what was seen before it.
  VULTUS_CHECK(tell(follower.finish(), receivers, result));
  if (end.failed) return *end.failed;
  result.counts = frames.counts();
  result.dropped = frames.dropped();
  result.work = follower.counts();
  return result;
}

}  // namespace vultus::engine
