#include <vultus/evaluation/verification.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <gtest/gtest.h>

namespace vultus::evaluation {
namespace {

using Kind = VerificationMetric::Kind;

/// Pairs with the given scores; every impostor pair is of two persons of its own, every mated pair of one.
std::vector<ScoredPair> pairs_of(const std::vector<float>& mated, const std::vector<float>& impostors) {
  std::vector<ScoredPair> pairs;
  int person = 0;
  for (const float s : mated) {
    pairs.push_back({.score = s, .mated = true, .first = person, .second = person});
    ++person;
  }
  for (const float s : impostors) {
    pairs.push_back({.score = s, .mated = false, .first = person, .second = person + 1});
    person += 2;
  }
  return pairs;
}

Verification of(const std::vector<float>& mated, const std::vector<float>& impostors) {
  return Verification::of(pairs_of(mated, impostors)).value();
}

/// Random pairs with many equal scores over few persons and `folds` folds.
std::vector<ScoredPair> random_pairs(std::uint64_t seed, std::size_t n, int persons, int folds, int levels) {
  Random random(seed);
  std::vector<ScoredPair> pairs;
  for (std::size_t i = 0; i < n; ++i) {
    ScoredPair pair;
    pair.mated = i < 2 ? i == 0 : random.below(2) == 0;
    pair.first = static_cast<int>(random.below(static_cast<std::uint64_t>(persons)));
    pair.second =
        pair.mated
            ? pair.first
            : (pair.first + 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(persons - 1)))) % persons;
    pair.fold = static_cast<int>(i) % folds * 3 + 5;
    pair.score =
        static_cast<float>(random.below(static_cast<std::uint64_t>(levels))) / 16.0F + (pair.mated ? 0.25F : 0);
    pairs.push_back(pair);
  }
  return pairs;
}

// Slow and plain versions of the definitions, straight from the formulas.
double share(const std::vector<ScoredPair>& pairs, bool mated, double threshold) {
  double above = 0, all = 0;
  for (const auto& p : pairs)
    if (p.mated == mated) ++all, above += p.score >= threshold ? 1 : 0;
  return above / all;
}

double plain_tar(const std::vector<ScoredPair>& pairs, double far) {
  std::set<double> observed;
  for (const auto& p : pairs) observed.insert(p.score);
  for (const double threshold : observed)
    if (share(pairs, false, threshold) <= far) return share(pairs, true, threshold);
  return 0;
}

double plain_accuracy_at(const std::vector<ScoredPair>& pairs, double threshold, int fold, bool inside) {
  double right = 0, all = 0;
  for (const auto& p : pairs)
    if ((p.fold == fold) == inside) ++all, right += (p.score >= threshold) == p.mated ? 1 : 0;
  return all == 0 ? 0 : right / all;
}

double plain_fold_accuracy(const std::vector<ScoredPair>& pairs) {
  std::set<int> folds;
  for (const auto& p : pairs) folds.insert(p.fold);
  double mean = 0;
  for (const int fold : folds) {
    std::set<double> others;
    for (const auto& p : pairs)
      if (p.fold != fold) others.insert(p.score);
    std::vector<double> cuts{*others.begin()};
    for (auto it = others.begin(); std::next(it) != others.end(); ++it) cuts.push_back((*it + *std::next(it)) / 2);
    cuts.push_back(std::nextafter(*others.rbegin(), 9.0));
    double best = -1, threshold = 0;
    for (const double cut : cuts)
      if (const double a = plain_accuracy_at(pairs, cut, fold, false); a > best + 1e-12) best = a, threshold = cut;
    mean += plain_accuracy_at(pairs, threshold, fold, true) / static_cast<double>(folds.size());
  }
  return mean;
}

