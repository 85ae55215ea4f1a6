#include <vultus/engine/challenge_run.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include <vultus/core/embedding.hpp>
#include <vultus/engine/analyser_catalogue.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/engine/liveness_check.hpp>
#include <vultus/face/prominence.hpp>
#include <vultus/liveness/analyser.hpp>

namespace vultus::engine {
namespace {

const ChannelId kYawRead{"pose.ry"}, kClosureRead{"eye.closure"}, kSmileRead{"expression.happiness"};
// Between comparisons of the face with that of the first moments, and how far it may be turned for one.
constexpr double kCompareEvery = 0.5, kComparableYaw = 0.3;
const std::array<std::string, 3> kChallengeAnalysers{"pose", "eyes", "expression"};

/// The analysers that a challenge needs, on one source.
class ChallengeReaders {
 public:
  static Result<ChallengeReaders> make(const Engine& engine, const liveness::Policy& policy) {
    const auto catalogue = analyser_catalogue();
    VULTUS_TRY(const auto plan, plan_analysers(catalogue, kChallengeAnalysers));
    ChallengeReaders readers;
    for (const std::size_t row : plan) {
      VULTUS_TRY(auto analyser, catalogue[row].make(engine));
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

/// Which face is asked, and whether it is still the same person.
class AskedFace {
 public:
  explicit AskedFace(FaceParts parts) : parts_(std::move(parts)) {}

  /// @return the face of the frame, or null
  AnalysedFace* in(AnalysedFrame& frame) {
    const auto same = std::ranges::find_if(frame.faces, [&](const AnalysedFace& f) { return f.track == track_; });
    if (same != frame.faces.end()) return &*same;
    if (frame.faces.empty()) return nullptr;
    AnalysedFace& face =
        face::most_prominent(frame.faces, frame.picture.width, frame.picture.height, &AnalysedFace::face);
    track_ = face.track;
    compared_.reset();  // a new track is compared at once
    return &face;
  }

  /// @return the cosine to the first moments, where it was measured now
  Result<std::optional<double>> alike(const AnalysedFrame& frame, const AnalysedFace& face) {
    const double now = frame.seconds.value();
    const double* yaw = face.readings.number(kYawRead);
    if (yaw == nullptr || std::abs(*yaw) > kComparableYaw) return std::optional<double>();
    if (compared_ && now - *compared_ < kCompareEvery) return std::optional<double>();
    compared_ = now;
    VULTUS_TRY(Embedding made, parts_.embedder.embed(frame.picture, face.face));
    if (!first_) {
      first_ = std::move(made);
      return std::optional<double>();
    }
    VULTUS_TRY(const Cosine cosine, similarity(*first_, made));
    return std::optional(double{cosine.value()});
  }

  /// Of the first moments, where the head was nearly frontal then.
  [[nodiscard]] std::optional<Embedding> take_first() { return std::move(first_); }

 private:
  FaceParts parts_;
  std::optional<TrackId> track_;
  std::optional<double> compared_;
  std::optional<Embedding> first_;
};

std::optional<double> optional_number(const FaceReadings& readings, const ChannelId& channel) {
  const double* value = readings.number(channel);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

/// The passive judgement so far, as its channels tell.
void note_passive(const FaceReadings& readings, liveness::Reading& passive) {
  passive.live = optional_number(readings, liveness::kLive);
  const std::string* reason = readings.text(liveness::kReason);
  if (reason == nullptr) return;
  using liveness::Reason;
  for (const Reason one :
       {Reason::live, Reason::spoof, Reason::uncertain, Reason::too_small, Reason::too_dark, Reason::too_bright,
        Reason::networks_disagree, Reason::too_few_frames, Reason::frames_disagree})
    if (liveness::name_of(one) == *reason) passive.reason = one;
}

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

Status check_challenge_models(const Engine& engine) {
  const auto catalogue = analyser_catalogue();
  VULTUS_TRY(const auto plan, plan_analysers(catalogue, kChallengeAnalysers));
  for (const std::size_t row : plan)
    for (const ModelId& id : catalogue[row].models) VULTUS_CHECK(engine.model(id));
  return check_passive_models(engine);
}

liveness::Decision ChallengeRun::decision() const {
  using liveness::ChallengeState;
  const bool spoof = passive.decision() == liveness::Decision::spoof;
  if (spoof || state == ChallengeState::identity_changed) return liveness::Decision::spoof;
  return state == ChallengeState::passed ? liveness::Decision::live : liveness::Decision::unknown;
}

std::string_view ChallengeRun::reason() const {
  if (state == liveness::ChallengeState::passed && passive.decision() == liveness::Decision::spoof) return "spoof";
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
  AskedFace asked(std::move(parts));
  ChallengeRun run;
  run.passive.threshold = options.policy.threshold;
  run.passive.reason = liveness::Reason::too_few_frames;
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
                                    liveness::ChallengeSample sample{.seconds = followed.time.value(), .face = false};
                                    if (AnalysedFace* face = asked.in(frame)) {
                                      sample.face = true;
                                      sample.closure = optional_number(face->readings, kClosureRead);
                                      sample.yaw = optional_number(face->readings, kYawRead);
                                      sample.smile = optional_number(face->readings, kSmileRead);
                                      VULTUS_TRY(sample.similarity, asked.alike(frame, *face));
                                      if (sample.similarity)
                                        run.least_alike = std::min(run.least_alike.value_or(1), *sample.similarity);
                                      note_passive(face->readings, run.passive);
                                    }
                                    ++run.frames;
                                    run.seconds = sample.seconds;
                                    VULTUS_TRY(const liveness::ChallengeState state, challenge.add(sample));
                                    if (told && before != std::pair(state, challenge.current()))
                                      told(state, challenge.current(), sample.seconds);
                                    if (liveness::is_over(state)) decided.request_stop();
                                    return {};
                                  },
                                  .track = {}};
  const auto followed = follow_video(engine, name, options.video, {}, receivers, decided.get_token());
  const bool over = liveness::is_over(challenge.state());
  if (!followed && !(over && followed.error().code == ErrorCode::cancelled)) return followed.error();
  run.state = challenge.finish();
  run.steps = challenge.steps();
  run.face = asked.take_first();
  return run;
}

}  // namespace vultus::engine
