// The main job on a video: frames in, followed faces and finished tracks out.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/follower.hpp>
#include <vultus/media/video.hpp>

namespace vultus::engine {

/// One frame with the faces in it.
struct FollowedFrame {
  const media::VideoFrame* frame = nullptr;  ///< its pixels are gone after the call
  Seconds time{0};                           ///< since the first frame
  std::vector<FollowedFace> faces;
};

/// Who hears what. Every call is on the calling thread; an error stops everything with it.
struct FollowReceivers {
  std::function<Status(const media::VideoInfo&)> opened;
  std::function<Status(FollowedFrame&)> frame;
  std::function<Status(TrackSummary&)> track;  ///< a track that has ended, in the order of their ends
};

/// How it went.
struct FollowedVideo {
  media::VideoInfo info;
  media::VideoCounts counts;
  std::int64_t dropped = 0;  ///< frames of a live source that came too fast
  std::int64_t tracks = 0;
  Seconds last{0};  ///< time of the last frame
  FollowCounts work;
};

/// Follows the faces of a video to its end, or until it is stopped. With one thread frames are decoded where they are
/// looked at, else a second thread decodes ahead. Live sources always have their reader thread, which drops what comes
/// too fast.
/// @param name  see media::VideoReader::open
/// @param stop  a stop is an end: the tracks up to there are told, and the error is cancelled
/// @error those of media::VideoReader and Follower
Result<FollowedVideo> follow_video(const Engine& engine, const std::string& name, const media::VideoOptions& video,
                                   const FollowOptions& options, const FollowReceivers& receivers,
                                   const std::stop_token& stop = {});

/// Writes a followed video into a Timeline: one source, a track for each confirmed face, its observations, and the
/// identity channels: a reading whenever the answer of a track changes, and one at its end. Thread-compatible.
class TrackRecorder {
 public:
  /// Adds the evidence and the channels. @param sink  must outlive the recorder
  /// @param at  the threshold; nothing = nobody is named
  static Result<TrackRecorder> start(TimelineSink& sink, const Engine& engine, const std::optional<OperatingPoint>& at);
  Status begin(const media::VideoInfo& info);  ///< adds the source, before its first frame
  Status add(const FollowedFrame& frame);      ///< adds faces, and answers that have changed
  Status end(const TrackSummary& track);       ///< adds the last answer about a track

 private:
  explicit TrackRecorder(TimelineSink& sink, bool named) : sink_(&sink), named_(named) {}
  Status tell(TrackId track, Timestamp time, const Decision& decision, bool enough);

  TimelineSink* sink_;
  bool named_;
  SourceId source_{0};
  Timestamp now_;
  std::int64_t first_track_ = 0;  // of this source, less one: tracks are numbered over all sources
  std::int64_t last_track_ = 0;
  std::map<TrackId, std::optional<std::string>> told_;  // of tracks that are alive
};

}  // namespace vultus::engine