TEST(EqualErrorRate, EqualsTheHandValues) {
  // docs: methods of face recognition, section 6. At .6: FMR 1/4 (.6), FNMR 1/4 (.4).
  EXPECT_DOUBLE_EQ(of({.9F, .8F, .7F, .4F}, {.1F, .2F, .3F, .6F}).equal_error_rate(), 0.25);
  // FMR goes 1/2 -> 0 while FNMR stays 1/3: the line crosses at 1/3.
  EXPECT_NEAR(of({.9F, .8F, .3F}, {.5F, .2F}).equal_error_rate(), 1.0 / 3, 1e-15);
  // A mated and an impostor pair share .5: the step from (1/2, 0) to (0, 1/2) is crossed in its middle.
  EXPECT_DOUBLE_EQ(of({.5F, .9F}, {.5F, .1F}).equal_error_rate(), 0.25);
}

TEST(EqualErrorRate, IsZeroWhenTheSidesDoNotMeetAndOneWhenTheyAreSwapped) {
  EXPECT_DOUBLE_EQ(of({.8F, .9F}, {.1F, .2F}).equal_error_rate(), 0);
  EXPECT_DOUBLE_EQ(of({.1F, .2F}, {.8F, .9F}).equal_error_rate(), 1);
  EXPECT_DOUBLE_EQ(of({.5F, .5F}, {.5F, .5F, .5F}).equal_error_rate(), 0.5);  // scores that say nothing
}

TEST(Rates, EqualTheHandCounts) {
  const Verification v = of({.9F, .8F, .7F, .4F}, {.1F, .2F, .3F, .6F});
  EXPECT_EQ(v.rates_at(double{.6F}), (ErrorRates{double{.6F}, 0.25, 0.25}));  // a score on the threshold matches
  EXPECT_EQ(v.rates_at(-1), (ErrorRates{-1, 1, 0}));
  EXPECT_EQ(v.rates_at(1), (ErrorRates{1, 0, 1}));
  const auto curve = v.curve();
  ASSERT_EQ(curve.size(), 9U);  // eight distinct scores and the end
  EXPECT_EQ(curve.front(), (ErrorRates{double{.1F}, 1, 0}));
  EXPECT_EQ(curve.back().fmr, 0);
  EXPECT_EQ(curve.back().fnmr, 1);
  for (const ErrorRates& point : curve) EXPECT_EQ(v.rates_at(point.threshold), point);
}

TEST(Rates, CurveIsMonotone) {
  const auto curve = Verification::of(random_pairs(4, 500, 30, 5, 12)).value().curve();
  for (std::size_t i = 1; i < curve.size(); ++i) {
    EXPECT_GT(curve[i].threshold, curve[i - 1].threshold);
    EXPECT_LE(curve[i].fmr, curve[i - 1].fmr);
    EXPECT_GE(curve[i].fnmr, curve[i - 1].fnmr);
  }
}

TEST(AtFmr, TakesTheSmallestObservedScoreThatKeepsTheRate) {
  std::vector<float> impostors;  // 0, .001, ... .099
  impostors.reserve(100);
  for (int i = 0; i < 100; ++i) impostors.push_back(static_cast<float>(i) / 1000.0F);
  const Verification v = of({.05F, .0955F, .2F, .3F}, impostors);
  // 5 of 100 may match: .095 to .099 do, so the threshold is .095.
  const ErrorRates at = v.at_fmr(0.05).value();
  EXPECT_FLOAT_EQ(static_cast<float>(at.threshold), 0.095F);
  EXPECT_DOUBLE_EQ(at.fmr, 0.05);
  EXPECT_DOUBLE_EQ(at.fnmr, 0.25);
}

TEST(AtFmr, RejectsEverythingWhereImpostorsReachTheTop) {
  std::vector<float> impostors(100, 0.5F);
  const ErrorRates at = of({.4F, .5F}, impostors).at_fmr(0.05).value();
  EXPECT_GT(at.threshold, 0.5);
  EXPECT_EQ(at.fmr, 0);
  EXPECT_EQ(at.fnmr, 1);
}

