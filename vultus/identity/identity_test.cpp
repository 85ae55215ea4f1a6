// Single decisions, 1:1 answers and measured thresholds.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <vultus/identity/decide.hpp>
#include <vultus/identity/threshold_table.hpp>
#include <vultus/identity/verify.hpp>

namespace vultus::identity {
namespace {

const OperatingPoint kAt{Cosine(0.5F), 1e-3, "a measurement"};

Candidate candidate(std::int64_t subject, float similarity) {
  return {.subject = SubjectId(subject), .name = "Ada", .face = FaceId(1), .similarity = Cosine(similarity)};
}

TEST(Decide, NamesTheClosestFromTheThresholdOn) {
  EXPECT_EQ(decide(std::vector{candidate(1, .9F), candidate(2, .6F)}, kAt).match, candidate(1, .9F));
  EXPECT_EQ(decide(std::vector{candidate(1, .5F)}, kAt).match, candidate(1, .5F));
  EXPECT_EQ(decide(std::vector{candidate(2, .6F), candidate(1, .9F)}, kAt).match, candidate(1, .9F));
  EXPECT_EQ(decide(std::vector{candidate(2, .6F), candidate(1, .6F)}, kAt).match, candidate(2, .6F));
}

TEST(Decide, AnswersUnknownWithTheClosestAndTheThreshold) {
  const Decision got = decide(std::vector{candidate(1, std::nextafter(.5F, 0.0F))}, kAt);
  EXPECT_FALSE(got.match);
  ASSERT_TRUE(got.best);
  EXPECT_EQ(got.best->subject, SubjectId(1));
  EXPECT_EQ(got.at, kAt);
}

TEST(Decide, AnEmptyGalleryAnswersNobody) {
  const Decision got = decide({}, kAt);
  EXPECT_FALSE(got.match);
  EXPECT_FALSE(got.best);
  EXPECT_EQ(got.at, kAt);
  EXPECT_FALSE(decide(std::vector{candidate(1, std::nanf(""))}, kAt).best);
}

Embedding made(const char* model, std::vector<float> values) {
  return Embedding::normalised(ModelId(model), std::move(values)).value();
}

TEST(Verify, ComparesTheCosineWithTheThreshold) {
  // (3,4)/5 . (4,3)/5 = .96; (3,4)/5 . (4,-3)/5 = 0
  const Verification same = verify(made("m", {3, 4}), made("m", {4, 3}), kAt).value();
  EXPECT_TRUE(same.match);
  EXPECT_NEAR(same.similarity.value(), 0.96F, 1e-6F);
  EXPECT_EQ(same.at, kAt);
  EXPECT_FALSE(verify(made("m", {3, 4}), made("m", {4, -3}), kAt).value().match);
}

TEST(Verify, IsSymmetric) {
  const Embedding a = made("m", {1, 2, 3}), b = made("m", {-1, 5, 2});
  EXPECT_EQ(verify(a, b, kAt).value(), verify(b, a, kAt).value());
}

TEST(Verify, OfTwoModelsIsAnError) {
  EXPECT_EQ(verify(made("m", {3, 4}), made("n", {4, 3}), kAt).error().code, ErrorCode::model_mismatch);
}

TEST(VerifySubject, LetsTheClosestTemplateDecide) {
  const Embedding probe = made("m", {3, 4});
  const std::vector templates{made("m", {4, -3}), made("m", {4, 3}), made("m", {-3, -4})};
  const SubjectVerification got = verify_subject(probe, templates, kAt).value();
  EXPECT_EQ(got.template_index, 1U);
  EXPECT_TRUE(got.result.match);
  EXPECT_NEAR(got.result.similarity.value(), 0.96F, 1e-6F);
  const std::vector far{made("m", {-3, -4})};
  EXPECT_FALSE(verify_subject(probe, far, kAt).value().result.match);
  EXPECT_NEAR(verify_subject(probe, far, kAt).value().result.similarity.value(), -1, 1e-6F);
}

TEST(VerifySubject, NamesTheTemplateOfAnotherModel) {
  const Embedding probe = made("m", {3, 4});
  EXPECT_EQ(verify_subject(probe, {}, kAt).error().code, ErrorCode::invalid_argument);
  const auto got = verify_subject(probe, std::vector{made("m", {1, 0}), made("n", {1, 0})}, kAt);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message, "template 1: templates of model m and model n cannot be compared");
}

const ModelId kModel("m");

ThresholdTable table() {
  return {kModel, "all pairs of a data set", {{1e-2, Cosine(.25F)}, {1e-3, Cosine(.375F)}, {1e-5, Cosine(.5F)}}};
}

TEST(ThresholdTable, GivesMeasuredRowsExactly) {
  for (const ThresholdRow& row : table().rows) {
    EXPECT_EQ(at_false_match_rate(table(), kModel, row.false_match_rate).value(),
              (OperatingPoint{row.threshold, row.false_match_rate, "all pairs of a data set"}));
    EXPECT_EQ(estimate_fmr(table(), kModel, row.threshold).value(),
              (FmrEstimate{row.false_match_rate, row.false_match_rate, row.false_match_rate}));
  }
  EXPECT_EQ(at_false_match_rate(table(), kModel, 0.1 * 0.01).value().threshold, Cosine(.375F));  // .1 * .01 is not .001
}

TEST(ThresholdTable, TakesTheLogarithmOfTheRateAsLinearInBetween) {
  // Half way from .375 to .5 the rate is sqrt(1e-3 * 1e-5) = 1e-4, and the other way round.
  EXPECT_NEAR(estimate_fmr(table(), kModel, Cosine(.4375F)).value().rate.value(), 1e-4, 1e-10);
  EXPECT_FLOAT_EQ(at_false_match_rate(table(), kModel, 1e-4).value().threshold.value(), .4375F);
  EXPECT_EQ(at_false_match_rate(table(), kModel, 1e-4).value().false_match_rate, 1e-4);
}

TEST(ThresholdTable, GoesToARateAndBack) {
  for (int i = 0; i <= 1000; ++i) {
    const double wanted = std::pow(10.0, -5 + 3 * i / 1000.0);
    const OperatingPoint at = at_false_match_rate(table(), kModel, wanted).value();
    // A float threshold has steps of 6e-8 here, at most 37 natural logarithms per unit: 2e-6 relative.
    EXPECT_NEAR(estimate_fmr(table(), kModel, at.threshold).value().rate.value() / wanted, 1, 1e-5);
  }
}

TEST(ThresholdTable, RefusesRatesThatWereNotMeasured) {
  EXPECT_EQ(at_false_match_rate(table(), kModel, 1e-6).error(),
            (Error{ErrorCode::invalid_argument,
                   "false match rate 1e-06: model m was measured from 1e-05 to 0.01 (all pairs of a data set)"}));
  EXPECT_FALSE(at_false_match_rate(table(), kModel, 0.02));
  EXPECT_FALSE(at_false_match_rate(table(), kModel, 0));
  EXPECT_FALSE(at_false_match_rate(table(), kModel, std::nan("")));
}

TEST(ThresholdTable, BoundsTheRateOutsideTheMeasuredRange) {
  EXPECT_EQ(estimate_fmr(table(), kModel, Cosine(.1F)).value(), (FmrEstimate{std::nullopt, 1e-2, 1}));
  EXPECT_EQ(estimate_fmr(table(), kModel, Cosine(.9F)).value(), (FmrEstimate{std::nullopt, 0, 1e-5}));
  OperatingPoint above{Cosine(.9F), 1e-5,
                       "threshold above the measured range, false match rate at most 1e-05: all pairs of a data set"};
  above.rate_is_bound = true;
  EXPECT_EQ(at_threshold(table(), kModel, Cosine(.9F)).value(), above);
  EXPECT_EQ(at_threshold(table(), kModel, Cosine(.1F)).value().false_match_rate, 1);
  EXPECT_TRUE(at_threshold(table(), kModel, Cosine(.1F)).value().rate_is_bound);
  EXPECT_NEAR(at_threshold(table(), kModel, Cosine(.4375F)).value().false_match_rate, 1e-4, 1e-10);
  EXPECT_FALSE(at_threshold(table(), kModel, Cosine(.4375F)).value().rate_is_bound) << "measured";
  EXPECT_FALSE(estimate_fmr(table(), kModel, Cosine(1.5F)));
  EXPECT_FALSE(estimate_fmr(table(), kModel, Cosine(std::nanf(""))));
}

TEST(ThresholdTable, BelongsToOneModel) {
  EXPECT_EQ(at_false_match_rate(table(), ModelId("n"), 1e-3).error(),
            (Error{ErrorCode::model_mismatch, "thresholds of model m cannot be used for model n"}));
  EXPECT_FALSE(estimate_fmr(table(), ModelId("n"), Cosine(.3F)));
}

TEST(ThresholdTable, NamesTheRowThatIsWrong) {
  ThresholdTable bad = table();
  bad.rows[2].threshold = Cosine(.375F);
  EXPECT_EQ(validate(bad).error().message,
            "threshold table of m: row 2: thresholds must rise and false match rates fall from row to row");
  bad = table();
  bad.rows[0].false_match_rate = 1;
  EXPECT_EQ(validate(bad).error().message,
            "threshold table of m: row 0: false match rate 1, must be between 0 and 1, both excluded");
  bad = table();
  bad.rows[1].threshold = Cosine(2);
  EXPECT_EQ(validate(bad).error().message, "threshold table of m: row 1: threshold 2 is outside [-1, 1]");
  bad = table();
  bad.source.clear();
  EXPECT_FALSE(validate(bad));
  bad.rows.clear();
  EXPECT_FALSE(validate(bad));
  EXPECT_FALSE(validate(ThresholdTable{}));
  EXPECT_TRUE(validate(table()));
}

}  // namespace
}  // namespace vultus::identity
