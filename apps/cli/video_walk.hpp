// Going through videos: what is kept of a run beside what is printed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include <vultus/core/result.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/engine/track_report.hpp>
#include <vultus/face/finder.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/video_writer.hpp>
#include <vultus/timeline/timeline_file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/timeline_place.hpp>

namespace vultus::cli {

struct VideoSettings {
  double rate = 25;        ///< of pictures in a row
  double patience_s = 15;  ///< of streams and cameras
  double detect_every_s = 0.16;

  [[nodiscard]] media::VideoOptions options(const InputSettings& inputs, int threads) const;
};

/// What is written beside the rows; empty = not wanted.
struct KeptFiles {
  std::string annotate;  ///< a video file, or a folder for several
  std::string timeline;
  std::string report;
  bool force = false;                       ///< replace a Timeline that is there
  std::vector<std::size_t> analysers = {};  ///< rows of the catalogue whose channels go into the Timeline
  engine::AnalyserGivens givens = {};       ///< what is known of camera and faces beforehand
};

void add_video_options(CLI::App& command, VideoSettings& settings);

/// Is this input a moving picture: a stream or camera by its name, or a video file?
[[nodiscard]] bool is_video(const std::string& name);

/// @error invalid_argument  the page or the annotated video would replace an original, or is a folder
/// @error not_found  their folder is not there
Status spare(const Originals& originals, const KeptFiles& kept);

/// Rows that a command prints; each may be empty.
struct VideoRows {
  std::function<Status(const std::string& file, const engine::FollowedFrame&)> frame;
  std::function<Status(const std::string& file, const engine::TrackSummary&)> track;
};

/// How the videos of a run went.
struct VideoTally {
  std::int64_t videos = 0;
  std::int64_t pictures = 0;
  std::int64_t frames = 0;
  std::int64_t tracks = 0;
  std::int64_t known = 0;
  std::int64_t failed = 0;
  std::int64_t dropped = 0;
  std::int64_t damaged = 0;  ///< packets
  std::int64_t damaged_frames = 0;
  double seconds = 0;  ///< of video
  engine::FollowCounts work;

  /// "1 video, 472 frames, 1 track, 1 of a known person"
  [[nodiscard]] std::string text() const;
  [[nodiscard]] ExitCode exit_code() const { return failed == 0 ? ExitCode::done : ExitCode::some_failed; }
};

/// Thread-compatible.
class VideoWalk {
 public:
  /// @param several  more than one video will come: `annotate` must be a folder
  static Result<VideoWalk> start(const engine::Engine& engine, const engine::FollowOptions& follow,
                                 const KeptFiles& kept, bool several);

  /// Follows one video; an input that fails is told and counted.
  /// @error cancelled  stop was requested: what was seen until then is kept
  Status walk(const std::string& name, const media::VideoOptions& options, Rows& rows, const VideoRows& tell,
              Context& context);
  /// Looks at a picture that stands for itself: every face is a track of one moment. An input that fails is told and
  /// counted.
  Status walk_picture(const std::string& name, const media::DecodeLimits& limits, Rows& rows, const VideoRows& tell);
  /// Puts everything on the disk.
  Status finish(const std::vector<Evidence>& evidence);

  [[nodiscard]] const VideoTally& tally() const { return tally_; }

 private:
  VideoWalk(const engine::Engine& engine, const engine::FollowOptions& follow, const KeptFiles& kept)
      : engine_(&engine), follow_(follow), kept_(kept) {}
  [[nodiscard]] std::string annotated_name(const std::string& name) const;
  Status open_writer(const media::VideoInfo& info);
  Status draw(const engine::FollowedFrame& frame);
  void count(const engine::FollowedVideo& followed);

  const engine::Engine* engine_;
  engine::FollowOptions follow_;
  KeptFiles kept_;
  TimelinePlace place_;  // before the file: one that is not kept is closed first
  std::unique_ptr<TimelineWriter> file_;
  std::optional<engine::TrackRecorder> recorder_;
  std::optional<media::VideoWriter> writer_;
  std::optional<face::FaceFinder> finder_;  // of pictures, made for the first one
  engine::StoryKeeper keeper_;
  std::vector<engine::VideoStory> stories_;
  VideoTally tally_;
};

}  // namespace vultus::cli
