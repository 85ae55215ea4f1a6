// Pairs that a known distribution makes, votes by hand, and opinions that contradict each other.
#include <array>
#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include <vultus/expression/pairwise.hpp>

namespace vultus::expression {
namespace {

/// r_ij = p_i / (p_i + p_j)
std::vector<double> pairs_from(std::span<const double> p) {
  std::vector<double> pairs;
  for (std::size_t i = 0; i < p.size(); ++i)
    for (std::size_t j = i + 1; j < p.size(); ++j) pairs.push_back(p[i] / (p[i] + p[j]));
  return pairs;
}

TEST(Pairs, HaveThePlacesThatTheirOrderGives) {
  for (const std::size_t classes : {2U, 3U, 7U, 8U}) {
    std::size_t place = 0;
    for (std::size_t i = 0; i < classes; ++i)
      for (std::size_t j = i + 1; j < classes; ++j) EXPECT_EQ(pair_place(i, j, classes), place++);
    EXPECT_EQ(place, pairs_of(classes));
  }
  EXPECT_EQ(pairs_of(8), 28U);
}

TEST(Coupling, ReturnsTheDistributionThatMadeThePairs) {
  const std::array p{0.5, 0.3, 0.2};
  const auto q = couple(pairs_from(p), 3).value();
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(q[i], p[i], 1e-12);
  EXPECT_EQ(votes_of(pairs_from(p), 3).value(), (std::vector<double>{2, 1, 0}));
  EXPECT_EQ(winner_of_votes(pairs_from(p), 3).value(), 0U);
}

TEST(Coupling, ReturnsAnyDistributionOfSevenClasses) {
  std::mt19937_64 engine(3);
  for (int round = 0; round < 50; ++round) {
    std::array<double, 7> p{};
    for (double& value : p) value = 1e-3 + static_cast<double>(engine() >> 11U) * 0x1p-53;
    const double sum = std::accumulate(p.begin(), p.end(), 0.0);
    for (double& value : p) value /= sum;
    const auto q = couple(pairs_from(p), 7).value();
    for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(q[i], p[i], 1e-9);
  }
}

TEST(Coupling, MinimisesWhatItSays) {
  // Opinions that no distribution makes; every small step along the simplex must cost more.
  const std::vector<double> pairs{0.9, 0.2, 0.7};
  const auto cost = [&](const std::vector<double>& p) {
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = i + 1; j < 3; ++j) {
        const double r = pairs[pair_place(i, j, 3)];
        sum += 2 * std::pow((1 - r) * p[i] - r * p[j], 2);
      }
    return sum;
  };
  const auto best = couple(pairs, 3).value();
  EXPECT_NEAR(std::accumulate(best.begin(), best.end(), 0.0), 1, 1e-12);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      if (i == j) continue;
      auto moved = best;
      moved[i] += 1e-4, moved[j] -= 1e-4;
      EXPECT_GT(cost(moved), cost(best));
    }
}

TEST(Coupling, OfTwoClassesIsThePair) {
  const auto p = couple(std::array{0.8}, 2).value();
  // minimise 2 (.2 p0 - .8 p1)^2: p0 = .8
  EXPECT_NEAR(p[0], 0.8, 1e-12);
}

TEST(Coupling, CertainPairsStayProbabilities) {
  const auto p = couple(std::array{1.0, 1.0, 0.5}, 3).value();
  EXPECT_NEAR(p[0], 1, 1e-6);
  for (const double value : p) EXPECT_GE(value, 0);
}

TEST(Votes, ATieGoesToTheLargerSumOfOpinions) {
  // 0 beats 1, 1 beats 2, 2 beats 0: one vote each; sums .9 + .4, .1 + .8, .2 + .6
  const std::array circle{0.9, 0.4, 0.8};
  EXPECT_EQ(votes_of(circle, 3).value(), (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(winner_of_votes(circle, 3).value(), 0U);
  EXPECT_EQ(votes_of(std::array{0.5}, 2).value(), (std::vector<double>{0.5, 0.5}));
}

TEST(Coupling, RefusesWhatAreNoPairs) {
  EXPECT_EQ(couple(std::array{0.5, 0.5}, 3).error().message, "3 classes have 3 pairs, not 2 (at least 2 classes)");
  EXPECT_EQ(couple(std::array{1.5}, 2).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(couple(std::array{std::nan("")}, 2).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(couple({}, 1).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::expression
