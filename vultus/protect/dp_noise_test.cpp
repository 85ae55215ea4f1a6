#include <vultus/protect/dp_noise.hpp>

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/protect/dp_account.hpp>

namespace vultus::protect {
namespace {

struct Known {
  double epsilon, delta, sigma;
};
/// Sensitivity 1; computed from the formula of Balle and Wang with independent arithmetic.
constexpr std::array kKnown{Known{1, 1e-5, 3.730632}, Known{2, 1e-4, 1.734351}, Known{5, 1e-4, .795940},
                            Known{8, 1e-4, .543075}};

TEST(DpNoise, SigmaIsTheKnownOne) {
  for (const Known& known : kKnown) {
    const auto sigma = gaussian_sigma({known.epsilon, known.delta}, 1);
    ASSERT_TRUE(sigma);
    EXPECT_NEAR(*sigma, known.sigma, 5e-7) << known.epsilon;
  }
}

TEST(DpNoise, SigmaIsNeverTooSmallAndHardlyTooLarge) {
  for (const double epsilon : {1e-3, .1, 1.0, 5.0, 8.0, 50.0, 1000.0, 1e5})
    for (const double delta : {1e-12, 1e-6, 1e-4, .1}) {
      const auto sigma = gaussian_sigma({epsilon, delta}, 3);
      ASSERT_TRUE(sigma);
      EXPECT_LE(gaussian_delta(3 / *sigma, epsilon), delta * (1 + 1e-6)) << epsilon << " " << delta;
      EXPECT_GT(gaussian_delta(3 / (*sigma * .999), epsilon), delta) << epsilon << " " << delta;
    }
}

TEST(DpNoise, TheClassicalSigmaOfEpsilon8WouldExceedItsDelta) {
  const double classical = std::sqrt(2 * std::log(1.25 / 1e-4)) / 8;
  EXPECT_NEAR(classical, .542952, 5e-7);
  EXPECT_GT(gaussian_delta(1 / classical, 8), 1e-4);
}

TEST(DpNoise, SigmaGrowsWithTheSensitivityInProportion) {
  EXPECT_NEAR(*gaussian_sigma({2, 1e-4}, 700), 700 * *gaussian_sigma({2, 1e-4}, 1), 1e-6);
}

TEST(DpNoise, RefusesBudgetsThatAreNone) {
  EXPECT_FALSE(gaussian_sigma({0, 1e-4}, 1));
  EXPECT_FALSE(gaussian_sigma({1, 0}, 1));
  EXPECT_FALSE(gaussian_sigma({1, .9}, 1));
  EXPECT_FALSE(gaussian_sigma({NAN, 1e-4}, 1));
  EXPECT_FALSE(gaussian_sigma({1, 1e-4}, 0));
  EXPECT_FALSE(gaussian_sigma({1, 1e-4}, INFINITY));
}

TEST(DpNoise, HasMeanZeroAndDeviationOneFromBothSources) {
  for (NoiseSource source : {NoiseSource::secure(), NoiseSource::seeded(4)}) {
    std::vector<double> values(100000, 0.0);
    ASSERT_TRUE(source.add_to(values, 2));
    double sum = 0, squares = 0;
    for (const double v : values) sum += v, squares += v * v;
    EXPECT_NEAR(sum / 1e5, 0, 6 * 2 / std::sqrt(1e5));
    EXPECT_NEAR(squares / 1e5, 4, 6 * 4 * std::sqrt(2 / 1e5));
  }
}

TEST(DpNoise, OfTheSystemNeverRepeats) {
  NoiseSource a = NoiseSource::secure(), b = NoiseSource::secure();
  EXPECT_NE(*a.normal(), *b.normal());
  EXPECT_NE(*fresh_seed(), *fresh_seed());
  NoiseSource c = NoiseSource::seeded(7), d = NoiseSource::seeded(7);
  EXPECT_EQ(*c.normal(), *d.normal());
}

GaussianMechanism mechanism(double epsilon, double delta) {
  return {.budget = {epsilon, delta}, .sensitivity = 1, .sigma = *gaussian_sigma({epsilon, delta}, 1)};
}

TEST(PrivacyAccount, OfOneMechanismIsItsBudget) {
  PrivacyAccount account;
  ASSERT_TRUE(account.add(mechanism(5, 1e-4)));
  EXPECT_EQ(account.basic(), (PrivacyBudget{5, 1e-4}));
  EXPECT_NEAR(account.gaussian(1e-4)->epsilon, 5, 1e-6);
}

TEST(PrivacyAccount, FourEqualReleasesAreOneWithHalfTheNoise) {
  PrivacyAccount account;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(account.add(mechanism(1, 1e-5)));
  EXPECT_NEAR(account.basic().epsilon, 4, 1e-12);
  EXPECT_NEAR(account.basic().delta, 4e-5, 1e-18);
  const auto joint = account.gaussian(4e-5);
  ASSERT_TRUE(joint);
  // By hand: the squares of sensitivity over noise add up, so sigma 3.730632 becomes half of it.
  EXPECT_NEAR(gaussian_delta(2 / 3.730632, joint->epsilon), 4e-5, 1e-9);
  EXPECT_LT(joint->epsilon, 4);
}

TEST(PrivacyAccount, RefusesWhatHasNoNoise) {
  PrivacyAccount account;
  EXPECT_FALSE(account.add({.budget = {1, 1e-4}, .sensitivity = 1, .sigma = 0}));
  EXPECT_FALSE(account.gaussian(1e-4));
}

}  // namespace
}  // namespace vultus::protect
