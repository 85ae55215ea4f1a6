// Fairness metrics on small tables; the published tables are recomputed in the room audit.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/evaluation/fairness.hpp>
#include <vultus/evaluation/row_bootstrap.hpp>

namespace vultus::evaluation {
namespace {

using ::testing::HasSubstr;
using GroupCounts = std::vector<std::vector<std::vector<int>>>;  // [group][truth][predicted]

GroupedPredictions predictions_of(const GroupCounts& counts) {
  GroupedPredictions all;
  for (std::size_t c = 0; c < counts.front().size(); ++c) all.classes.push_back("class " + std::to_string(c));
  for (std::size_t g = 0; g < counts.size(); ++g) {
    all.groups.push_back("group " + std::to_string(g));
    for (std::size_t c = 0; c < all.classes.size(); ++c)
      for (std::size_t k = 0; k < all.classes.size(); ++k)
        for (int i = 0; i < counts[g][c][k]; ++i)
          all.rows.push_back(
              {static_cast<std::uint32_t>(c), static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(g)});
  }
  return all;
}

const GroupCounts kThreeGroups{
    {{5, 2, 1}, {1, 6, 3}, {2, 2, 8}}, {{9, 1, 2}, {0, 4, 4}, {3, 1, 6}}, {{3, 3, 3}, {2, 7, 1}, {1, 0, 9}}};

TEST(Fairness, EqualsFairlearnForTwoClasses) {
  // fairlearn 0.15 on the same rows: equalized_odds_difference(agg="mean") = .1666667, true positive rates .75 and .5,
  // false positive rates 1/3 and 1/4. For two classes EqOpp and TTEqOdds are that mean.
  const FairnessScores got = fairness_scores(predictions_of({{{4, 2}, {1, 3}}, {{3, 1}, {3, 3}}})).value();
  EXPECT_NEAR(got.eqopp, 1.0 / 6, 1e-12);
  EXPECT_NEAR(got.tteqodds, 1.0 / 6, 1e-12);
  EXPECT_NEAR(got.error, 7.0 / 20, 1e-12);
  // Column sums of group 0: 2/3 + 1/4, of group 1: 3/4 + 1/2; the other column mirrors it.
  EXPECT_NEAR(got.dempar, (3.0 / 4 + 1.0 / 2) - (2.0 / 3 + 1.0 / 4), 1e-12);
}

TEST(Fairness, EqualsAnIndependentReckoning) {
  // The formulas in NumPy, written apart from this code.
  const FairnessScores got = fairness_scores(predictions_of(kThreeGroups)).value();
  EXPECT_NEAR(got.error, 0.3595505617977528, 1e-12);
  EXPECT_NEAR(got.od, 0.29056437389770723, 1e-12);
  EXPECT_NEAR(got.cev.value(), 0.178322102255745, 1e-12);
  EXPECT_NEAR(got.sde.value(), 0.37824212959446873, 1e-12);
  EXPECT_NEAR(got.tteqodds, 0.2601851851851852, 1e-12);
  EXPECT_NEAR(got.ceqodds.value(), 0.22834770349787514, 1e-12);
  EXPECT_NEAR(got.eqopp, 0.3055555555555556, 1e-12);
  EXPECT_NEAR(got.dempar, 0.3361111111111112, 1e-12);
}

TEST(Fairness, IsZeroWhereGroupsAreAlikeWhateverTheirSize) {
  const FairnessScores got = fairness_scores(predictions_of({{{4, 2}, {1, 3}}, {{8, 4}, {2, 6}}})).value();
  for (const NamedScore& one : fairness_names())
    if (std::string(one.name) != "error") {
      EXPECT_NEAR(one.value(got).value(), 0, 1e-12) << one.name;
    }
}

TEST(Fairness, WeightsAreRepeatedRows) {
  GroupedPredictions all = predictions_of(kThreeGroups);
  std::vector<std::uint32_t> weights(all.rows.size(), 1);
  weights[3] = 3;
  const FairnessScores weighed = fairness_scores(all, weights).value();
  all.rows.push_back(all.rows[3]);
  all.rows.push_back(all.rows[3]);
  const FairnessScores repeated = fairness_scores(all).value();
  for (const NamedScore& one : fairness_names())
    EXPECT_NEAR(one.value(weighed).value(), one.value(repeated).value(), 1e-12);
}

TEST(Fairness, RefusesWhatItCannotTellAndNamesIt) {
  const auto message = [](const GroupCounts& counts) {
    return fairness_scores(predictions_of(counts)).error().message;
  };
  EXPECT_EQ(message({{{4, 2}, {1, 3}}, {{3, 1}, {0, 0}}}),
            "group \"group 1\" has no sample of class \"class 1\": its recall there is unknown, not 0");
  EXPECT_EQ(message({{{4, 2}, {1, 3}}, {{1, 0}, {0, 0}}}),
            "group \"group 1\" has 1 member: no rate can be told from one");
  EXPECT_THAT(message({{{4, 1}, {1, 3}}}), HasSubstr("2 classes and 1 groups"));
  GroupedPredictions typo = predictions_of(kThreeGroups);
  typo.rows[2].predicted = 7;
  EXPECT_EQ(fairness_scores(typo).error().message, "prediction 2: a class or group out of range");
}

TEST(Fairness, WhatIsUndefinedIsLeftOutAndSaysWhy) {
  const FairnessScores got = fairness_scores(predictions_of({{{4, 0}, {0, 3}}, {{4, 0}, {1, 3}}})).value();
  EXPECT_FALSE(got.ceqodds);
  EXPECT_EQ(got.why_no_ceqodds, "group \"group 0\" has no errors: where they go is undefined");
  EXPECT_FALSE(got.cev);
  EXPECT_FALSE(got.sde);
  EXPECT_EQ(got.why_no_cev, "class \"class 0\" has no false negatives at all, by whose rate is divided");
  EXPECT_NEAR(got.error, 1.0 / 15, 1e-12);
  EXPECT_NEAR(got.eqopp, 0.125, 1e-12) << "the others are there";
  for (const NamedScore& one : fairness_names()) {
    const bool defined = one.value(got).has_value();
    EXPECT_EQ(defined, one.why_not == nullptr) << one.name;
    if (!defined) {
      EXPECT_FALSE(one.why_not(got)->empty());
    }
  }
}

TEST(RowBootstrap, GivesTheIntervalOfASingleStatisticForEachOfSeveral) {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  RowGroups groups = RowGroups::by_name(
      std::vector<std::string>{"a", "a", "b", "b", "c", "c", "d", "d", "e", "e", "f", "f"}, "people");
  EXPECT_EQ(groups.groups, 6U);
  const auto mean = [&](std::span<const std::uint32_t> w) -> std::optional<double> {
    double sum = 0;
    double n = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += w[i] * values[i], n += w[i];
    return n > 0 ? std::optional(sum / n) : std::nullopt;
  };
  const BootstrapOptions options{.draws = 500, .seed = 9};
  const auto got = bootstrap_rows(groups, options, [&](std::span<const std::uint32_t> w) {
    return std::vector<std::optional<double>>{mean(w), std::nullopt};
  });
  ASSERT_TRUE(got);
  // The same draws through bootstrap_groups, which sees groups and not rows.
  const Interval want = bootstrap_groups(6, options, [&](GroupWeights w) {
                          std::vector<std::uint32_t> rows;
                          for (const std::uint32_t group : groups.group_of) rows.push_back(w[group]);
                          return mean(rows);
                        }).value();
  EXPECT_EQ(got.value()[0], want);
  EXPECT_FALSE(got.value()[1]) << "a statistic that is never defined has no interval";
  // The mean of whole groups varies more than that of single rows.
  const auto single = bootstrap_rows(RowGroups::each(12), options, [&](std::span<const std::uint32_t> w) {
    return std::vector<std::optional<double>>{mean(w)};
  });
  EXPECT_LT(single.value()[0]->high - single.value()[0]->low, want.high - want.low);
}

}  // namespace
}  // namespace vultus::evaluation
