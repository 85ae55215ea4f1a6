#include <vultus/engine/liveness_check.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include <vultus/engine/follow_video.hpp>
#include <vultus/engine/tracks_judge.hpp>
#include <vultus/liveness/cue_map.hpp>
#include <vultus/liveness/passive.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kMostThresholdBytes = std::size_t{1} << 20;

Status check_choice(const LivenessChoice& choice) {
  if (choice.threshold && !choice.camera.empty())
    return fail(ErrorCode::invalid_argument, "liveness: a threshold and a camera exclude each other");
  if (choice.camera.empty() != choice.cameras.empty())
    return fail(ErrorCode::invalid_argument, "liveness: a camera and the file of thresholds are named together");
  return {};
}

}  // namespace

Result<liveness::Policy> liveness_policy(const LivenessChoice& choice) {
  VULTUS_CHECK(check_choice(choice));
  liveness::Policy policy;
  if (choice.threshold) policy.threshold = *choice.threshold;
  if (!choice.cameras.empty()) {
    VULTUS_TRY(const auto bytes, media::read_file(choice.cameras, kMostThresholdBytes));
    VULTUS_TRY(
        const liveness::CameraThresholds cameras,
        liveness::parse_camera_thresholds({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, choice.cameras));
    const auto camera = liveness::threshold_of(cameras, choice.camera);
    if (!camera) return camera.error().with_context(choice.cameras);
    policy.threshold = camera->threshold;
    if (choice.network != camera->network)
      return fail(ErrorCode::invalid_argument, choice.cameras + ": the threshold of camera \"" + choice.camera +
                                                   "\" was chosen for network " + camera->network + ", not " +
                                                   choice.network);
  }
  VULTUS_CHECK(liveness::check(policy));
  return policy;
}

Status check_passive_models(const Engine& engine) {
  for (const std::string_view id : liveness::kPassiveModels) VULTUS_CHECK(engine.model(ModelId(std::string(id))));
  return {};
}

Result<std::unique_ptr<liveness::FaceJudge>> make_judge(const Engine& engine, std::string_view network,
                                                        const liveness::Policy& policy) {
  return liveness::make_judge([&engine](const ModelId& id) { return engine.model(id); }, network, policy);
}

Status judge_video(const Engine& engine, const std::string& name, const LivenessVideoOptions& options,
                   const std::function<Status(const JudgedTrack&)>& receive, const std::stop_token& stop) {
  VULTUS_TRY(TracksJudge judge, TracksJudge::start(engine, {.policy = options.policy,
                                                            .track = options.track,
                                                            .every_s = options.every_s,
                                                            .network = options.network}));
  const FollowReceivers receivers{.opened = {},
                                  .frame =
                                      [&](FollowedFrame& frame) {
                                        if (frame.cut) judge.forget();
                                        return judge.look(frame.frame->image.view(), frame.time, frame.faces);
                                      },
                                  .track = [&](TrackSummary& track) -> Status {
                                    return receive({.track = track.track,
                                                    .from = track.from,
                                                    .to = track.to,
                                                    .frames = track.frames,
                                                    .best = track.best,
                                                    .read = judge.take(track.track)});
                                  }};
  const auto followed = follow_video(engine, name, options.video, {}, receivers, stop);
  return followed ? Status() : Status(followed.error());
}

Status write_cue_map(liveness::FaceJudge& judge, ImageView picture, const RectF& box, const std::string& path) {
  VULTUS_TRY(const liveness::CueMap map, judge.cues(picture, box));
  VULTUS_TRY(const Image drawn, liveness::cue_picture(picture, map));
  VULTUS_TRY(const auto png, media::encode_png(drawn.view()));
  return media::write_file_atomically(path, png);
}

}  // namespace vultus::engine
