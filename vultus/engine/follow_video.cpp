#include <vultus/engine/follow_video.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <vultus/engine/identify.hpp>
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

Status look_at_all(Frames& frames, Follower& follower, const FollowReceivers& receivers, FollowedVideo& video) {
  media::VideoFrame frame;
  for (;;) {
    VULTUS_TRY(const bool more, frames.next(frame));
    if (!more) return {};
    FollowedFrame followed{.frame = &frame, .time = video.info.clock.seconds(frame.time), .faces = {}};
    video.last = followed.time;
    VULTUS_TRY(followed.faces,
               follower.look(frame.image.view(), followed.time, frame.damaged ? Pixels::damaged : Pixels::whole));
    if (receivers.frame) VULTUS_CHECK(receivers.frame(followed));
    VULTUS_CHECK(tell(follower.take_ended(), receivers, video));
  }
}

}  // namespace

Result<FollowedVideo> follow_video(const Engine& engine, const std::string& name, const media::VideoOptions& video,
                                   const FollowOptions& options, const FollowReceivers& receivers,
                                   const std::stop_token& stop) {
  // A live source does not wait: the networks are ready before it is opened.
  VULTUS_TRY(Follower follower, Follower::start(engine, options));
  VULTUS_TRY(Frames frames, Frames::open(name, video, engine.threads(), stop));
  FollowedVideo result{.info = frames.info(), .counts = {}, .work = {}};
  if (receivers.opened) VULTUS_CHECK(receivers.opened(result.info));
  const Status looked = look_at_all(frames, follower, receivers, result);
  // A stop ends the recording, not what was seen before it.
  if (looked || looked.error().code == ErrorCode::cancelled) VULTUS_CHECK(tell(follower.finish(), receivers, result));
  if (!looked) return looked.error();
  result.counts = frames.counts();
  result.dropped = frames.dropped();
  result.work = follower.counts();
  return result;
}

Result<TrackRecorder> TrackRecorder::start(TimelineSink& sink, const Engine& engine,
                                           const std::optional<OperatingPoint>& at) {
  if (at) VULTUS_CHECK(record_identity_evidence(sink, engine, *at));
  if (!at) VULTUS_CHECK(record_model_evidence(sink, engine, EvidenceId(1)));
  return TrackRecorder(sink, at.has_value());
}

Status TrackRecorder::begin(const media::VideoInfo& info) {
  source_ = SourceId(source_.number() + 1);
  first_track_ = last_track_;
  told_.clear();
  now_ = {};
  return sink_->add(Source{.id = source_,
                           .path = info.name,
                           .width = info.width,
                           .height = info.height,
                           .clock = info.clock,
                           .error = std::nullopt});
}

Status TrackRecorder::tell(TrackId track, Timestamp time, const Decision& decision, bool enough) {
  const auto write = [&](const ChannelId& channel, std::variant<std::monostate, double, std::string> value,
                         std::string reason) {
    return sink_->add(Reading{channel, track, time, std::move(value), std::move(reason)});
  };
  if (decision.match) {
    VULTUS_CHECK(write(kIdentitySubject, decision.match->name, ""));
  } else {
    const char* reason = !enough         ? "unknown: not enough evidence"
                         : decision.best ? "unknown: nobody reaches the threshold"
                                         : "the gallery is empty";
    VULTUS_CHECK(write(kIdentitySubject, std::monostate(), reason));
  }
  if (decision.best) {
    VULTUS_CHECK(write(kIdentitySimilarity, double{decision.best->similarity.value()}, ""));
  } else {
    VULTUS_CHECK(write(kIdentitySimilarity, std::monostate(), enough ? "the gallery is empty" : "no template yet"));
  }
  if (decision.told() && decision.told()->probability) {
    VULTUS_CHECK(write(kIdentityProbability, *decision.told()->probability, ""));
  } else {
    VULTUS_CHECK(write(kIdentityProbability, std::monostate(),
                       decision.told() ? "no calibration tells a probability" : "nobody to compare with"));
  }
  VULTUS_CHECK(write(kIdentityThreshold, double{decision.at.threshold.value()}, ""));
  return write(kIdentityFmr, decision.at.false_match_rate, "");
}

Status TrackRecorder::add(const FollowedFrame& frame) {
  now_ = frame.frame->time;
  for (const FollowedFace& face : frame.faces) {
    const TrackId track(first_track_ + face.track.number());
    const auto [at, is_new] = told_.try_emplace(track);
    if (is_new) {
      last_track_ = std::max(last_track_, track.number());
      VULTUS_CHECK(sink_->add(Track{track, source_}));
    }
    VULTUS_CHECK(sink_->add(Observation{track, now_, face.face}));
    if (!named_ || !face.decision.best) continue;
    const std::string name = face.decision.match ? face.decision.match->name : "";
    if (at->second == name) continue;
    at->second = name;
    VULTUS_CHECK(tell(track, now_, face.decision, face.enough));
  }
  return {};
}

Status TrackRecorder::end(const TrackSummary& summary) {
  const TrackId track(first_track_ + summary.track.number());
  if (told_.erase(track) == 0 || !named_) return {};
  return tell(track, now_, summary.decision, summary.enough);
}

}  // namespace vultus::engine
