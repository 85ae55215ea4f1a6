#include <vultus/evaluation/bootstrap.hpp>

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/evaluation/figure.hpp>

namespace vultus::evaluation {
namespace {

TEST(Random, IsTheEngineOfTheStandard) {
  Random random(5489);  // default seed of std::mt19937_64
  for (int i = 0; i < 9999; ++i) (void)random.next();
  EXPECT_EQ(random.next(), 9981545732273789042U);  // C++20 [rand.predef], paragraph 4
}

TEST(Random, DrawsTheSameIntegersEverywhere) {
  // From an independent Python implementation of MT19937-64 with the same rejection rule, seed 7.
  Random small(7);
  for (const std::uint64_t want : {5U, 0U, 8U, 6U, 1U, 8U, 9U, 8U, 1U, 0U, 6U, 5U}) EXPECT_EQ(small.below(10), want);
  Random large(7);  // n = 3 * 2^62: a quarter of all values is drawn again
  for (const std::uint64_t want : {2165911192842364878U, 2606000371313139421U, 1016289395134552428U,
                                   4743729080978854881U, 13243022433781402340U, 10997741858636686065U})
    EXPECT_EQ(large.below(std::uint64_t{3} << 62), want);
  EXPECT_EQ(large.below(1), 0U);
  EXPECT_EQ(large.below(0), 0U);
}

TEST(Random, UnitStaysBelowOne) {
  Random random(3);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double u = random.unit();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
  }
  EXPECT_NEAR(sum / 10000, 0.5, 5 * std::sqrt(1.0 / 12 / 10000));  // five standard errors
}

TEST(DrawGroups, DrawsAsManyAsThereAre) {
  Random random(1);
  std::array<std::uint32_t, 50> weights{};
  for (int draw = 0; draw < 20; ++draw) {
    draw_groups(random, weights);
    std::uint32_t sum = 0;
    for (const std::uint32_t w : weights) sum += w;
    EXPECT_EQ(sum, 50U);
  }
}

TEST(Quantile, IsLinearBetweenOrderStatistics) {
  const std::array values{1.0, 2.0, 4.0, 8.0, 16.0};
  EXPECT_DOUBLE_EQ(quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(values, 0.1), 1.4);  // position .4 between 1 and 2
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 4);
  EXPECT_NEAR(quantile(values, 0.975), 15.2, 1e-12);  // numpy.quantile gives 15.2
  EXPECT_DOUBLE_EQ(quantile(values, 1), 16);
}

/// Mean of one value per group.
Result<Interval> interval_of_mean(const std::vector<double>& values, const BootstrapOptions& options) {
  return bootstrap_groups(values.size(), options, [&](GroupWeights weights) -> std::optional<double> {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += weights[i] * values[i];
    return sum / static_cast<double>(values.size());
  });
}

TEST(Bootstrap, AgreesWithTheNormalIntervalOfAMean) {
  std::vector<double> coin(400);
  for (std::size_t i = 0; i < coin.size(); i += 2) coin[i] = 1;
  const Interval got = interval_of_mean(coin, {.draws = 4000, .seed = 11}).value();
  // Mean .5, standard error .5 / sqrt(400) = .025: .5 -+ 1.96 * .025. Monte-Carlo error of an end is about .001.
  EXPECT_NEAR(got.low, 0.451, 0.005);
  EXPECT_NEAR(got.high, 0.549, 0.005);
}

TEST(Bootstrap, CoversTheTruthAsOftenAsItSays) {
  Random data(99);
  int covered = 0;
  for (std::uint64_t trial = 0; trial < 300; ++trial) {
    std::vector<double> values(80);
    for (double& v : values) v = data.unit();  // mean 1/2
    const Interval got = interval_of_mean(values, {.draws = 300, .seed = trial}).value();
    if (got.low <= 0.5 && 0.5 <= got.high) ++covered;
  }
  // 95 % of 300 = 285, standard deviation 3.8; percentile intervals cover slightly less.
  EXPECT_GE(covered, 268);
  EXPECT_LE(covered, 298);
}

TEST(Bootstrap, GivesTheSameIntervalForTheSameSeedOnly) {
  std::vector<double> values(30);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<double>(i));
  EXPECT_EQ(interval_of_mean(values, {.seed = 5}).value(), interval_of_mean(values, {.seed = 5}).value());
  EXPECT_NE(interval_of_mean(values, {.seed = 5}).value(), interval_of_mean(values, {.seed = 6}).value());
}

TEST(Bootstrap, OfAConstantHasNoWidth) {
  const Interval got = interval_of_mean(std::vector<double>(20, 0.25), {}).value();
  EXPECT_DOUBLE_EQ(got.low, 0.25);
  EXPECT_DOUBLE_EQ(got.high, 0.25);
}

TEST(Bootstrap, RefusesWhatHasNoMeaningAndSaysTheLimit) {
  const auto zero = [](GroupWeights) -> std::optional<double> { return 0.0; };
  EXPECT_EQ(bootstrap_groups(1, {}, zero).error().message, "bootstrap over 1 groups: at least 2 are needed");
  EXPECT_EQ(bootstrap_groups(9, {.draws = 99}, zero).error().message, "bootstrap draws 99: 100 to 1000000");
  EXPECT_FALSE(bootstrap_groups(9, {.level = 1}, zero));
  const auto never = [](GroupWeights) -> std::optional<double> { return std::nullopt; };
  EXPECT_EQ(bootstrap_groups(9, {}, never).error().message,
            "the statistic is undefined in 1000 of 1000 bootstrap draws over 9 groups, the limit is 5 %");
}

TEST(McNemar, EqualsTheBinomialTest) {
  EXPECT_NEAR(mcnemar(1, 9), 22.0 / 1024, 1e-15);  // 2 * (C(10,0) + C(10,1)) / 2^10
  EXPECT_NEAR(mcnemar(9, 1), 22.0 / 1024, 1e-15);
  EXPECT_NEAR(mcnemar(10, 25), 0.016673847800120715, 1e-14);   // scipy.stats.binomtest(10, 35)
  EXPECT_NEAR(mcnemar(100, 140), 0.01166409231767769, 1e-12);  // scipy.stats.binomtest(100, 240)
  EXPECT_EQ(mcnemar(0, 0), 1);
  EXPECT_EQ(mcnemar(7, 7), 1);
}

TEST(Figure, SaysWhatItRestsOn) {
  Figure figure{.name = "accuracy", .value = 0.994, .interval = Interval{0.9912, 0.9965, 0.95}};
  figure.groups = 4281;
  figure.group_kind = "persons";
  figure.samples = 6000;
  figure.draws = 1000;
  figure.baseline = 0.5;
  EXPECT_EQ(text_of(figure),
            "accuracy 0.9940 [0.9912, 0.9965] (95 %, 1000 draws over 4281 persons, 6000 samples, baseline 0.5000)");
  EXPECT_EQ(text_of(Figure{.name = "EER", .value = 0.25}, 2), "EER 0.25");
}

}  // namespace
}  // namespace vultus::evaluation