TEST(AtFmr, RefusesARateThatSoFewImpostorsCannotShow) {
  const Verification v = of({.9F}, std::vector<float>(2999, 0.1F));
  const auto refused = v.at_fmr(1e-3);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            (Error{ErrorCode::invalid_argument, "target FMR 0.001 needs at least 3000 impostor pairs, got 2999"}));
  EXPECT_TRUE(of({.9F}, std::vector<float>(3000, 0.1F)).at_fmr(1e-3));
  EXPECT_FALSE(v.at_fmr(0));
  EXPECT_FALSE(v.at_fmr(1));
  EXPECT_FALSE(v.at_fmr(std::numeric_limits<double>::quiet_NaN()));
}

TEST(Verification, AgreesWithThePlainDefinitions) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto pairs =
        random_pairs(seed, 40 + seed * 3, 12, 2 + static_cast<int>(seed % 5), 3 + static_cast<int>(seed % 17));
    const Verification v = Verification::of(pairs).value();
    for (const double far : {0.05, 0.2, 0.5})
      EXPECT_NEAR(v.value({Kind::tar_at_far, far}).value(), plain_tar(pairs, far), 1e-12) << seed << ", FAR " << far;
    EXPECT_NEAR(v.fold_accuracy().value().mean, plain_fold_accuracy(pairs), 1e-12) << "seed " << seed;
    if (v.impostor_pairs() >= 60) {
      EXPECT_NEAR(1 - v.at_fmr(0.05).value().fnmr, plain_tar(pairs, 0.05), 1e-12);
    }
  }
}

TEST(Verification, WeightsCountAPairAsOftenAsItsPersonsWereDrawn) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto pairs = random_pairs(seed, 120, 9, 4, 10);
    const Verification v = Verification::of(pairs).value();
    ASSERT_EQ(v.persons(), 9U);
    Random random(seed + 1000);
    std::vector<std::uint32_t> weights(9);
    draw_groups(random, weights);
    std::vector<ScoredPair> copies;
    for (const auto& p : pairs) {
      const auto a = weights[static_cast<std::size_t>(p.first)];
      const auto b = weights[static_cast<std::size_t>(p.second)];
      copies.insert(copies.end(), p.mated ? a : a * b, p);
    }
    const Verification copied = Verification::of(copies).value();
    for (const Kind kind : {Kind::tar_at_far, Kind::equal_error_rate, Kind::fold_accuracy})
      EXPECT_NEAR(v.value({kind, 0.1}, weights).value(), copied.value({kind, 0.1}).value(), 1e-12) << "seed " << seed;
  }
}

TEST(FoldAccuracy, ChoosesTheThresholdWithoutTheFoldItself) {
  // Fold 0 is separated by .5, fold 1 by .15; each is tested with the other's threshold.
  std::vector<ScoredPair> pairs{
      {.score = .6F, .mated = true, .first = 1, .second = 1, .fold = 0},
      {.score = .4F, .mated = false, .first = 1, .second = 2, .fold = 0},
      {.score = .2F, .mated = true, .first = 3, .second = 3, .fold = 1},
      {.score = .1F, .mated = false, .first = 3, .second = 4, .fold = 1},
  };
  const FoldAccuracy got = Verification::of(pairs).value().fold_accuracy().value();
  ASSERT_EQ(got.folds.size(), 2U);
  EXPECT_NEAR(got.folds[0].threshold, 0.15, 1e-7);
  EXPECT_NEAR(got.folds[1].threshold, 0.5, 1e-7);
  EXPECT_DOUBLE_EQ(got.folds[0].accuracy, 0.5);  // both of fold 0 are above .15: one right
  EXPECT_DOUBLE_EQ(got.folds[1].accuracy, 0.5);  // both of fold 1 are below .5: one right
  // Changing the scores of a fold must not move its own threshold.
  pairs[0].score = -0.3F;
  pairs[1].score = 0.12F;
  EXPECT_EQ(Verification::of(pairs).value().fold_accuracy().value().folds[0].threshold, got.folds[0].threshold);
}

