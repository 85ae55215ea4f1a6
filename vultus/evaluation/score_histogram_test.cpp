#include <vultus/evaluation/score_histogram.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace vultus::evaluation {
namespace {

constexpr auto kWidth = ScoreHistogram::kBinWidth;

/// A score in [-1, 1] around a centre: the mean of three uniform numbers, scaled.
float noisy(Random& random, double centre, double spread) {
  const double noise = (random.unit() + random.unit() + random.unit()) / 3 - 0.5;
  return static_cast<float>(std::clamp(centre + spread * noise, -1.0, 1.0));
}

struct Sample {
  ScoreHistogram mated;
  ScoreHistogram impostors;
  std::vector<ScoredPair> pairs;
};

Sample sample(std::uint64_t seed, int n) {
  Random random(seed);
  Sample s;
  for (int i = 0; i < n; ++i) {
    const float mated = noisy(random, 0.5, 1.5);
    const float impostor = noisy(random, 0.05, 1.2);
    s.mated.add(mated);
    s.impostors.add(impostor);
    s.pairs.push_back({.score = mated, .mated = true, .first = 1, .second = 1});
    s.pairs.push_back({.score = impostor, .mated = false, .first = 1, .second = 2});
  }
  return s;
}

TEST(ScoreHistogram, CountsExactlyAtEveryEdge) {
  const Sample s = sample(1, 20000);
  const Verification exact = Verification::of(s.pairs).value();
  for (std::size_t bin = 0; bin < ScoreHistogram::kBins; bin += 97) {
    const ErrorRates want = exact.rates_at(ScoreHistogram::edge(bin));
    ASSERT_DOUBLE_EQ(s.impostors.share_from(ScoreHistogram::edge(bin)), want.fmr) << "bin " << bin;
    ASSERT_DOUBLE_EQ(1 - s.mated.share_from(ScoreHistogram::edge(bin)), want.fnmr) << "bin " << bin;
  }
}

TEST(ScoreHistogram, ThresholdsLieWithinOneBinOfTheExactOnes) {
  const Sample s = sample(2, 20000);
  const Verification exact = Verification::of(s.pairs).value();
  for (const double target : {0.1, 0.01, 1e-3, 2e-4}) {
    const ErrorRates got = at_fmr(s.mated, s.impostors, target).value();
    EXPECT_LE(got.fmr, target);
    EXPECT_EQ(exact.rates_at(got.threshold).fmr, got.fmr);
    EXPECT_NEAR(exact.rates_at(got.threshold).fnmr, got.fnmr, 1e-12);
    EXPECT_LE(got.threshold, exact.at_fmr(target).value().threshold + kWidth);
    EXPECT_GT(exact.rates_at(got.threshold - kWidth).fmr, target) << "a lower edge would do";
  }
}

TEST(ScoreHistogram, EerIsThatOfTheScoresUpToTheBins) {
  const Sample s = sample(3, 5000);
  const double exact = Verification::of(s.pairs).value().equal_error_rate();
  EXPECT_NEAR(equal_error_rate(s.mated, s.impostors).value(), exact, 5e-4);  // two scores of 5,000 may share a bin
  ScoreHistogram mated, impostors;                                           // hand value of verification_test.cpp
  for (const float v : {.9F, .8F, .7F, .4F}) mated.add(v);
  for (const float v : {.1F, .2F, .3F, .6F}) impostors.add(v);
  EXPECT_DOUBLE_EQ(equal_error_rate(mated, impostors).value(), 0.25);
}

TEST(ScoreHistogram, PutsTheEndsAndTheNeighboursOfEdgesWhereTheyBelong) {
  const auto bin_of = [](float score) {
    ScoreHistogram one;
    one.add(score);
    return static_cast<std::size_t>(std::max_element(one.bins().begin(), one.bins().end()) - one.bins().begin());
  };
  EXPECT_EQ(bin_of(-1), 0U);
  EXPECT_EQ(bin_of(1), 65535U);
  EXPECT_EQ(bin_of(1.0000001F), 65535U);
  EXPECT_EQ(bin_of(-1.0000001F), 0U);
  EXPECT_EQ(bin_of(0), 32768U);
  EXPECT_EQ(bin_of(-1e-30F), 32767U);  // adding 1 before scaling would round this up
  EXPECT_EQ(bin_of(0.5F), 49152U);
  EXPECT_EQ(bin_of(std::nextafter(0.5F, 0.0F)), 49151U);
}

TEST(ScoreHistogram, RemembersScoresThatAreNoNumbers) {
  ScoreHistogram mated, impostors;
  mated.add(.5F);
  for (int i = 0; i < 100; ++i) impostors.add(.1F);
  EXPECT_TRUE(at_fmr(mated, impostors, 0.1));
  impostors.add(std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(impostors.count(), 100U);
  EXPECT_EQ(at_fmr(mated, impostors, 0.1).error().message, "1 of the impostor scores are not numbers");
  EXPECT_FALSE(curve(mated, impostors));
  EXPECT_FALSE(equal_error_rate(ScoreHistogram{}, mated));
}

TEST(ScoreHistogram, MergesInAnyOrder) {
  const Sample a = sample(4, 300), b = sample(5, 200);
  ScoreHistogram ab = a.mated, ba = b.mated;
  ab.merge(b.mated);
  ba.merge(a.mated);
  EXPECT_EQ(ab, ba);
  EXPECT_EQ(ab.count(), 500U);
}

TEST(ScoreHistogram, RefusesRatesThatCannotBeShown) {
  ScoreHistogram impostors;
  for (int i = 0; i < 299; ++i) impostors.add(0.1F);
  EXPECT_EQ(at_fmr({}, impostors, 0.01).error().message, "target FMR 0.01 needs at least 300 impostor pairs, got 299");
  impostors.add(0.1F);
  EXPECT_TRUE(at_fmr({}, impostors, 0.01));
  ScoreHistogram ones;
  for (int i = 0; i < 300; ++i) ones.add(1.0F);
  EXPECT_FALSE(at_fmr({}, ones, 0.01));
}

/// All impostor pairs of persons with some pictures, scored at random.
struct Population {
  std::vector<std::uint32_t> images{3, 1, 0, 2, 4, 1, 1, 2, 5, 1};
  std::vector<ScoredPair> pairs;
  explicit Population(std::uint64_t seed) {
    Random random(seed);
    for (int a = 0; a < 10; ++a)
      for (int b = 0; b < a; ++b)
        for (std::uint32_t i = 0; i < images[static_cast<std::size_t>(a)] * images[static_cast<std::size_t>(b)]; ++i)
          pairs.push_back({.score = static_cast<float>(random.unit()), .mated = false, .first = a, .second = b});
  }
};

ImpostorTail tail_of(const Population& population, float floor) {
  ImpostorTail tail = ImpostorTail::of(floor, population.images).value();
  for (const auto& p : population.pairs)
    tail.add(p.score, static_cast<std::uint32_t>(p.first), static_cast<std::uint32_t>(p.second));
  return tail;
}

TEST(ImpostorTail, CountsAllPairsThatItDoesNotKeep) {
  // (20^2 - (9 + 1 + 4 + 16 + 1 + 1 + 4 + 25 + 1)) / 2 = (400 - 62) / 2
  const Population population(1);
  EXPECT_EQ(tail_of(population, 0.5F).impostor_pairs(), 169U);
  EXPECT_EQ(population.pairs.size(), 169U);
}

TEST(ImpostorTail, GivesTheRateAndIntervalOfAllPairs) {
  const Population population(2);
  const ImpostorTail tail = tail_of(population, 0.75F);
  EXPECT_LT(tail.kept(), population.pairs.size() / 2);
  const Figure got = tail.fmr(0.8, {.draws = 400, .seed = 9}).value();
  double above = 0;
  for (const auto& p : population.pairs) above += double{p.score} >= 0.8 ? 1 : 0;
  EXPECT_DOUBLE_EQ(got.value, above / 169);
  // The same bootstrap over every pair, written out.
  const Interval want = bootstrap_groups(10, {.draws = 400, .seed = 9}, [&](GroupWeights w) -> std::optional<double> {
                          double all = 0, matches = 0;
                          for (const auto& p : population.pairs) {
                            const double weight = double{1} * w[static_cast<std::size_t>(p.first)] *
                                                  w[static_cast<std::size_t>(p.second)];
                            all += weight;
                            if (double{p.score} >= 0.8) matches += weight;
                          }
                          if (all <= 0) return std::nullopt;
                          return matches / all;
                        }).value();
  EXPECT_NEAR(got.interval->low, want.low, 1e-12);
  EXPECT_NEAR(got.interval->high, want.high, 1e-12);
  EXPECT_EQ(got.samples, 169);
}

TEST(ImpostorTail, RefusesThresholdsBelowWhatItKept) {
  const ImpostorTail tail = tail_of(Population(3), 0.5F);
  EXPECT_EQ(tail.fmr(0.25).error().message, "threshold 0.25 is below 0.5, the lowest score that was kept");
  EXPECT_FALSE(ImpostorTail::of(2, {1, 1}));
  EXPECT_FALSE(ImpostorTail::of(0, {5}));
  ImpostorTail wrong = ImpostorTail::of(0, {1, 1}).value();
  wrong.add(0.9F, 0, 2);
  EXPECT_EQ(wrong.fmr(0.5).error().message, "impostor pair of persons 0 and 2: two different of 0 to 1");
}

}  // namespace
}  // namespace vultus::evaluation
