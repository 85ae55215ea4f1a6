// Liveness with the networks of an engine: of single pictures, of videos, and the map of what an answer rests on.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/liveness/camera_thresholds.hpp>
#include <vultus/liveness/face_judge.hpp>
#include <vultus/liveness/track_liveness.hpp>
#include <vultus/media/video.hpp>

namespace vultus::engine {

/// Which policy is meant.
struct LivenessChoice {
  std::string cameras;                           ///< file of thresholds (vultus liveness calibrate); empty = none
  std::string camera;                            ///< name of the camera in it
  std::optional<double> threshold;               ///< instead of all others, (0, 1)
  std::string network{liveness::kUsualNetwork};  ///< whose scores the threshold is for, see face_judge.hpp
};

/// The policy of a choice.
/// @error invalid_argument  a threshold outside its range, both a threshold and a camera, or a camera without its file
/// @error not_found  no such file or camera; corrupt_data  no thresholds file
[[nodiscard]] Result<liveness::Policy> liveness_policy(const LivenessChoice& choice);

/// Whether the networks that judge single pictures are there.
/// @error not_found  one was not fetched: the message says how to fetch it
[[nodiscard]] Status check_passive_models(const Engine& engine);

/// What judges, for one thread. @param network  a name of liveness::kJudges, or an id of the catalogue
/// @error not_found  a network that was not fetched: the message says how to
/// fetch it
/// @cost compiles them: some 100 ms with a warm cache
[[nodiscard]] Result<std::unique_ptr<liveness::FaceJudge>> make_judge(const Engine& engine, std::string_view network,
                                                                      const liveness::Policy& policy);

/// One track of a video, judged.
struct JudgedTrack {
  TrackId track;
  Seconds from, to;             ///< first and last time it was seen
  std::int64_t frames = 0;      ///< in which it was seen
  FaceObservation best;         ///< the best view
  liveness::TrackReading read;  ///< by the frames that were judged
};

struct LivenessVideoOptions {
  media::VideoOptions video;
  liveness::Policy policy;
  liveness::TrackPolicy track;
  double every_s = 0.2;  ///< seconds between looks at a face, [0, 60]
  std::string network{liveness::kUsualNetwork};
};

/// Follows the faces of a video and judges each again and again, by the liveness analyser.
/// @param name     see media::VideoReader::open
/// @param receive  gets each track when the source has ended, in the order of their ends
/// @error those of follow_video and of the analyser
Status judge_video(const Engine& engine, const std::string& name, const LivenessVideoOptions& options,
                   const std::function<Status(const JudgedTrack&)>& receive, const std::stop_token& stop = {});

/// Draws what the answer about a face rests on into a PNG file.
/// @param picture  rgb8, upright
/// @error those of liveness::cue_map and of writing the file
/// @cost about 5 s a face on one thread with the passive networks
Status write_cue_map(liveness::FaceJudge& judge, ImageView picture, const RectF& box, const std::string& path);

}  // namespace vultus::engine
