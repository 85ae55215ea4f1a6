#include <vultus/identity/scale.hpp>

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace vultus::identity {
namespace {

constexpr LogisticCurve kPresetCurve{.slope = 20, .intercept = -6};
constexpr LogisticCurve kGalleryCurve{.slope = 30, .intercept = -12};

Scale preset() {
  return {
      .usual = {Cosine(0.5F), 1e-4, "public", CalibratedOn::preset, kPresetCurve},
      .target = 1e-4,
      .thresholds = {ModelId("m"), "public", {{1e-2, Cosine(0.25F)}, {1e-4, Cosine(0.5F)}, {1e-5, Cosine(0.625F)}}}};
}

Scale gallery() {
  return {.usual = {Cosine(0.375F), 9.5e-4, "own", CalibratedOn::gallery, kGalleryCurve},
          .target = 1e-3,
          .thresholds = {ModelId("m"), "own", {{1e-1, Cosine(0.125F)}, {1e-3, Cosine(0.375F)}}}};
}

OperatingPoint answer(const std::optional<Scale>& own, const PointWanted& wanted) {
  const auto point = operating_point(preset(), own, wanted);
  EXPECT_TRUE(point) << point.error().message;
  return point.value_or(OperatingPoint{});
}

TEST(Scale, WithoutAGallerysThePresetAnswers) {
  EXPECT_EQ(answer({}, {}), preset().usual);
  EXPECT_EQ(answer({}, {.fmr = 1e-5}).threshold, Cosine(0.625F));
  EXPECT_EQ(answer({}, {.fmr = 1e-5}).logistic, kPresetCurve);
  EXPECT_EQ(answer({}, {.threshold = Cosine(0.25F)}).false_match_rate, 1e-2);
}

TEST(Scale, TheGallerysOwnComesFirst) {
  EXPECT_EQ(answer(gallery(), {}), gallery().usual);
  EXPECT_EQ(answer(gallery(), {.fmr = 1e-3}), gallery().usual) << "the rate that was seen, not the one wanted";
  EXPECT_EQ(answer(gallery(), {.threshold = Cosine(0.375F)}), gallery().usual);
  // Half way in the logarithm of the rate is half way in the threshold.
  const OperatingPoint between = answer(gallery(), {.fmr = 1e-2});
  EXPECT_FLOAT_EQ(between.threshold.value(), 0.25F);
  EXPECT_EQ(between.calibrated, CalibratedOn::gallery);
  EXPECT_EQ(between.logistic, kGalleryCurve);
  EXPECT_NEAR(answer(gallery(), {.threshold = Cosine(0.25F)}).false_match_rate, 1e-2, 1e-9);
}

TEST(Scale, WhatTheGalleryCannotShowThePresetDoesAndSaysSo) {
  const OperatingPoint strict = answer(gallery(), {.fmr = 1e-5});
  EXPECT_EQ(strict.calibrated, CalibratedOn::preset);
  EXPECT_EQ(strict.threshold, Cosine(0.625F));
  EXPECT_EQ(strict.logistic, kPresetCurve);
  EXPECT_EQ(answer(gallery(), {.threshold = Cosine(0.5F)}).calibrated, CalibratedOn::preset);
  EXPECT_FALSE(operating_point(preset(), gallery(), {.fmr = 1e-7})) << "and what neither can show is refused";
}

TEST(Scale, AGalleryWithoutACurveTakesThePresets) {
  Scale own = gallery();
  own.usual.logistic.reset();
  EXPECT_EQ(answer(own, {}).logistic, kPresetCurve);
  EXPECT_EQ(answer(own, {}).calibrated, CalibratedOn::gallery);
}

TEST(Scale, StaleIsCarriedIntoEveryAnswerOfTheGallery) {
  Scale own = gallery();
  own.usual.stale = true;
  own.usual.fpir = 0.25;
  EXPECT_TRUE(answer(own, {}).stale);
  EXPECT_TRUE(answer(own, {.fmr = 1e-2}).stale);
  EXPECT_EQ(answer(own, {}).fpir, 0.25);
  EXPECT_FALSE(answer(own, {.fmr = 1e-2}).fpir) << "measured at one threshold only";
  EXPECT_FALSE(answer(own, {.fmr = 1e-5}).stale);
}

TEST(Scale, AGalleryIsStaleFromATenthMore) {
  EXPECT_FALSE(is_stale(100, 100));
  EXPECT_FALSE(is_stale(100, 109));
  EXPECT_TRUE(is_stale(100, 110));
  EXPECT_FALSE(is_stale(100, 50));
  EXPECT_TRUE(is_stale(9, 10));    // 10 >= 9.9
  EXPECT_FALSE(is_stale(11, 12));  // 12 < 12.1
  EXPECT_TRUE(is_stale(0, 1));
  EXPECT_FALSE(is_stale(0, 0));
}

TEST(FirstGuess, IsTheChanceOfAnyMatchAmongIndependentOnes) {
  EXPECT_DOUBLE_EQ(first_guess_fpir(0.1, 2), 1 - 0.9 * 0.9);
  EXPECT_DOUBLE_EQ(first_guess_fpir(0.5, 3), 0.875);
  EXPECT_DOUBLE_EQ(first_guess_fpir(1e-12, 1), 1e-12) << "small rates are not lost in rounding";
  EXPECT_EQ(first_guess_fpir(0.1, 0), 0);
  EXPECT_EQ(first_guess_fpir(1, 5), 1);
}

TEST(AddProbabilities, IsBayesRuleByHand) {
  // A curve fitted at prior 1/5 whose odds are 1 at 0.5 and e^2 at 0.6: without the prior (odds 1/4) 4 and 4 e^2.
  OperatingPoint at = preset().usual;
  at.search_logistic = LogisticCurve{.slope = 20, .intercept = -10, .prior = 0.2};
  std::vector<Candidate> found{{SubjectId(1), "Ada", FaceId(1), Cosine(0.6F)},
                               {SubjectId(2), "Bob", FaceId(2), Cosine(0.5F)}};
  add_probabilities(found, at, 10);
  const double ada = 0.05 * 4 * std::exp(2.0);
  const double bob = 0.05 * 4;
  EXPECT_NEAR(*found[0].probability, ada / (0.5 + ada + bob), 1e-5);
  EXPECT_NEAR(*found[1].probability, bob / (0.5 + ada + bob), 1e-5);
}

TEST(AddProbabilities, OfOnePersonIsThatOfTwoFacesAndFallsWithTheSizeOfTheGallery) {
  const OperatingPoint at = preset().usual;
  double before = 1;
  for (const std::int64_t people : {1, 10, 1000, 1'000'000}) {
    std::vector<Candidate> found{{SubjectId(1), "Ada", FaceId(1), Cosine(0.4F)}};
    add_probabilities(found, at, people);
    const double of_two_faces = *at.probability(Cosine(0.4F));
    EXPECT_NEAR(*found[0].probability, people == 1 ? of_two_faces : 0, people == 1 ? 1e-9 : of_two_faces);
    EXPECT_LT(*found[0].probability, before);
    before = *found[0].probability;
  }
  std::vector<Candidate> twins{{SubjectId(1), "A", FaceId(1), Cosine(0.9F)},
                               {SubjectId(2), "B", FaceId(2), Cosine(0.9F)}};
  add_probabilities(twins, at, 2);
  EXPECT_NEAR(*twins[0].probability, 0.5, 1e-3) << "two who look alike share it";
  add_probabilities({}, at, 5);
  std::vector<Candidate> unknown{twins[0]};
  unknown[0].probability.reset();
  add_probabilities(unknown, {Cosine(0.5F), 1e-4, ""}, 5);
  EXPECT_FALSE(unknown[0].probability) << "without a curve nothing is told";
  OperatingPoint steep = at;
  steep.logistic = LogisticCurve{.slope = 5000, .intercept = 0};
  std::vector<Candidate> sure{{SubjectId(1), "A", FaceId(1), Cosine(1.0F)}};
  add_probabilities(sure, steep, 10);
  EXPECT_EQ(*sure[0].probability, 1) << "no overflow";
}

TEST(Probability, IsHalfWhereTheCurveCrossesAndRisesWithSimilarity) {
  const OperatingPoint at = preset().usual;  // 20 s - 6 = 0 at 0.3
  EXPECT_NEAR(*at.probability(Cosine(0.3F)), 0.5, 1e-6);
  EXPECT_NEAR(*at.probability(Cosine(0.4F)), 1 / (1 + std::exp(-2.0)), 1e-6);
  EXPECT_FALSE((OperatingPoint{Cosine(0.5F), 1e-4, ""}).probability(Cosine(1.0F)));
}

}  // namespace
}  // namespace vultus::identity
