#include <vultus/engine/challenge_passive.hpp>

#include <utility>

#include <vultus/liveness/analyser.hpp>

namespace vultus::engine {
namespace {

liveness::Reading passive_read(const FaceReadings& readings, double threshold) {
  using liveness::Reason;
  liveness::Reading passive{
      .live = std::nullopt, .reason = Reason::too_few_frames, .threshold = threshold, .evidence = std::nullopt};
  if (const double* live = readings.number(liveness::kLive)) passive.live = *live;
  const std::string* reason = readings.text(liveness::kReason);
  if (reason == nullptr) return passive;
  for (const Reason one :
       {Reason::live, Reason::spoof, Reason::uncertain, Reason::too_small, Reason::too_dark, Reason::too_bright,
        Reason::networks_disagree, Reason::too_few_frames, Reason::frames_disagree})
    if (liveness::name_of(one) == *reason) passive.reason = one;
  return passive;
}

/// 2 = spoof, 1 = no answer, 0 = live.
int rank_of_answer(const liveness::Reading& reading) {
  if (reading.decision() == liveness::Decision::spoof) return 2;
  return reading.decision() == liveness::Decision::live ? 0 : 1;
}

bool is_worse(const liveness::Reading& one, const liveness::Reading& other) {
  if (rank_of_answer(one) != rank_of_answer(other)) return rank_of_answer(one) > rank_of_answer(other);
  return one.live.value_or(1) < other.live.value_or(1);
}

}  // namespace

ChallengePassive::ChallengePassive(double threshold) : threshold_(threshold) {}

void ChallengePassive::end_stretch() {
  if (stretch_ && (!worst_ || is_worse(*stretch_, *worst_))) worst_ = stretch_;
  stretch_.reset();
}

void ChallengePassive::add(const AnalysedFace& face) {
  liveness::Reading now = passive_read(face.readings, threshold_);
  // The frames of a track are forgotten at a cut alone: who was judged before and is not now was cut.
  if (face.track != track_ || !now.live) end_stretch();
  track_ = face.track;
  if (now.live) {
    stretch_ = std::move(now);
  } else {
    unjudged_ = std::move(now);
  }
}

void ChallengePassive::forget() { *this = ChallengePassive(threshold_); }

liveness::Reading ChallengePassive::reading() const {
  if (stretch_ && (!worst_ || is_worse(*stretch_, *worst_))) return *stretch_;
  if (worst_) return *worst_;
  if (unjudged_) return *unjudged_;
  return {.live = std::nullopt,
          .reason = liveness::Reason::too_few_frames,
          .threshold = threshold_,
          .evidence = std::nullopt};
}

}  // namespace vultus::engine