TEST(FoldAccuracy, HasTheSpreadOfTheFolds) {
  // Thresholds lie at .5 throughout; accuracies by hand 1, 1, .5: mean 5/6, sd = sqrt(1/12), se = sd / sqrt(3) = 1/6.
  std::vector<ScoredPair> pairs;
  for (int fold = 0; fold < 3; ++fold) {
    for (int copy = 0; copy < 2; ++copy) {
      pairs.push_back({.score = .9F, .mated = true, .first = fold, .second = fold, .fold = fold});
      pairs.push_back({.score = .1F, .mated = false, .first = fold, .second = fold + 10, .fold = fold});
    }
  }
  pairs[8].score = pairs[10].score = .05F;  // both mated pairs of fold 2 are missed
  const FoldAccuracy got = Verification::of(pairs).value().fold_accuracy().value();
  EXPECT_NEAR(got.mean, 5.0 / 6, 1e-12);
  EXPECT_NEAR(got.standard_deviation, std::sqrt(1.0 / 12), 1e-12);
  EXPECT_NEAR(got.standard_error, 1.0 / 6, 1e-12);
}

TEST(FoldAccuracy, TakesTheLowestOfEquallyGoodThresholds) {
  // In the other fold, cutting above .1 or above .3 gives one error each.
  const std::vector<ScoredPair> pairs{
      {.score = .1F, .mated = false, .first = 1, .second = 2, .fold = 0},
      {.score = .2F, .mated = true, .first = 1, .second = 1, .fold = 0},
      {.score = .3F, .mated = false, .first = 2, .second = 3, .fold = 0},
      {.score = .4F, .mated = true, .first = 2, .second = 2, .fold = 0},
      {.score = .5F, .mated = true, .first = 4, .second = 4, .fold = 1},
  };
  const FoldAccuracy got = Verification::of(pairs).value().fold_accuracy().value();
  EXPECT_NEAR(got.folds[1].threshold, 0.15, 1e-7);
}

TEST(Verification, NamesThePairThatContradictsItself) {
  auto pairs = pairs_of({.9F}, {.1F});
  pairs[1].second = pairs[1].first;
  EXPECT_EQ(Verification::of(pairs).error().message, "pair 1: identities 1 and 1, but marked impostor");
  pairs = pairs_of({.9F}, {std::numeric_limits<float>::quiet_NaN()});
  EXPECT_EQ(Verification::of(pairs).error().message, "pair 1: the score is not a finite number");
  EXPECT_EQ(Verification::of(pairs_of({.9F}, {})).error().message,
            "verification needs mated and impostor pairs, got 1 and 0");
  EXPECT_FALSE(of({.9F}, {.1F}).fold_accuracy());  // one fold
}

/// Twenty persons with 50 mated pairs each; the scores are a matter of the person, or of each pair alone.
std::vector<ScoredPair> clustered(bool by_person) {
  Random random(17);
  std::vector<ScoredPair> pairs;
  for (int person = 0; person < 20; ++person) {
    const bool good = person % 2 == 0;
    for (int i = 0; i < 50; ++i) {
      const bool accept = by_person ? good : random.below(2) == 0;
      pairs.push_back({.score = accept ? .9F : .1F, .mated = true, .first = person, .second = person});
    }
    for (int other = 0; other < person; ++other)
      pairs.push_back({.score = .3F, .mated = false, .first = person, .second = other});
  }
  return pairs;
}

TEST(Measure, DrawsPersonsWithAllTheirPairs) {
  const VerificationMetric tar{Kind::tar_at_far, 0.05};
  const Figure by_person = measure(Verification::of(clustered(true)).value(), tar).value();
  const Figure by_pair = measure(Verification::of(clustered(false)).value(), tar).value();
  EXPECT_DOUBLE_EQ(by_person.value, 0.5);
  // 20 independent halves: standard error .5 / sqrt(20) = .112; 1,000 independent pairs would give .016.
  EXPECT_NEAR(by_person.interval->high - by_person.interval->low, 2 * 1.96 * 0.112, 0.08);
  EXPECT_LT(by_pair.interval->high - by_pair.interval->low, 0.1);
  EXPECT_EQ(by_person.groups, 20);
  EXPECT_EQ(by_person.group_kind, "persons");
  EXPECT_EQ(by_person.samples, 1190);  // 20 * 50 + 20 * 19 / 2
  EXPECT_EQ(by_person.name, "TAR at FAR 0.05");
}

