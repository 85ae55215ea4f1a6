// Known answers of rankings, attacks, calibrated confidence, associations and their plots.
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/evaluation/association.hpp>
#include <vultus/evaluation/attack.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/classification.hpp>
#include <vultus/evaluation/confidence.hpp>
#include <vultus/evaluation/plots_of_classes.hpp>
#include <vultus/evaluation/ranking.hpp>
#include <vultus/evaluation/regression.hpp>

namespace vultus::evaluation {
namespace {

using ::testing::HasSubstr;

const std::vector<RankedItem> kMixed{{.9, true}, {.8, false}, {.3, true}, {.2, false}};
const std::vector<RankedItem> kPerfect{{.9, true}, {.8, true}, {.7, false}, {.2, false}};

TEST(AveragePrecision, EqualsTheKnownAnswersInBothSpellings) {
  // Section 4 of the protocol methods; scikit-learn 1.9.1 average_precision_score gives .8333333 and 1.
  EXPECT_NEAR(average_precision(kMixed).value(), 5.0 / 6, 1e-12);
  EXPECT_NEAR(average_precision(kPerfect).value(), 1, 1e-12);
  EXPECT_NEAR(average_precision_1000(kMixed).value(), 0.5416667, 5e-8);
  // A perfect ranking scores .75: no positive reaches .999.
  EXPECT_NEAR(average_precision_1000(kPerfect).value(), 0.75, 1e-12);
}

TEST(AveragePrecision, TakesItemsOfOneScoreTogether) {
  // scikit-learn: average_precision_score([1,0,1,0,0,1], [.9,.9,.5,.5,.5,.1]) = .4666667, roc_auc_score = .3888889.
  const std::vector<RankedItem> ties{{.9, true}, {.9, false}, {.5, true}, {.5, false}, {.5, false}, {.1, true}};
  EXPECT_NEAR(average_precision(ties).value(), 0.4666666666666667, 1e-12);
  EXPECT_NEAR(roc_auc(ties).value(), 0.3888888888888889, 1e-12);
  EXPECT_NEAR(roc_auc(kMixed).value(), 0.75, 1e-12);
}

TEST(AveragePrecision, RefusesWhatHasNoAnswer) {
  EXPECT_FALSE(average_precision({}));
  EXPECT_EQ(average_precision(std::vector<RankedItem>{{.5, false}}).error().message,
            "no scored item is a positive one");
  EXPECT_FALSE(average_precision(std::vector<RankedItem>{{std::nan(""), true}}));
  EXPECT_FALSE(average_precision_1000(std::vector<RankedItem>{{1.2, true}}));
  EXPECT_FALSE(roc_auc(std::vector<RankedItem>{{.5, true}}));
}

TEST(TopK, EqualsScikitLearnAndGivesNothingForTies) {
  // top_k_accuracy_score([1, 2, 2, 1], scores, k) = .5, 1, 1 for k = 1, 2, 3.
  const std::vector<std::vector<double>> scores{{.1, .6, .3}, {.5, .2, .3}, {.2, .3, .5}, {.4, .35, .25}};
  const std::vector<std::size_t> truth{1, 2, 2, 1};
  EXPECT_DOUBLE_EQ(top_k_accuracy(scores, truth, 1).value(), .5);
  EXPECT_DOUBLE_EQ(top_k_accuracy(scores, truth, 2).value(), 1);
  const std::vector<std::vector<double>> equal{{.5, .5}, {.5, .5}};
  EXPECT_DOUBLE_EQ(top_k_accuracy(equal, std::vector<std::size_t>{0, 1}, 1).value(), 0);
  EXPECT_FALSE(top_k_accuracy(scores, truth, 4));
  EXPECT_FALSE(top_k_accuracy(scores, std::vector<std::size_t>{1, 2, 2, 3}, 1));
}

TEST(AverageBinaryF1, IsTheMeanOfBothClasses) {
  // F1 of class 0: 2 * 3 / (4 + 5) = 2/3; of class 1: 2 * 4 / (6 + 5) = 8/11.
  const auto matrix = ConfusionMatrix::of_rows(std::vector<std::vector<std::uint64_t>>{{3, 1}, {2, 4}}).value();
  EXPECT_NEAR(average_binary_f1(matrix).value(), (2.0 / 3 + 8.0 / 11) / 2, 1e-12);
  EXPECT_FALSE(average_binary_f1(ConfusionMatrix::of_classes(3).value()));
}

TEST(Attack, EqualsTheKnownAnswer) {
  // 3 of 50 attacks pass, 2 of 40 live people do not: ACER = (.06 + .05) / 2.
  std::vector<Presentation> all;
  for (int i = 0; i < 50; ++i) all.push_back({i < 3 ? .9 : .1, "replay"});
  for (int i = 0; i < 40; ++i) all.push_back({i < 2 ? .1 : .9, ""});
  const AttackErrors one = attack_errors(all, .5).value();
  EXPECT_NEAR(one.apcer, 3.0 / 50, 1e-12);
  EXPECT_NEAR(one.bpcer, 2.0 / 40, 1e-12);
  EXPECT_NEAR(one.acer, .055, 1e-12);
  EXPECT_NEAR(one.hter, .055, 1e-12);
  // Ten masks of which five pass: the worst species counts for APCER, all of them for HTER.
  for (int i = 0; i < 10; ++i) all.push_back({i < 5 ? .9 : .1, "mask"});
  const AttackErrors two = attack_errors(all, .5).value();
  EXPECT_NEAR(two.apcer, .5, 1e-12);
  EXPECT_NEAR(two.far, 8.0 / 60, 1e-12);
  EXPECT_NEAR(two.hter, (8.0 / 60 + .05) / 2, 1e-12);
  ASSERT_EQ(two.species.size(), 2U);
  EXPECT_EQ(two.species[0].species, "mask");
}

TEST(Attack, ThresholdKeepsEverySpeciesBelowTheWantedRate) {
  std::vector<Presentation> all;
  for (int i = 0; i < 100; ++i) all.push_back({i / 100.0, "print"});
  for (int i = 0; i < 10; ++i) all.push_back({.5 + i / 100.0, "mask"});
  all.push_back({.8, ""});
  const double at = threshold_at_apcer(all, .1).value();
  const AttackErrors errors = attack_errors(all, at).value();
  EXPECT_LE(errors.apcer, .1);
  EXPECT_NEAR(at, .89, 1e-12);  // prints .90 to .99 pass: ten of a hundred
  EXPECT_FALSE(threshold_at_apcer(all, 1));
  EXPECT_FALSE(attack_errors(std::vector<Presentation>{{.5, "print"}}, .5));
  EXPECT_FALSE(attack_errors(std::vector<Presentation>{{.5, ""}}, .5));
  EXPECT_FALSE(attack_errors(std::vector<Presentation>{{std::nan(""), ""}}, .5));
}

TEST(Attack, EqualErrorIsWhereBothRatesMeet) {
  // Live .9 .8 .7 .2, attacks .6 .5 .4 .3: at .3 one live of four is turned away and all attacks pass; above .6 none.
  const std::vector<Presentation> all{{.9, ""},  {.8, ""},  {.7, ""},  {.2, ""},
                                      {.6, "a"}, {.5, "b"}, {.4, "a"}, {.3, "b"}};
  // From threshold .5 (2 of 4 pass) to .6 (1 of 4): at .6 both are 1/4.
  const EqualError error = equal_error(all).value();
  EXPECT_NEAR(error.rate, .25, 1e-12);
  EXPECT_NEAR(error.threshold, .6, 1e-12);
  const std::vector<Presentation> apart{{.9, ""}, {.8, ""}, {.1, "a"}};
  EXPECT_NEAR(equal_error(apart).value().rate, 0, 1e-12);
  const std::vector<Presentation> reversed{{.1, ""}, {.9, "a"}};
  EXPECT_NEAR(equal_error(reversed).value().rate, 1, 1e-12);
  const std::vector<Presentation> same{{.5, ""}, {.5, "a"}};
  EXPECT_NEAR(equal_error(same).value().rate, .5, 1e-12);
  EXPECT_FALSE(equal_error(std::vector<Presentation>{{.5, ""}}));
}

std::vector<ClassForecast> forecasts() {
  return {{{.7, .2, .1}, 0}, {{.1, .8, .1}, 1},   {{.3, .3, .4}, 0},   {{.6, .3, .1}, 1},
          {{.2, .5, .3}, 1}, {{.05, .05, .9}, 2}, {{.34, .33, .33}, 2}};
}

TEST(Confidence, EqualsScikitLearnAndNumPy) {
  // log_loss = .6992763; mean squared distance to the one-hot truth = .4097714; bins of np.array_split of the sorted
  // confidences into 3: .12.
  const ConfidenceScores got = confidence_scores(forecasts(), 3).value();
  EXPECT_NEAR(got.nll, 0.6992763463777425, 1e-12);
  EXPECT_NEAR(got.brier, 0.40977142857142856, 1e-12);
  EXPECT_NEAR(got.accuracy, 4.0 / 7, 1e-12);
  EXPECT_NEAR(got.ece, 0.12, 1e-12);
  ASSERT_EQ(got.bins.size(), 3U);
  EXPECT_EQ(got.bins[0].samples, 3U);
  EXPECT_EQ(got.bins[2].samples, 2U);
}

TEST(Confidence, TemperatureIsTheMinimumOfTheLikelihood) {
  // scipy.optimize.minimize_scalar over log T: .5942412.
  EXPECT_NEAR(fit_temperature(forecasts()).value(), 0.5942412213942948, 1e-5);
  // Tempering by T and fitting again gives 1 / T of before times T: the fitted one is scaled by what was done.
  std::vector<ClassForecast> sharper = forecasts();
  for (ClassForecast& one : sharper) one.probabilities = tempered(one.probabilities, 0.25);
  EXPECT_NEAR(fit_temperature(sharper).value(), 4 * 0.5942412213942948, 1e-4);
}

TEST(Confidence, RefusesWhatIsNoForecast) {
  EXPECT_FALSE(confidence_scores({}));
  EXPECT_EQ(confidence_scores(std::vector<ClassForecast>{{{.5, .6}, 0}}).error().message,
            "forecast 0: probabilities sum to 1.1, not 1");
  EXPECT_FALSE(confidence_scores(std::vector<ClassForecast>{{{.5, .5}, 2}}));
  EXPECT_FALSE(confidence_scores(std::vector<ClassForecast>{{{std::nan(""), .5}, 0}}));
  EXPECT_FALSE(confidence_scores(forecasts(), 0));
}

TEST(Conformal, CoversWhatItPromisesOnPlantedData) {
  // Planted: three classes drawn from their own forecast. 19 calibration scores at .1 take the 18th smallest.
  Random random(3);
  const auto draw = [&](std::size_t n) {
    std::vector<ClassForecast> all;
    for (std::size_t i = 0; i < n; ++i) {
      const double a = random.unit() * .8;
      const double b = random.unit() * (1 - a);
      const double u = random.unit();
      all.push_back({{a, b, 1 - a - b}, std::size_t{u < a ? 0U : u < a + b ? 1U : 2U}});
    }
    return all;
  };
  const double limit = conformal_limit(draw(2000), .1).value();
  const ConformalCoverage got = conformal_coverage(draw(10000), limit).value();
  EXPECT_GE(got.coverage, .88);  // the bound of the methods for 10^4 test points
  EXPECT_LE(got.coverage, .92);
  EXPECT_GT(got.mean_size, 1);
  std::vector<ClassForecast> ordered;
  for (int i = 1; i <= 19; ++i) ordered.push_back({{1 - i / 20.0, i / 20.0}, 0});
  EXPECT_NEAR(conformal_limit(ordered, .1).value(), 18 / 20.0, 1e-12);
  EXPECT_FALSE(conformal_limit(std::vector<ClassForecast>(ordered.begin(), ordered.begin() + 8), .1));
}

TEST(Association, EqualsTheKnownAnswers) {
  const Association square = association(CountTable{{30, 10}, {10, 30}}).value();
  EXPECT_NEAR(square.cramers_v, .5, 1e-12);
  EXPECT_NEAR(square.nmi, .188722, 5e-7);
  // scipy.stats.chi2_contingency(correction=False), normalized_mutual_info_score(average_method="geometric").
  const Association wide = association(CountTable{{12, 5, 3}, {4, 9, 20}}).value();
  EXPECT_NEAR(wide.cramers_v, 0.5398961566506293, 1e-12);
  EXPECT_NEAR(wide.nmi, 0.18098180107445858, 1e-12);
  EXPECT_NEAR(wide.mutual_information, 0.15279693621102675, 1e-12);
  EXPECT_NEAR(wide.chi_squared, 15.448856578204403, 1e-9);
  EXPECT_NEAR(phi(30, 10, 10, 30).value(), .5, 1e-12);
}

TEST(Association, IgnoresWhatNobodyHasAndRefusesOneLabel) {
  const Association with = association(CountTable{{30, 0, 10}, {0, 0, 0}, {10, 0, 30}}).value();
  EXPECT_NEAR(with.cramers_v, .5, 1e-12);
  EXPECT_NEAR(association(CountTable{{20, 20}, {5, 5}}).value().nmi, 0, 1e-12);
  EXPECT_FALSE(association(CountTable{{1, 2}}));
  EXPECT_FALSE(association(CountTable{{1, 2}, {3}}));
  EXPECT_FALSE(association({}));
  EXPECT_FALSE(phi(1, 2, 0, 0));
  const auto cells = pointwise_information(CountTable{{40, 0}, {0, 40}}).value();
  EXPECT_NEAR(cells[0][0], 1, 1e-12);
  EXPECT_NEAR(cells[0][1], -1, 1e-12);
}

TEST(BlandAltman, EqualsNumPy) {
  // Differences 2, -2, 4, 1: mean 1.25, standard deviation (ddof 1) 2.5.
  const auto got = bland_altman(std::vector<double>{60, 72, 81, 90}, std::vector<double>{62, 70, 85, 91}).value();
  EXPECT_NEAR(got.bias, 1.25, 1e-12);
  EXPECT_NEAR(got.deviation, 2.5, 1e-12);
  EXPECT_NEAR(got.low, -3.65, 1e-12);
  EXPECT_NEAR(got.high, 6.15, 1e-12);
  EXPECT_FALSE(bland_altman(std::vector<double>{1}, std::vector<double>{1}));
}

TEST(PlotsOfClasses, ShowWhatTheyAreGivenAndNothingMore) {
  const auto matrix = ConfusionMatrix::of_rows(std::vector<std::vector<std::uint64_t>>{{3, 1}, {0, 4}}).value();
  const std::string drawn = confusion_svg("a < b", matrix, std::vector<std::string>{"calm", "<script>"}).value();
  EXPECT_THAT(drawn, HasSubstr("a &lt; b"));
  EXPECT_THAT(drawn, HasSubstr(">0.75</text>"));
  EXPECT_THAT(drawn, Not(HasSubstr("<script>")));
  EXPECT_FALSE(confusion_svg("x", matrix, std::vector<std::string>{"one"}));
  const Plot plot = reliability_plot("sure?", confidence_scores(forecasts(), 3).value().bins);
  ASSERT_EQ(plot.series.size(), 2U);
  EXPECT_EQ(plot.series[1].points.size(), 3U);
  EXPECT_TRUE(svg(plot));
}

}  // namespace
}  // namespace vultus::evaluation
