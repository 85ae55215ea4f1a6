// Known answers of the metrics of classifiers, regressors, forecasts, raters and searches.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <vultus/evaluation/agreement.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/classification.hpp>
#include <vultus/evaluation/identification.hpp>
#include <vultus/evaluation/probability.hpp>
#include <vultus/evaluation/regression.hpp>

namespace vultus::evaluation {
namespace {

using Rows = std::vector<std::vector<std::uint64_t>>;
using Ratings = std::vector<std::vector<std::optional<double>>>;

TEST(Classification, EqualsTheKnownAnswers) {
  // Table of metrics, section 4 of the protocol methods; scikit-learn gives .68, .7, .6678733, .6783710.
  const auto matrix = ConfusionMatrix::of_rows(Rows{{8, 1, 1}, {2, 5, 3}, {0, 1, 4}}).value();
  const ClassificationScores got = classification_scores(matrix).value();
  EXPECT_NEAR(got.accuracy, 0.68, 1e-12);
  EXPECT_NEAR(got.uar, 0.7, 1e-12);
  EXPECT_NEAR(got.uf1, 0.6678733031674208, 1e-12);
  EXPECT_NEAR(got.wf1, 0.6783710407239819, 1e-12);
}

TEST(Classification, LeavesOutClassesThatDoNotOccur) {
  // Class 2 is predicted once and never true: recall over two classes (1/2, 1), F1 2/3, 1 and 0 over three.
  // Class 3 occurs nowhere and counts nowhere.
  const auto matrix = ConfusionMatrix::of_rows(Rows{{1, 0, 1, 0}, {0, 2, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}}).value();
  const ClassificationScores got = classification_scores(matrix).value();
  EXPECT_NEAR(got.uar, 0.75, 1e-12);
  EXPECT_NEAR(got.uf1, (2.0 / 3 + 1) / 3, 1e-12);
  EXPECT_NEAR(got.wf1, (2.0 / 3 + 1) / 2, 1e-12);
}

TEST(Classification, CountsSamplesAndRefusesForeignLabels) {
  ConfusionMatrix matrix = ConfusionMatrix::of_classes(2).value();
  EXPECT_FALSE(classification_scores(matrix));
  EXPECT_TRUE(matrix.add(0, 1));
  EXPECT_TRUE(matrix.add(1, 1));
  EXPECT_EQ(matrix.at(0, 1), 1U);
  EXPECT_EQ(matrix.predicted(1), 2U);
  EXPECT_EQ(matrix.add(2, 0).error().message, "truth 2 and prediction 0: there are 2 classes, from 0");
  EXPECT_FALSE(ConfusionMatrix::of_classes(1));
  EXPECT_FALSE(ConfusionMatrix::of_rows(Rows{{1, 2}, {3}}));
}

TEST(Regression, EqualsTheKnownAnswers) {
  // (1,2,3,4) and (2,4,6,9): 1 - Pearson = .0056232873 (methods of physiology). By hand: errors 1, 2, 3, 5;
  // covariance 2.875, variances 1.25 and 6.6875, means 2.5 and 5.25: CCC = 5.75 / (7.9375 + 7.5625).
  const auto got = regression_scores(std::vector<double>{1, 2, 3, 4}, std::vector<double>{2, 4, 6, 9}).value();
  EXPECT_NEAR(1 - got.pearson.value(), 0.0056232873, 1e-10);
  EXPECT_NEAR(got.ccc.value(), 5.75 / 15.5, 1e-12);
  EXPECT_NEAR(got.mae, 2.75, 1e-12);
  EXPECT_NEAR(got.rmse, std::sqrt(39.0 / 4), 1e-12);
}

TEST(Regression, CorrelationOfAConstantIsNotANumberOfOurs) {
  const std::vector<double> rising{1, 2, 3}, flat{2, 2, 2}, also_flat{3, 3, 3};
  EXPECT_FALSE(regression_scores(rising, flat).value().pearson);
  EXPECT_EQ(regression_scores(rising, flat).value().ccc, 0);
  EXPECT_FALSE(regression_scores(flat, flat).value().ccc);
  EXPECT_EQ(regression_scores(flat, also_flat).value().ccc, 0);
  EXPECT_NEAR(regression_scores(rising, rising).value().ccc.value(), 1, 1e-15);
  EXPECT_FALSE(regression_scores(rising, std::vector<double>{1, 2}));
  EXPECT_FALSE(regression_scores(std::vector<double>{}, std::vector<double>{}));
  EXPECT_EQ(regression_scores(rising, std::vector<double>{1, std::nan(""), 3}).error().message,
            "value 1 is not a finite number");
}

TEST(Regression, KeepsItsDigitsOverManyLargeValues) {
  std::vector<double> truth, predicted;
  truth.reserve(200000);
  predicted.reserve(200000);
  for (int i = 0; i < 200000; ++i) {
    truth.push_back(1e9 + i % 7);
    predicted.push_back(1e9 + i % 7 + (i % 2 == 0 ? 0.5 : -0.5));
  }
  const auto got = regression_scores(truth, predicted).value();
  EXPECT_NEAR(got.mae, 0.5, 1e-9);
  // Variance of 0..6 is 4, the error is independent of it and has variance .25: Pearson = sqrt(4 / 4.25).
  EXPECT_NEAR(got.pearson.value(), std::sqrt(4 / 4.25), 1e-4);
}

TEST(Forecast, EqualsTheHandValues) {
  const std::vector<BinaryForecast> f{{0.9, true}, {0.8, true}, {0.3, false}, {0.2, true}, {0.6, false}};
  const ForecastScores got = forecast_scores(f, 2).value();
  EXPECT_NEAR(got.brier, (0.01 + 0.04 + 0.09 + 0.64 + 0.36) / 5, 1e-12);
  EXPECT_NEAR(got.nll, 0.6421815310438047, 1e-12);  // sklearn.metrics.log_loss
  // Below .5: mean p .25, mean y .5; from .5: mean p 2.3/3, mean y 2/3. ECE = 2/5 * .25 + 3/5 * .1.
  EXPECT_NEAR(got.ece, 0.16, 1e-12);
}

TEST(Forecast, OfCertaintyIsPerfectOrFinite) {
  const ForecastScores right = forecast_scores(std::vector<BinaryForecast>{{1, true}, {0, false}}).value();
  EXPECT_EQ(right.brier, 0);
  EXPECT_EQ(right.ece, 0);
  EXPECT_NEAR(right.nll, 0, 1e-14);
  EXPECT_NEAR(forecast_scores(std::vector<BinaryForecast>{{1, false}}).value().nll, 15 * std::log(10.0), 1e-6);
  EXPECT_FALSE(forecast_scores(std::vector<BinaryForecast>{{1.5, true}}));
  EXPECT_FALSE(forecast_scores(std::vector<BinaryForecast>{{std::nan(""), true}}));
  EXPECT_FALSE(forecast_scores({}));
}

TEST(Conformal, TakesTheRankOfTheKnownAnswer) {
  EXPECT_EQ(conformal_rank(19, 0.1).value(), 18U);  // ceil(20 * .9)
  EXPECT_EQ(conformal_rank(99, 0.05).value(), 95U);
  EXPECT_EQ(conformal_rank(10, 0.25).value(), 9U);  // ceil(8.25)
  EXPECT_FALSE(conformal_rank(8, 0.1));             // ceil(8.1) = 9 > 8
  EXPECT_FALSE(conformal_rank(19, 0));
}

TEST(CohenKappa, EqualsTheHandValue) {
  // p_o = 35/50, p_e = .5 * .6 + .5 * .4 = .5.
  EXPECT_NEAR(cohen_kappa(ConfusionMatrix::of_rows(Rows{{20, 5}, {10, 15}}).value()).value(), 0.4, 1e-12);
  EXPECT_NEAR(cohen_kappa(ConfusionMatrix::of_rows(Rows{{3, 0}, {0, 4}}).value()).value(), 1, 1e-12);
  EXPECT_FALSE(cohen_kappa(ConfusionMatrix::of_rows(Rows{{3, 0}, {0, 0}}).value()));
}

TEST(FleissKappa, EqualsThePublishedExample) {
  // 14 raters, 10 items, 5 labels: the worked example of the encyclopaedia article on Fleiss' kappa, .210.
  const std::vector<std::vector<std::uint32_t>> counts{
      {0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1},
      {7, 7, 0, 0, 0},  {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}};
  EXPECT_NEAR(fleiss_kappa(counts).value(), 0.20993070442195522, 1e-12);  // the formula in NumPy
  EXPECT_FALSE(fleiss_kappa(std::vector<std::vector<std::uint32_t>>{{2, 1}, {1, 1}}));
  EXPECT_FALSE(fleiss_kappa(std::vector<std::vector<std::uint32_t>>{{3, 0}, {3, 0}}));
}

Ratings krippendorff_example() {
  // 4 raters, 12 units, section 4 of the protocol methods; . = not rated.
  Ratings ratings;
  for (const std::string row : {"12332141 2...", "12332241 25.3", ".3332342 251.", "12332441 251."}) {
    std::vector<std::optional<double>> values;
    for (const char c : row) {
      if (c == ' ') continue;
      values.push_back(c == '.' ? std::nullopt : std::optional<double>(c - '0'));
    }
    ratings.push_back(values);
  }
  return ratings;
}

TEST(KrippendorffAlpha, EqualsTheKnownAnswers) {
  const Ratings ratings = krippendorff_example();
  EXPECT_NEAR(krippendorff_alpha(ratings, AlphaLevel::nominal).value(), 0.743421, 5e-7);
  EXPECT_NEAR(krippendorff_alpha(ratings, AlphaLevel::ordinal).value(), 0.815388, 5e-7);
  EXPECT_NEAR(krippendorff_alpha(ratings, AlphaLevel::interval).value(), 0.849107, 5e-7);
}

TEST(KrippendorffAlpha, IgnoresUnitsWithOneRatingAndTheOrderOfRaters) {
  Ratings ratings = krippendorff_example();
  for (auto& row : ratings) row.emplace_back();
  ratings[2].back() = 4;
  std::swap(ratings[0], ratings[3]);
  EXPECT_NEAR(krippendorff_alpha(ratings, AlphaLevel::ordinal).value(), 0.815388, 5e-7);
}

TEST(KrippendorffAlpha, IsOneForAgreementAndNearZeroForChance) {
  EXPECT_NEAR(krippendorff_alpha(Ratings{{1, 2, 3}, {1, 2, 3}}, AlphaLevel::interval).value(), 1, 1e-12);
  Random random(5);
  Ratings chance(3);
  for (auto& row : chance)
    for (int unit = 0; unit < 4000; ++unit) row.emplace_back(static_cast<double>(random.below(4)));
  EXPECT_NEAR(krippendorff_alpha(chance, AlphaLevel::nominal).value(), 0, 0.03);  // null setting: no agreement planted
  EXPECT_FALSE(krippendorff_alpha(Ratings{{1, 1}, {1, 1}}, AlphaLevel::nominal));
  EXPECT_FALSE(krippendorff_alpha(Ratings{{1, std::nullopt}, {std::nullopt, 1}}, AlphaLevel::nominal));
  EXPECT_FALSE(krippendorff_alpha(Ratings{{1, 2}, {1}}, AlphaLevel::nominal));
  EXPECT_FALSE(krippendorff_alpha(Ratings{}, AlphaLevel::nominal));
}

TEST(Identification, EqualsTheHandCounts) {
  std::vector<ProbeResult> probes{
      {.best = .9, .mated = true, .own = .9, .own_rank = 1},
      {.best = .8, .mated = true, .own = .6, .own_rank = 2},
      {.best = .4, .mated = true, .own = .4, .own_rank = 1},
      {.best = .7, .mated = true, .own = .1, .own_rank = 9},
      {.best = .3},
      {.best = .5},
  };
  const Identification got = Identification::of(probes).value();
  EXPECT_DOUBLE_EQ(got.fpir(.5).value(), .5);
  EXPECT_DOUBLE_EQ(got.fpir(.51).value(), 0);
  EXPECT_DOUBLE_EQ(got.fnir(.5).value(), .75);    // only the first is found
  EXPECT_DOUBLE_EQ(got.fnir(.5, 2).value(), .5);  // and the second within the first two
  EXPECT_DOUBLE_EQ(got.fnir(-1, 1).value(), .5);  // closed set: rank-1 hit rate 1/2
  EXPECT_DOUBLE_EQ(got.fnir(-1, 10).value(), 0);
  EXPECT_EQ(got.threshold_at_fpir(.1).error().message, "target FPIR 0.1 needs at least 30 non-mated probes, got 2");
  probes[0].own = 1;
  EXPECT_FALSE(Identification::of(probes));
}

TEST(Identification, KeepsTheWantedAlarmRate) {
  std::vector<ProbeResult> probes;
  probes.reserve(100);
  for (int i = 0; i < 100; ++i) probes.push_back({.best = i / 100.0});
  const Identification got = Identification::of(probes).value();
  EXPECT_DOUBLE_EQ(got.threshold_at_fpir(.1).value(), .9);  // .90 to .99: ten of a hundred
  EXPECT_FALSE(got.fnir(0));
}

}  // namespace
}  // namespace vultus::evaluation
