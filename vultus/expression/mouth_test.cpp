// Mouths that move in known ways.
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/expression/mouth.hpp>

namespace vultus::expression {
namespace {

TEST(MouthOpening, IsInDistancesOfTheEyeCorners) {
  Landmarks mesh{LandmarkScheme::mesh468, std::vector<Point2f>(468)};
  EXPECT_FALSE(mouth_opening(mesh));
  mesh.points[33] = {0, 0}, mesh.points[263] = {80, 60};  // 100 apart
  mesh.points[13] = {40, 100}, mesh.points[14] = {40, 125};
  EXPECT_DOUBLE_EQ(mouth_opening(mesh).value(), 0.25);
  EXPECT_FALSE(mouth_opening({LandmarkScheme::ibug68, std::vector<Point2f>(68)}));
}

/// The estimate after two seconds of a mouth that opens by `depth`, `beats` times a second, with noise.
std::optional<double> after(double rate, double depth, double beats) {
  SpeakingEstimate estimate;
  std::optional<double> last;
  unsigned state = 3;
  for (int i = 0; i < static_cast<int>(2 * rate); ++i) {
    state = state * 1664525U + 1013904223U;
    const double noise = (static_cast<double>(state >> 8U) / 16777216.0 - 0.5) * 0.006;
    last = estimate.add(i / rate, 0.05 + depth * 0.5 * (1 - std::cos(2 * M_PI * beats * i / rate)) + noise);
  }
  return last;
}

TEST(Speaking, MovingMouthsScoreHighAndStillOnesLowAtAnyFrameRate) {
  for (const double rate : {15.0, 25.0, 30.0, 60.0}) {
    EXPECT_GT(after(rate, 0.12, 4).value(), 0.9) << rate;
    EXPECT_LT(after(rate, 0, 0).value(), 0.2) << rate;
  }
}

TEST(Speaking, AMouthThatStaysOpenIsNotSpeaking) {
  SpeakingEstimate estimate;
  std::optional<double> last;
  for (int i = 0; i < 60; ++i) last = estimate.add(i / 30.0, 0.4);
  EXPECT_LT(last.value(), 0.05);
}

TEST(Speaking, SaysNothingBeforeHalfASecondAndAfterALoss) {
  SpeakingEstimate estimate;
  EXPECT_FALSE(estimate.add(0, 0.1));
  EXPECT_FALSE(estimate.add(0.3, 0.1));
  for (int i = 1; i < 30; ++i) estimate.add(0.3 + i / 30.0, 0.1);
  EXPECT_TRUE(estimate.add(1.4, 0.1));
  EXPECT_FALSE(estimate.add(1.43, std::nullopt));
  EXPECT_FALSE(estimate.add(1.46, 0.1));
}

}  // namespace
}  // namespace vultus::expression
