#include <vultus/evaluation/logistic.hpp>

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::evaluation {
namespace {

using ::testing::HasSubstr;

constexpr double kHalfBin = ScoreHistogram::kBinWidth / 2;

ScoreHistogram counted(std::initializer_list<std::pair<float, int>> scores) {
  ScoreHistogram made;
  for (const auto& [score, count] : scores)
    for (int i = 0; i < count; ++i) made.add(score);
  return made;
}

/// A normal distribution, by the method of Box and Muller.
ScoreHistogram normal(double mean, double deviation, int count, std::uint64_t seed) {
  Random random(seed);
  ScoreHistogram made;
  for (int i = 0; i < count; ++i) {
    constexpr double kTwoPi = 6.283185307179586;
    const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
    made.add(static_cast<float>(mean + deviation * radius * std::cos(kTwoPi * random.unit())));
  }
  return made;
}

double logit(double p) { return std::log(p / (1 - p)); }

TEST(Logistic, OfTwoScoresGoesThroughTheSharesOfBoth) {
  // At 0 lie 10 of 40 mated and 60 of 80 impostor pairs, at 0.5 the others. With targets 41/42 and 1/82 and prior 1/2
  // the most likely probability at a score is its weighed target: two points fix the two numbers of the curve.
  const auto mated = counted({{0.0F, 10}, {0.5F, 30}});
  const auto impostors = counted({{0.0F, 60}, {0.5F, 20}});
  const double high = 41.0 / 42;
  const double low = 1.0 / 82;
  const double at_0 = (0.25 * high + 0.75 * low) / (0.25 + 0.75);
  const double at_half = (0.75 * high + 0.25 * low) / (0.75 + 0.25);
  const auto curve = fit_logistic(mated, impostors);
  ASSERT_TRUE(curve) << curve.error().message;
  EXPECT_NEAR(curve->slope, (logit(at_half) - logit(at_0)) / 0.5, 1e-6);
  EXPECT_NEAR(curve->probability(0.0 + kHalfBin), at_0, 1e-7);
  EXPECT_NEAR(curve->probability(0.5 + kHalfBin), at_half, 1e-7);
  EXPECT_DOUBLE_EQ(curve->prior, 0.5);
}

TEST(Logistic, RecoversTheOddsOfAPlantedPopulation) {
  // Normal scores of equal deviation d around m and 0: the log odds are m s / d^2 - m^2 / (2 d^2), plus those of the
  // prior. m = .5, d = .125: slope 32, intercept -8.
  const auto mated = normal(0.5, 0.125, 200'000, 1);
  const auto impostors = normal(0.0, 0.125, 200'000, 2);
  const auto even = fit_logistic(mated, impostors);
  ASSERT_TRUE(even);
  EXPECT_NEAR(even->slope, 32, 0.5);
  EXPECT_NEAR(even->intercept, -8, 0.125);
  const auto rare = fit_logistic(mated, impostors, 0.01);
  ASSERT_TRUE(rare);
  EXPECT_NEAR(rare->probability(0.4), 1 / (1 + std::exp(-(32 * 0.4 - 8 + logit(0.01)))), 0.03);
  EXPECT_LT(calibration_error(*even, normal(0.5, 0.125, 200'000, 3), normal(0, 0.125, 200'000, 4)).value(), 0.005);
}

TEST(Logistic, CountsOfBothKindsDoNotChangeTheCurve) {
  const auto few = counted({{0.1F, 2}, {0.4F, 6}});
  const auto impostors = counted({{0.1F, 3000}, {0.4F, 1000}});
  auto many = few;
  for (int i = 0; i < 499; ++i) many.merge(few);
  const auto a = fit_logistic(few, impostors);
  const auto b = fit_logistic(many, impostors);
  ASSERT_TRUE(a && b);
  // Only the targets differ, 9/10 against 4001/4002.
  EXPECT_NEAR(a->probability(0.4), 0.75 * 0.9, 0.01);
  EXPECT_NEAR(b->probability(0.4), 0.75, 0.01);
}

TEST(Logistic, OfPairsWithoutAMistakeIsFiniteAndSure) {
  const auto curve = fit_logistic(counted({{0.8F, 1000}}), counted({{0.1F, 1000}}));
  ASSERT_TRUE(curve);
  EXPECT_TRUE(std::isfinite(curve->slope));
  EXPECT_GT(curve->probability(0.8), 0.998);
  EXPECT_LT(curve->probability(0.1), 0.002);
}

TEST(Logistic, RefusesWhatTellsNothing) {
  const auto some = counted({{0.5F, 10}});
  EXPECT_THAT(fit_logistic(some, some).error().message, HasSubstr("no more alike"));
  EXPECT_THAT(fit_logistic(counted({{0.1F, 10}}), some).error().message, HasSubstr("no more alike"));
  EXPECT_THAT(fit_logistic({}, some).error().message, HasSubstr("got 0 and 10"));
  EXPECT_THAT(fit_logistic(some, {}).error().message, HasSubstr("got 10 and 0"));
  EXPECT_THAT(fit_logistic(some, some, 1).error().message, HasSubstr("prior 1"));
}

TEST(CalibrationError, IsTheGapBetweenWhatIsSaidAndWhatIs) {
  // The curve says 1/2 everywhere; with prior 1/2 half of the weight is mated: no error where both kinds lie alike,
  // and in one bin of all probabilities nothing shows even where they do not.
  const LogisticCurve half{.slope = 0, .intercept = 0, .prior = 0.5};
  const auto both = counted({{0.0F, 50}, {0.5F, 50}});
  EXPECT_NEAR(calibration_error(half, both, both).value(), 0, 1e-12);
  // It says 0.9 everywhere: 0.4 too much.
  const LogisticCurve sure{.slope = 0, .intercept = std::log(9.0), .prior = 0.5};
  EXPECT_NEAR(calibration_error(sure, both, both).value(), 0.4, 1e-12);
  // It says .1 at 0 and .9 at .5, where the mated share is .5 and .5: both bins are off by .4.
  const LogisticCurve steep{.slope = 2 * std::log(9.0) / 0.5, .intercept = -std::log(9.0), .prior = 0.5};
  EXPECT_NEAR(calibration_error(steep, both, both).value(), 0.4, 1e-4);
  EXPECT_FALSE(calibration_error(half, both, both, 0));
  EXPECT_FALSE(calibration_error(half, {}, both));
}

}  // namespace
}  // namespace vultus::evaluation