TEST(Measure, IsReproducibleAndHoldsItsValue) {
  const Verification v = Verification::of(random_pairs(3, 600, 60, 10, 16)).value();
  for (const Kind kind : {Kind::tar_at_far, Kind::equal_error_rate, Kind::fold_accuracy}) {
    const Figure once = measure(v, {kind, 0.1}, {.seed = 4}).value();
    EXPECT_EQ(once, measure(v, {kind, 0.1}, {.seed = 4}).value());
    EXPECT_LE(once.interval->low, once.value);
    EXPECT_GE(once.interval->high, once.value);
  }
  EXPECT_FALSE(measure(v, {Kind::tar_at_far, 1e-6}));
}

TEST(MeasureDifference, OfASystemWithItselfIsExactlyNothing) {
  const auto pairs = random_pairs(5, 400, 40, 10, 16);
  for (const Kind kind : {Kind::tar_at_far, Kind::equal_error_rate, Kind::fold_accuracy}) {
    const Figure difference = measure_difference(pairs, pairs, {kind, 0.1}).value();
    EXPECT_EQ(difference.value, 0);
    EXPECT_EQ(difference.interval->low, 0);
    EXPECT_EQ(difference.interval->high, 0);
  }
}

TEST(MeasureDifference, FindsASystemThatWasMadeWorse) {
  const auto good = random_pairs(6, 800, 80, 10, 5);
  auto worse = good;
  for (std::size_t i = 0; i < worse.size(); i += 5) worse[i].score = worse[i].mated ? 0.0F : 0.5F;
  const Figure difference = measure_difference(good, worse, {Kind::fold_accuracy}).value();
  EXPECT_GT(difference.interval->low, 0);
  EXPECT_EQ(difference.name, "difference of accuracy");
}

TEST(MeasureDifference, HasTheIntervalOfTheBinomialDistributionWhereOnlyPersonsDiffer) {
  // 100 persons, each with one mated pair, which the first system always knows and the second does not know for 10 of
  // them. Impostors never match. A draw of 100 persons then has Binomial(100, 1/10) unknown ones: the difference of the
  // true accepts is their share. Its quantiles at 2.5 % and 97.5 % are 5 and 16 (tables of the binomial distribution).
  std::vector<ScoredPair> first, second;
  for (int person = 0; person < 100; ++person) {
    first.push_back({.score = 0.9F, .mated = true, .first = person, .second = person, .fold = person % 2});
    second.push_back(first.back());
    second.back().score = person < 10 ? 0.0F : 0.9F;
    first.push_back({.score = 0.1F, .first = person, .second = (person + 1) % 100, .fold = person % 2});
    second.push_back(first.back());
  }
  const Figure difference =
      measure_difference(first, second, {Kind::tar_at_far, 0.5}, {.draws = 20000, .seed = 9}).value();
  EXPECT_NEAR(difference.value, 0.1, 1e-12);
  EXPECT_NEAR(difference.interval->low, 0.05, 1e-9);
  EXPECT_NEAR(difference.interval->high, 0.16, 1e-9);
  // The sign belongs to the order of the systems.
  EXPECT_NEAR(measure_difference(second, first, {Kind::tar_at_far, 0.5}).value().value, -0.1, 1e-12);
}

TEST(MeasureDifference, RefusesOtherPairs) {
  const auto pairs = random_pairs(5, 40, 8, 2, 8);
  auto other = pairs;
  other[7].fold += 1;
  EXPECT_EQ(measure_difference(pairs, other, {}).error().message,
            "a paired comparison needs the same pairs in the same order: pair 7 differs");
  other.pop_back();
  EXPECT_FALSE(measure_difference(pairs, other, {}));
}

}  // namespace
}  // namespace vultus::evaluation
