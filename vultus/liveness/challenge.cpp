#include <vultus/liveness/challenge.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>

namespace vultus::liveness {
namespace {

constexpr std::array<std::string_view, 4> kStepNames{"blink", "turn_left", "turn_right", "smile"};
constexpr std::array<std::string_view, 9> kStateNames{
    "waiting", "rest", "asked", "passed", "timeout", "wrong_action", "face_lost", "identity_changed", "unfinished"};
constexpr std::size_t kMostSteps = 20;

Status within(std::string_view name, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return fail(ErrorCode::invalid_argument, "challenge " + std::string(name) + " " + std::to_string(value) +
                                               ": allowed are " + std::to_string(low) + " to " + std::to_string(high));
}

/// A number in [0, n), the same with every standard library.
std::uint64_t below(std::mt19937_64& random, std::uint64_t n) {
  const std::uint64_t fair = ~std::uint64_t{0} - (~std::uint64_t{0} % n + 1) % n;
  for (;;)
    if (const std::uint64_t value = random(); value <= fair) return value % n;
}

}  // namespace

std::string_view name_of(Step step) { return kStepNames.at(static_cast<std::size_t>(step)); }
std::string_view name_of(ChallengeState state) { return kStateNames.at(static_cast<std::size_t>(state)); }

Result<Step> step_of(std::string_view name) {
  const auto at = std::ranges::find(kStepNames, name);
  if (at == kStepNames.end())
    return fail(ErrorCode::invalid_argument,
                "step \"" + std::string(name) + "\": must be one of blink, turn_left, turn_right, smile");
  return static_cast<Step>(at - kStepNames.begin());
}

Result<std::vector<Step>> draw_steps(std::size_t count, std::uint64_t nonce) {
  if (count < 1 || count > kMostSteps)
    return fail(ErrorCode::invalid_argument, std::to_string(count) + " steps: allowed are 1 to 20");
  std::mt19937_64 random(nonce);
  std::vector<Step> steps{static_cast<Step>(below(random, kStepNames.size()))};
  while (steps.size() < count) {
    // One of the others, all equally likely.
    const auto last = static_cast<std::uint64_t>(steps.back());
    steps.push_back(static_cast<Step>((last + 1 + below(random, kStepNames.size() - 1)) % kStepNames.size()));
  }
  return steps;
}

Status check(const ChallengeOptions& options) {
  VULTUS_CHECK(within("time limit", options.limit_s, 0.5, 120));
  VULTUS_CHECK(within("time out of sight", options.lost_s, 0, 30));
  VULTUS_CHECK(within("turn", options.turned, 0.05, 1.2));
  VULTUS_CHECK(within("frontal yaw", options.frontal, 0, options.turned));
  VULTUS_CHECK(within("smile", options.smiling, 0.01, 0.99));
  VULTUS_CHECK(within("serious face", options.serious, 0, options.smiling));
  VULTUS_CHECK(within("time held", options.held_s, 0, 5));
  return within("similarity", options.similarity, -1, 1);
}

Result<Challenge> Challenge::start(std::span<const Step> steps, const ChallengeOptions& options) {
  VULTUS_CHECK(check(options));
  if (steps.empty() || steps.size() > kMostSteps)
    return fail(ErrorCode::invalid_argument, std::to_string(steps.size()) + " steps: allowed are 1 to 20");
  std::vector<StepResult> results;
  for (const Step step : steps) results.push_back({.step = step, .asked = {}, .done = {}});
  return Challenge(std::move(results), options);
}

void Challenge::ask(double seconds) {
  state_ = ChallengeState::rest;
  steps_[at_].asked = seconds;
  since_.reset();
  shut_from_.reset();
}

bool Challenge::at_rest(const ChallengeSample& sample) const {
  // The head must have come back from the turn before. Of the rest only what the step is about: nobody is refused for a
  // face that smiles by nature when a turn is asked.
  if (sample.yaw && std::abs(*sample.yaw) > options_.frontal) return false;
  switch (steps_[at_].step) {
    case Step::blink: return sample.closure && *sample.closure < kOpen;
    case Step::turn_left:
    case Step::turn_right: return sample.yaw.has_value();
    case Step::smile: break;
  }
  return sample.smile && *sample.smile < options_.serious;
}

bool Challenge::wrong(const ChallengeSample& sample) const {
  if (!sample.yaw) return false;
  const bool right = *sample.yaw > options_.turned, left = *sample.yaw < -options_.turned;
  return (right && steps_[at_].step != Step::turn_right) || (left && steps_[at_].step != Step::turn_left);
}

bool Challenge::held(bool now, double seconds) {
  if (!now) {
    since_.reset();
    return false;
  }
  if (!since_) since_ = seconds;
  return seconds - *since_ >= options_.held_s;
}

bool Challenge::blinked(const ChallengeSample& sample) {
  if (!sample.closure) return false;
  if (*sample.closure > kShut && !shut_from_) shut_from_ = open_at_;
  if (*sample.closure >= kOpen) return false;
  open_at_ = sample.seconds;
  const auto from = shut_from_;
  shut_from_.reset();
  return from && sample.seconds - *from <= kLongestBlink;
}

bool Challenge::done(const ChallengeSample& sample) {
  switch (steps_[at_].step) {
    case Step::blink: return blinked(sample);
    case Step::turn_left: return sample.yaw && held(*sample.yaw < -options_.turned, sample.seconds);
    case Step::turn_right: return sample.yaw && held(*sample.yaw > options_.turned, sample.seconds);
    case Step::smile: break;
  }
  return sample.smile && held(*sample.smile > options_.smiling, sample.seconds);
}

Result<ChallengeState> Challenge::add(const ChallengeSample& sample) {
  if (!std::isfinite(sample.seconds) || (last_ && sample.seconds <= *last_))
    return fail(ErrorCode::invalid_argument, "challenge: moments must come in order of time");
  last_ = sample.seconds;
  if (is_over(state_)) return state_;
  if (!sample.face) {
    since_.reset();
    shut_from_.reset();
    if (seen_ && sample.seconds - *seen_ > options_.lost_s) state_ = ChallengeState::face_lost;
  } else {
    seen_ = sample.seconds;
    if (state_ == ChallengeState::waiting) ask(sample.seconds);
    if (sample.similarity && *sample.similarity < options_.similarity) return state_ = ChallengeState::identity_changed;
  }
  if (state_ == ChallengeState::waiting || is_over(state_)) return state_;
  if (sample.seconds - *steps_[at_].asked > options_.limit_s) return state_ = ChallengeState::timeout;
  if (!sample.face) return state_;
  if (state_ == ChallengeState::rest) {
    if (!at_rest(sample)) return state_;
    state_ = ChallengeState::asked;
    open_at_ = sample.seconds;
    return state_;
  }
  if (wrong(sample)) return state_ = ChallengeState::wrong_action;
  if (!done(sample)) return state_;
  steps_[at_].done = sample.seconds;
  if (at_ + 1 == steps_.size()) return state_ = ChallengeState::passed;
  ++at_;
  ask(sample.seconds);
  return state_;
}

ChallengeState Challenge::finish() {
  if (!is_over(state_)) state_ = ChallengeState::unfinished;
  return state_;
}

}  // namespace vultus::liveness
