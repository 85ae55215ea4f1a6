// The state machine on planted sequences of channels: what passes, and each way to fail.
#include <vultus/liveness/challenge.hpp>

#include <cmath>
#include <limits>
#include <map>

#include <gtest/gtest.h>

namespace vultus::liveness {
namespace {

constexpr double kFrame = 1 / 25.0, kTurned = 0.4;

/// A face that does what it is told to, at 25 frames a second.
class Actor {
 public:
  Actor(std::vector<Step> steps, const ChallengeOptions& options = {})
      : challenge_(Challenge::start(steps, options).value()) {}

  Actor& rest(double seconds = 0.4) { return play(seconds, {}); }
  Actor& blink(double shut = 0.12) { return play(shut, {.closure = 0.9}).play(kFrame, {}); }
  Actor& turn(double yaw, double seconds = 0.4) { return play(seconds, {.yaw = yaw}); }
  Actor& smile(double seconds = 0.4) { return play(seconds, {.smile = 0.8}); }
  Actor& away(double seconds) {
    return play_samples(seconds,
                        {.seconds = 0, .face = false, .closure = {}, .yaw = {}, .smile = {}, .similarity = {}});
  }
  Actor& stranger() {
    return play_samples(kFrame,
                        {.seconds = 0, .face = true, .closure = 0.0, .yaw = 0.0, .smile = 0.0, .similarity = 0.05});
  }
  /// Only so much of the face is measured.
  Actor& unmeasured(double seconds) {
    return play_samples(seconds, {.seconds = 0, .face = true, .closure = {}, .yaw = {}, .smile = {}, .similarity = {}});
  }
  [[nodiscard]] ChallengeState state() const { return challenge_.state(); }
  [[nodiscard]] const Challenge& challenge() const { return challenge_; }
  ChallengeState finish() { return challenge_.finish(); }

 private:
  struct Act {
    double closure = 0.05;
    double yaw = 0.02;
    double smile = 0.1;
  };
  Actor& play(double seconds, const Act& act) {
    return play_samples(
        seconds,
        {.seconds = 0, .face = true, .closure = act.closure, .yaw = act.yaw, .smile = act.smile, .similarity = 0.9});
  }
  Actor& play_samples(double seconds, ChallengeSample sample) {
    const auto frames = std::lround(seconds / kFrame);
    for (long i = 0; i < frames; ++i) {
      now_ += kFrame;
      sample.seconds = now_;
      EXPECT_TRUE(challenge_.add(sample));
    }
    return *this;
  }

