#include <vultus/engine/challenge_run.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <vultus/core/embedding.hpp>
#include <vultus/engine/analyser_catalogue.hpp>
#include <vultus/engine/asked_face.hpp>
#include <vultus/engine/challenge_passive.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/engine/liveness_check.hpp>
#include <vultus/liveness/analyser.hpp>

namespace vultus::engine {
namespace {

const std::array<std::string, 3> kChallengeAnalysers{"pose", "eyes", "expression"};

/// The analysers that a challenge needs, on one source.
class ChallengeReaders {
 public:
  static Result<ChallengeReaders> make(const Engine& engine, const liveness::Policy& policy) {
    const auto catalogue = analyser_catalogue();
    VULTUS_TRY(const auto plan, plan_analysers(catalogue, kChallengeAnalysers));
    ChallengeReaders readers;
    for (const std::size_t row : plan) {
      VULTUS_TRY(auto analyser, catalogue[row].make(engine, {}));
      readers.analysers_.push_back(std::move(analyser));
    }
    VULTUS_TRY(auto passive, liveness::make_liveness([&engine](const ModelId& id) { return engine.model(id); },
                                                     {.policy = policy, .track = {}}));
    readers.analysers_.push_back(std::move(passive));
    return readers;
  }
  Status begin(const Source& source) {
    for (const auto& analyser : analysers_) VULTUS_CHECK(analyser->begin(source));
    return {};
  }
  Status look(AnalysedFrame& frame) {
    for (const auto& analyser : analysers_) VULTUS_CHECK(analyser->look({&frame, 1}));
    return {};
  }

 private:
  std::vector<std::unique_ptr<Analyser>> analysers_;
};

AnalysedFrame analysed(const FollowedFrame& followed) {
  AnalysedFrame frame{.time = followed.frame->time,
                      .seconds = followed.time,
                      .picture = followed.frame->image.view(),
                      .cut = followed.cut,
                      .faces = {}};
  for (const FollowedFace& face : followed.faces)
    frame.faces.push_back({.track = face.track, .face = face.face, .readings = {}});
  return frame;
}

}  // namespace

Result<std::vector<ModelId>> challenge_models() {
  const auto catalogue = analyser_catalogue();
  VULTUS_TRY(const auto plan, plan_analysers(catalogue, kChallengeAnalysers));
  std::vector<ModelId> models;
  for (const std::size_t row : plan)
    models.insert(models.end(), catalogue[row].models.begin(), catalogue[row].models.end());
  for (const std::string_view id : liveness::kPassiveModels) models.emplace_back(std::string(id));
  return models;
}

Status check_challenge_models(const Engine& engine) {
  VULTUS_TRY(const auto models, challenge_models());
  for (const ModelId& id : models) VULTUS_CHECK(engine.model(id));
  return {};
}

liveness::Decision ChallengeRun::decision() const {
  using liveness::ChallengeState;
  const bool spoof = passive.decision() == liveness::Decision::spoof;
  if (spoof || state == ChallengeState::identity_changed) return liveness::Decision::spoof;
  // Who keeps every frame from being judged has hidden the one cue that a replay of the steps does not give.
  const bool passed = state == ChallengeState::passed && passive.live;
  return passed ? liveness::Decision::live : liveness::Decision::unknown;
}

std::string_view ChallengeRun::reason() const {
  if (state == liveness::ChallengeState::passed) {
    if (passive.decision() == liveness::Decision::spoof) return "spoof";
    if (!passive.live) return "not_judged";
  }
  return liveness::name_of(state);
}

Result<ChallengeRun> run_challenge(
    const Engine& engine, const std::string& name, std::span<const liveness::Step> steps,
    const ChallengeRunOptions& options,
    const std::function<void(liveness::ChallengeState, liveness::Step, double seconds)>& told,
    const std::stop_token& stop) {
  VULTUS_TRY(liveness::Challenge challenge, liveness::Challenge::start(steps, options.challenge));
  VULTUS_TRY(ChallengeReaders readers, ChallengeReaders::make(engine, options.policy));
  VULTUS_TRY(FaceParts parts, engine.make_parts());
  AskedFace asked(
      [&parts](ImageView picture, const FaceObservation& face) { return parts.embedder.embed(picture, face); });
  ChallengeRun run;
  ChallengePassive passive(options.policy.threshold);
  // The answer ends the walk through the source.
  std::stop_source decided;
  const std::stop_callback pass_on(stop, [&decided] { decided.request_stop(); });
  const FollowReceivers receivers{.opened =
                                      [&](const media::VideoInfo& info) {
                                        Source source;
                                        source.id = SourceId(1), source.path = name, source.width = info.width,
                                        source.height = info.height;
                                        source.clock = info.clock;
                                        return readers.begin(source);
                                      },
                                  .frame = [&](FollowedFrame& followed) -> Status {
                                    if (liveness::is_over(challenge.state()))
                                      return fail(ErrorCode::cancelled, "the challenge is over");
                                    AnalysedFrame frame = analysed(followed);
                                    VULTUS_CHECK(readers.look(frame));
                                    const auto before = std::pair(challenge.state(), challenge.current());
                                    VULTUS_TRY(const AskedMoment now, asked.look(frame));
                                    if (now.anew) passive.forget();
                                    if (now.face != nullptr) passive.add(*now.face);
                                    if (now.sample.similarity)
                                      run.least_alike = std::min(run.least_alike.value_or(1), *now.sample.similarity);
                                    ++run.frames;
                                    run.seconds = now.sample.seconds;
                                    VULTUS_TRY(const liveness::ChallengeState state, challenge.add(now.sample));
                                    if (challenge.steps().front().done) asked.settle();
                                    if (told && before != std::pair(state, challenge.current()))
                                      told(state, challenge.current(), now.sample.seconds);
                                    if (liveness::is_over(state)) decided.request_stop();
                                    return {};
                                  },
                                  .track = {}};
  const auto followed = follow_video(engine, name, options.video, {}, receivers, decided.get_token());
  const bool over = liveness::is_over(challenge.state());
  if (!followed && !(over && followed.error().code == ErrorCode::cancelled)) return followed.error();
  run.state = challenge.finish();
  run.steps = challenge.steps();
  run.passive = passive.reading();
  run.face = asked.take_first();
  return run;
}

}  // namespace vultus::engine
