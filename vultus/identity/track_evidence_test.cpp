#include <vultus/identity/track_evidence.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace vultus::identity {
namespace {

Embedding at_angle(double degrees) {
  const double a = degrees * 3.14159265358979 / 180;
  return Embedding::normalised(ModelId("m"), {static_cast<float>(std::cos(a)), static_cast<float>(std::sin(a))})
      .value();
}

FaceObservation face(float eyes, float nose_along) {
  FaceObservation f;
  f.box = {0, 0, eyes * 2, eyes * 2.5F};
  f.keypoints = {Point2f{0, 0}, Point2f{eyes, 0}, Point2f{eyes * nose_along, eyes / 2}, Point2f{0, eyes},
                 Point2f{eyes, eyes}};
  return f;
}

const OperatingPoint kAt{Cosine(0.5F), 1e-4, "a measurement"};

TEST(EvidenceWeight, IsOneForALargeFrontalFaceAndFallsWithSizeAndTurn) {
  EXPECT_DOUBLE_EQ(evidence_weight(face(60, 0.5F)), 1);
  EXPECT_NEAR(evidence_weight(face(20, 0.5F)), 0.5, 1e-6);
  EXPECT_NEAR(evidence_weight(face(60, 0.25F)), 0.5, 1e-6);
  EXPECT_DOUBLE_EQ(evidence_weight(face(60, -0.2F)), 0);
}

TEST(TrackEvidence, IsTheWeightedMean) {
  TrackEvidence evidence;
  ASSERT_TRUE(evidence.add(at_angle(0), 1, Seconds(0)).value());
  ASSERT_TRUE(evidence.add(at_angle(60), 0.5, Seconds(1)).value());
  // (1, 0) + 0.5 (0.5, 0.866) = (1.25, 0.433): 19.1 degrees.
  EXPECT_NEAR(std::atan2(evidence.mean()->values()[1], evidence.mean()->values()[0]) * 180 / 3.14159265, 19.107, 1e-3);
  EXPECT_DOUBLE_EQ(evidence.weight(), 1.5);
  EXPECT_TRUE(evidence.enough());
}

TEST(TrackEvidence, BeginsAnewWithSomebodyElse) {
  TrackEvidence evidence;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(evidence.add(at_angle(0), 1, Seconds(i)).value());
  EXPECT_FALSE(evidence.add(at_angle(90), 1, Seconds(6)).value());
  EXPECT_EQ(evidence.templates(), 1);
  EXPECT_FALSE(evidence.enough());
  EXPECT_NEAR(evidence.mean()->values()[1], 1, 1e-6);
}

TEST(TrackEvidence, AsksUntilThereIsEnough) {
  TrackEvidence evidence;
  EXPECT_TRUE(evidence.wants(0.5, Seconds(0), kAt));
  EXPECT_FALSE(evidence.wants(0.05, Seconds(0), kAt)) << "a view that says nothing";
  ASSERT_TRUE(evidence.add(at_angle(0), 0.5, Seconds(0)).value());
  EXPECT_FALSE(evidence.wants(0.5, Seconds(0.04), kAt)) << "the next frame says the same";
  EXPECT_TRUE(evidence.wants(0.5, Seconds(0.2), kAt));
}

TEST(TrackEvidence, StopsWhenNothingCanChangeTheAnswer) {
  TrackEvidence evidence;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(evidence.add(at_angle(0), 1, Seconds(i)).value());
  const Seconds later(3.5);
  evidence.decided(Cosine(0.9F));
  EXPECT_FALSE(evidence.wants(1, later, kAt)) << "surely a match";
  evidence.decided(Cosine(0.1F));
  EXPECT_FALSE(evidence.wants(1, later, kAt)) << "surely nobody known";
  evidence.decided(Cosine(0.52F));
  EXPECT_TRUE(evidence.wants(1, later, kAt)) << "close to the threshold";
  evidence.decided(Cosine(0.45F));
  EXPECT_TRUE(evidence.wants(1, later, kAt));
  evidence.decided(Cosine(0.9F));
  EXPECT_TRUE(evidence.wants(1, Seconds(6.1), kAt)) << "is it still the same person?";
}

/// The bound is safe: no template of at least the most opposed similarity flips an answer that wants() let go.
TEST(TrackEvidence, ItsBoundHolds) {
  for (int has = 2; has < 8; ++has)
    for (int angle = 20; angle <= 80; angle += 5)
      for (const double weight : {0.2, 0.4, 0.6, 0.8, 1.0}) {
        TrackEvidence evidence;
        for (int i = 0; i < has; ++i) ASSERT_TRUE(evidence.add(at_angle(0), 1, Seconds(i)).value());
        const Embedding known = at_angle(angle);
        const Cosine before = similarity(*evidence.mean(), known).value();
        evidence.decided(before);
        if (evidence.wants(weight, Seconds(has - 0.5), kAt)) continue;
        for (int other = -70; other <= 70; other += 5) {
          const Embedding next = at_angle(other);
          if (similarity(next, known).value().value() < -0.2F) continue;
          TrackEvidence more = evidence;
          ASSERT_TRUE(more.add(next, weight, Seconds(has)));
          const Cosine after = similarity(*more.mean(), known).value();
          EXPECT_EQ(before >= kAt.threshold, after >= kAt.threshold) << has << " " << angle << " " << other;
        }
      }
}

TEST(TrackEvidence, WithoutAQuestionOneTemplateAWhileIsEnough) {
  TrackEvidence evidence;
  ASSERT_TRUE(evidence.add(at_angle(0), 1, Seconds(0)).value());
  EXPECT_FALSE(evidence.wants(1, Seconds(1), std::nullopt));
  EXPECT_TRUE(evidence.wants(1, Seconds(3), std::nullopt));
}

}  // namespace
}  // namespace vultus::identity