  Challenge challenge_;
  double now_ = 0;
};

TEST(Challenge, IsPassedByDoingEveryStepInItsOrder) {
  Actor actor({Step::turn_left, Step::blink, Step::smile, Step::turn_right});
  actor.rest().turn(-kTurned).rest().blink().rest().smile().rest().turn(kTurned);
  EXPECT_EQ(actor.state(), ChallengeState::passed);
  double before = 0;
  for (const StepResult& step : actor.challenge().steps()) {
    ASSERT_TRUE(step.asked && step.done);
    EXPECT_GE(*step.asked, before);
    EXPECT_GT(*step.done, *step.asked);
    before = *step.done;
  }
}

TEST(Challenge, TheSameActsInAnotherOrderDoNotPass) {
  EXPECT_EQ(Actor({Step::blink, Step::turn_left}).rest().turn(-kTurned).rest().blink().state(),
            ChallengeState::wrong_action);
  // A smile at the wrong time is no mistake, but it does not count later.
  Actor smiler({Step::blink, Step::smile});
  smiler.rest().smile().rest().blink().rest();
  EXPECT_EQ(smiler.state(), ChallengeState::asked);
  EXPECT_EQ(smiler.finish(), ChallengeState::unfinished);
}

TEST(Challenge, ATurnToTheOtherSideIsAMistake) {
  EXPECT_EQ(Actor({Step::turn_left}).rest().turn(kTurned).state(), ChallengeState::wrong_action);
  EXPECT_EQ(Actor({Step::turn_right}).rest().turn(-kTurned).state(), ChallengeState::wrong_action);
}

TEST(Challenge, NothingDoneInTimeIsATimeout) {
  for (const Step step : {Step::blink, Step::turn_left, Step::turn_right, Step::smile})
    EXPECT_EQ(Actor({step}, {.limit_s = 2}).rest(3).state(), ChallengeState::timeout) << name_of(step);
  // What is not measured is not done.
  EXPECT_EQ(Actor({Step::blink}, {.limit_s = 2}).unmeasured(3).state(), ChallengeState::timeout);
}

TEST(Challenge, TheTimeLimitIsOfEachStepAndNotOfAll) {
  Actor actor({Step::blink, Step::blink}, {.limit_s = 2});
  EXPECT_EQ(actor.rest(1.6).blink().rest(1.6).blink().state(), ChallengeState::passed);
}

TEST(Challenge, EyesKeptShutAreNoBlink) {
  EXPECT_EQ(Actor({Step::blink}).rest().blink(0.8).state(), ChallengeState::asked);
  EXPECT_EQ(Actor({Step::blink}).rest().blink(0.8).rest().blink(0.2).state(), ChallengeState::passed);
}

TEST(Challenge, APoseThatWasHeldFromTheStartDoesNotCount) {
  // The head is turned, the face smiles, the eyes are shut before anything is asked: each must rest first.
  EXPECT_EQ(Actor({Step::turn_left}).turn(-kTurned, 3).state(), ChallengeState::rest);
  EXPECT_EQ(Actor({Step::smile}).smile(3).state(), ChallengeState::rest);
  EXPECT_EQ(Actor({Step::smile}).smile(1).rest().smile(1).state(), ChallengeState::passed);
}

TEST(Challenge, ComingBackFromATurnIsNoMistakeOfTheNextStep) {
  Actor actor({Step::turn_left, Step::blink});
  EXPECT_EQ(actor.rest().turn(-kTurned, 1.5).rest().blink().state(), ChallengeState::passed);
}

TEST(Challenge, ATurnOfOneFrameIsNoise) {
  EXPECT_EQ(Actor({Step::turn_left}).rest().turn(-kTurned, kFrame).rest().state(), ChallengeState::asked);
}

TEST(Challenge, AFaceOutOfSightForTooLongIsLost) {
  EXPECT_EQ(Actor({Step::blink}).rest().away(0.8).rest().blink().state(), ChallengeState::passed);
  EXPECT_EQ(Actor({Step::blink}).rest().away(1.2).state(), ChallengeState::face_lost);
  // Before anybody was there nobody is lost, and no time runs.
  EXPECT_EQ(Actor({Step::blink}).away(20).rest().blink().state(), ChallengeState::passed);
}

TEST(Challenge, SomebodyElseCannotGoOn) {
  Actor actor({Step::blink, Step::smile});
  EXPECT_EQ(actor.rest().blink().stranger().state(), ChallengeState::identity_changed);
}

TEST(Challenge, WhatIsOverStaysAsItIs) {
  Actor actor({Step::blink});
  actor.rest().blink();
  ASSERT_EQ(actor.state(), ChallengeState::passed);
  EXPECT_EQ(actor.turn(kTurned).stranger().away(5).state(), ChallengeState::passed);
  EXPECT_EQ(actor.finish(), ChallengeState::passed);
}

TEST(Challenge, MomentsComeInOrder) {
  Challenge challenge = Challenge::start(std::vector{Step::blink}).value();
  ASSERT_TRUE(challenge.add({.seconds = 1}));
  EXPECT_EQ(challenge.add({.seconds = 1}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(challenge.add({.seconds = std::numeric_limits<double>::quiet_NaN()}).error().code,
            ErrorCode::invalid_argument);
}

TEST(Challenge, RefusesWhatMakesNoSense) {
  EXPECT_FALSE(Challenge::start({}));
  EXPECT_FALSE(Challenge::start(std::vector<Step>(21, Step::blink)));
  EXPECT_FALSE(Challenge::start(std::vector{Step::blink}, {.limit_s = 0}));
  EXPECT_FALSE(Challenge::start(std::vector{Step::blink}, {.frontal = 0.5}));  // wider than a turn
  EXPECT_FALSE(Challenge::start(std::vector{Step::blink}, {.similarity = 2}));
}

TEST(DrawSteps, TheNonceDecidesAndNoStepFollowsItself) {
  std::map<Step, int> firsts;
  for (std::uint64_t nonce = 0; nonce < 400; ++nonce) {
    const auto steps = draw_steps(6, nonce).value();
    EXPECT_EQ(steps, draw_steps(6, nonce).value());
    ++firsts[steps.front()];
    for (std::size_t i = 1; i < steps.size(); ++i) EXPECT_NE(steps[i - 1], steps[i]) << nonce;
  }
  // Four steps, each a quarter of 400: within five standard deviations of 8.7.
  EXPECT_EQ(firsts.size(), 4U);
  for (const auto& [step, times] : firsts) EXPECT_NEAR(times, 100, 44) << name_of(step);
  EXPECT_NE(draw_steps(6, 1).value(), draw_steps(6, 2).value());
  EXPECT_FALSE(draw_steps(0, 1));
  EXPECT_FALSE(draw_steps(21, 1));
}

TEST(Steps, NamesGoBothWays) {
  for (const Step step : {Step::blink, Step::turn_left, Step::turn_right, Step::smile})
    EXPECT_EQ(step_of(name_of(step)).value(), step);
  EXPECT_EQ(step_of("nod").error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::liveness
