// Active liveness: a person is asked to do things in an order that nobody could know before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::liveness {

/// What can be asked. Left and right are the subject's.
enum class Step : std::uint8_t { blink, turn_left, turn_right, smile };
/// "blink", "turn_left", "turn_right" or "smile".
[[nodiscard]] std::string_view name_of(Step step);
/// @error invalid_argument  another word; the message lists those that there are
[[nodiscard]] Result<Step> step_of(std::string_view name);

/// Draws steps in random order; no step follows itself. The same nonce gives the same steps on every machine.
/// @param count  [1, 20]
/// @param nonce  of this challenge, never used twice: it stands in the result
/// @error invalid_argument  count outside its range
[[nodiscard]] Result<std::vector<Step>> draw_steps(std::size_t count, std::uint64_t nonce);

/// What was seen of the face at a moment; nothing = not measured then.
struct ChallengeSample {
  double seconds = 0;                ///< later than the sample before
  bool face = true;                  ///< the face that is asked was seen
  std::optional<double> closure;     ///< of both eyes, [0, 1], 1 = shut (channel eye.closure)
  std::optional<double> yaw;         ///< radians, above 0 = turned to the subject's right (channel pose.ry)
  std::optional<double> smile;       ///< [0, 1] (channel expression.happiness)
  std::optional<double> similarity;  ///< cosine to the face of the first moments
};

struct ChallengeOptions {
  double limit_s = 6;       ///< for each step, from when it is asked, [0.5, 120]
  double lost_s = 1;        ///< the face may be out of sight so long, [0, 30]
  double turned = 0.262;    ///< radians (15 degrees): a turn goes beyond, [0.05, 1.2]
  double frontal = 0.175;   ///< radians (10 degrees): the head is back within, below `turned`
  double smiling = 0.5;     ///< a smile lies above, (0, 1)
  double serious = 0.3;     ///< no smile lies below, below `smiling`
  double held_s = 0.1;      ///< turns and smiles last at least so long, [0, 5]
  double similarity = 0.3;  ///< cosine: below it somebody else has taken the place, [-1, 1]
};
/// @error invalid_argument  an option outside its range: the message names it, the range and the value
[[nodiscard]] Status check(const ChallengeOptions& options);

/// How it stands.
enum class ChallengeState : std::uint8_t {
  waiting,           ///< no face was seen yet
  rest,              ///< the face must come to rest before the step counts: frontal, eyes open, no smile
  asked,             ///< the step is asked
  passed,            ///< every step was done
  timeout,           ///< a step was not done in time
  wrong_action,      ///< the head turned where it was not asked to
  face_lost,         ///< out of sight for too long
  identity_changed,  ///< it is somebody else now
  unfinished,        ///< the source ended before
};
/// As JSON has it, e.g. "wrong_action".
[[nodiscard]] std::string_view name_of(ChallengeState state);
/// Nothing changes any more.
[[nodiscard]] constexpr bool is_over(ChallengeState state) {
  return state != ChallengeState::waiting && state != ChallengeState::rest && state != ChallengeState::asked;
}

/// What became of a step.
struct StepResult {
  Step step = Step::blink;
  std::optional<double> asked;  ///< seconds: when its time began
  std::optional<double> done;   ///< seconds
  bool operator==(const StepResult&) const = default;
};

/// The state machine of one challenge: waiting, then for each step rest and asked, then passed; or one of the failures,
/// after which nothing changes. The time of a step begins with the one before it done, so coming to rest is part of it.
/// - blink: closure goes above 0.5 and below 0.33 again, within 0.5 s. Eyes kept shut are no blink.
/// - turn: yaw lies beyond `turned` on the asked side for `held_s`. Beyond it on the other side, or in any step that
///   asks for no turn: wrong_action. Blinks and smiles at other times are no mistake: people do that.
/// - smile: above `smiling` for `held_s`.
/// What is not measured in a sample changes nothing. Thread-compatible.
class Challenge {
 public:
  /// @param steps  [1, 20]
  /// @error invalid_argument  no steps or too many, or an option outside its range
  static Result<Challenge> start(std::span<const Step> steps, const ChallengeOptions& options = {});

  /// The next moment. @return the state after it
  /// @error invalid_argument  a time that is not later than the one before, or no number
  Result<ChallengeState> add(const ChallengeSample& sample);
  /// The source has ended. @return passed, or why not
  ChallengeState finish();

  [[nodiscard]] ChallengeState state() const { return state_; }
  /// The step that is asked, or that failed; the last one once passed.
  [[nodiscard]] Step current() const { return steps_[at_].step; }
  [[nodiscard]] const std::vector<StepResult>& steps() const { return steps_; }

  static constexpr double kShut = 0.5, kOpen = 0.33, kLongestBlink = 0.5;  ///< closure, closure, seconds

 private:
  Challenge(std::vector<StepResult> steps, const ChallengeOptions& options)
      : steps_(std::move(steps)), options_(options) {}
  [[nodiscard]] bool at_rest(const ChallengeSample& sample) const;
  [[nodiscard]] bool wrong(const ChallengeSample& sample) const;
  [[nodiscard]] bool done(const ChallengeSample& sample);
  [[nodiscard]] bool blinked(const ChallengeSample& sample);
  [[nodiscard]] bool held(bool now, double seconds);
  void ask(double seconds);

  std::vector<StepResult> steps_;
  ChallengeOptions options_;
  ChallengeState state_ = ChallengeState::waiting;
  std::size_t at_ = 0;
  std::optional<double> last_;       // the sample before
  std::optional<double> seen_;       // the last moment with the face
  std::optional<double> since_;      // the pose or smile is held since then
  std::optional<double> shut_from_;  // the last moment with open eyes before they shut
  double open_at_ = 0;
};

}  // namespace vultus::liveness
