// The curve of similarities: against a known answer of the original and by its properties.
#include <apps/server/compreface/similarity_scale.hpp>

#include <gtest/gtest.h>

namespace vultus::server::compreface {
namespace {

TEST(SimilarityScale, GivesTheKnownAnswerOfTheOriginal) {
  // facenet 20180402: (tanh((1.1817961 - 1) * 5.291995557) + 1) / 2 = 0.872603...
  EXPECT_DOUBLE_EQ((SimilarityScale{1.1817961, 5.291995557}.at_distance(1.0)), 0.87260);
}

TEST(SimilarityScale, RoundsHalfUpToFiveDecimals) {
  // At the centre it is one half whatever the steepness; far from it all or nothing.
  const SimilarityScale scale{1.0, 6.0};
  EXPECT_DOUBLE_EQ(scale.at_distance(1.0), 0.5);
  EXPECT_DOUBLE_EQ(scale.at_distance(0.0), 0.99999) << "1 / (1 + exp(-12)) = 0.9999939";
  EXPECT_DOUBLE_EQ(scale.at_distance(2.0), 0.00001);
}

TEST(SimilarityScale, IsOneHalfAtTheThresholdAndFallsWithTheDistance) {
  for (const float threshold : {0.2F, 0.44F, 0.7F})
    for (const bool calibrated : {false, true}) {
      OperatingPoint at{.threshold = Cosine(threshold)};
      if (calibrated) at.logistic = LogisticCurve{.slope = 20, .intercept = -20.0 * threshold};
      const SimilarityScale scale = SimilarityScale::of(at);
      EXPECT_DOUBLE_EQ(scale(Cosine(threshold)), 0.5) << threshold;
      double before = 1.1;
      for (int step = 20; step >= -20; --step) {
        const float cosine = 0.05F * static_cast<float>(step);
        const double now = scale(Cosine(cosine));
        EXPECT_LE(now, before);
        EXPECT_GE(now, 0);
        EXPECT_LE(now, 1);
        before = now;
      }
    }
}

TEST(SimilarityScale, IsAsSteepAtTheThresholdAsTheProbability) {
  const LogisticCurve curve{.slope = 18, .intercept = -18 * 0.4};
  const SimilarityScale scale = SimilarityScale::of({.threshold = Cosine(0.4F), .logistic = curve});
  const auto rise = [](const auto& of) { return (of(0.41) - of(0.39)) / 0.02; };
  EXPECT_NEAR(rise([&](double s) { return scale(Cosine(static_cast<float>(s))); }),
              rise([&](double s) { return curve.probability(s); }), 0.01);
}

}  // namespace
}  // namespace vultus::server::compreface
