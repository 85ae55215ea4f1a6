// The main job on a video: frames in, followed faces and finished tracks out.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/engine/analyser_catalogue.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/follower.hpp>
#include <vultus/media/video.hpp>

namespace vultus::engine {

/// One frame with the faces in it.
struct FollowedFrame {
  const media::VideoFrame* frame = nullptr;  ///< its pixels are gone after the call
  Seconds time{0};                           ///< since the first frame
  bool cut = false;                          ///< a scene cut lies between the frame before and this one
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
/// @param stop  a stop is an end, and the error is cancelled. Whatever ends the source early, a stop or the silence of
/// a
///              stream, the tracks up to there are told before the error is returned
/// @error those of media::VideoReader and Follower
Result<FollowedVideo> follow_video(const Engine& engine, const std::string& name, const media::VideoOptions& video,
                                   const FollowOptions& options, const FollowReceivers& receivers,
                                   const std::stop_token& stop = {});

/// What is recorded beside the faces themselves.
struct RecordOptions {
  std::optional<OperatingPoint> at;         ///< the threshold of names; nothing = nobody is named
  std::span<const AnalyserRow> catalogue;   ///< must outlive the recorder
  std::vector<std::size_t> analysers = {};  ///< rows of the catalogue, in the order of plan_analysers()
  AnalyserGivens givens = {};
};

/// Writes followed videos and pictures into a Timeline: for each a source, its frames, a track for each confirmed face,
/// its observations, the channels of the analysers, and those of identity: a reading whenever the answer of a track
/// changes, and one at its end.
/// With analysers and an engine of more than one thread, they run in a thread of their own, some frames behind; rows
/// come in the same order either way. A bounded number of frames waits. Move-only, thread-compatible; the sink is used
/// by nobody else between begin() and finish().
class TrackRecorder {
 public:
  /// Adds the evidence and the channels, and makes the analysers. @param sink, engine  must outlive the recorder
  /// @error that of an analyser that cannot be made, e.g. not_found for a network that was not fetched
  static Result<TrackRecorder> start(TimelineSink& sink, const Engine& engine, RecordOptions options);
  /// The same without analysers.
  static Result<TrackRecorder> start(TimelineSink& sink, const Engine& engine, const std::optional<OperatingPoint>& at);
  TrackRecorder(TrackRecorder&&) noexcept;
  TrackRecorder& operator=(TrackRecorder&&) noexcept;
  ~TrackRecorder();  ///< waits for the analysers; what they then fail with is lost

  Status begin(const media::VideoInfo& info);  ///< adds the source, before its first frame
  Status add(const FollowedFrame& frame);      ///< adds frame and faces, and answers that have changed
  Status end(const TrackSummary& track);       ///< adds the last answer about a track
  Status finish();  ///< the source has ended, or was given up: everything is in the sink when it returns

  /// A picture that stands for itself: a source with one moment, every face a track.
  /// @param picture  rgb8, upright, whose pixels the faces are in
  Status add_picture(const std::string& path, ImageView picture, std::span<const FaceObservation> faces);
  /// A picture that could not be read.
  Status add_unread(const std::string& path, const Error& error);

 private:
  class Impl;
  explicit TrackRecorder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vultus::engine
