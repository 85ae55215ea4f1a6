#include <vultus/face/quality.hpp>

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include <vultus/face/align.hpp>
#include <vultus/face/quality_pixels.hpp>

namespace vultus::face {
namespace {

using Measure = QualityMeasure;

Image flat(int width, int height, std::uint8_t level) {
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y) std::fill(image.row(y), image.row(y) + image.stride(), level);
  return image;
}

/// A grey picture whose luma is a function of place.
template <class Level>
Image painted(int width, int height, const Level& level) {
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) image.row(y)[3 * x + c] = static_cast<std::uint8_t>(level(x, y));
  return image;
}

FaceObservation face_at(float scale, Point2f shift) {
  FaceObservation face;
  face.keypoints = kTemplate;
  for (Point2f& p : face.keypoints) p = {p.x * scale + shift.x, p.y * scale + shift.y};
  face.box = {shift.x, shift.y, 112 * scale, 112 * scale};
  face.detection = Score(1);
  return face;
}

TEST(Quality, MeasuresStandInTheOrderOfTheirEnumWithNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kQualityMeasures; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(quality_measures().at(i).id), i);
    EXPECT_NE(quality_measures().at(i).worst, quality_measures().at(i).best);
    names.insert(quality_measures().at(i).name);
  }
  EXPECT_EQ(names.size(), kQualityMeasures);
}

TEST(Quality, AScoreIsLinearBetweenItsEnds) {
  // From 4 to 24 pixels: 14 lies in the middle.
  EXPECT_FLOAT_EQ(scored(Measure::inter_eye_distance, 14).score, 50);
  EXPECT_FLOAT_EQ(scored(Measure::inter_eye_distance, 2).score, 0);
  EXPECT_FLOAT_EQ(scored(Measure::inter_eye_distance, 300).score, 100);
  // Falling measures, and angles to either side: from 15 to 60 degrees, 37.5 lies in the middle.
  EXPECT_FLOAT_EQ(scored(Measure::head_pose_yaw, -37.5F).score, 50);
  EXPECT_FLOAT_EQ(scored(Measure::head_pose_yaw, 37.5F).score, 50);
}

TEST(Quality, TheUnifiedScoreFallsWithEveryShortcomingAndWithTheDetectorsDoubt) {
  QualityReport good;
  const float best = unified_score(good, Score(1));
  EXPECT_GT(best, 95);
  EXPECT_LE(best, 100);
  EXPECT_LT(unified_score(good, Score(0.6F)), best);
  int counting = 0;
  for (std::size_t i = 0; i < kQualityMeasures; ++i) {
    QualityReport bad = good;
    bad.measures.at(i) = QualityValue{.value = 0, .score = 0};
    const float score = unified_score(bad, Score(1));
    EXPECT_LE(score, best) << quality_measures().at(i).name;
    EXPECT_GE(score, 0);
    if (score < best) ++counting;
  }
  EXPECT_GE(counting, 12);
}

TEST(Quality, ExposureSharesAreCountedByHand) {
  // Two thirds of the columns dark, the rest bright: the face is 72 columns wide, from 20 to 91.
  const Image image = painted(112, 112, [](int x, int) { return x < 68 ? 10 : 250; });
  const quality::Light light = quality::light(image.view());
  EXPECT_NEAR(light.dark, 48.0 / 72, 1e-6);
  EXPECT_NEAR(light.bright, 24.0 / 72, 1e-6);
  EXPECT_FLOAT_EQ(light.range, 240);
  // Left half 36 * 10, right half 12 * 10 + 24 * 250: (360 - 6120) / 6480.
  EXPECT_NEAR(light.imbalance, -5760.0 / 6480, 1e-5);
}

TEST(Quality, LightThatFallsEvenlyIsBalancedAndAMirrorChangesTheSign) {
  EXPECT_FLOAT_EQ(quality::light(flat(112, 112, 120).view()).imbalance, 0);
  const auto ramp = [](int x, int) { return 40 + x; };
  const auto mirrored = [&](int x, int y) { return ramp(111 - x, y); };
  EXPECT_NEAR(quality::light(painted(112, 112, ramp).view()).imbalance,
              -quality::light(painted(112, 112, mirrored).view()).imbalance, 1e-6);
}

TEST(Quality, EdgesDoNotDependOnBrightnessAndContrast) {
  const auto texture = [](int x, int y) { return 100 + 40 * std::sin(0.9 * x) * std::cos(0.7 * y); };
  const auto soft = quality::edges(painted(112, 112, texture).view());
  const auto half = quality::edges(painted(112, 112, [&](int x, int y) { return texture(x, y) / 2 + 60; }).view());
  EXPECT_NEAR(soft.energy_ratio, half.energy_ratio, 0.05F * soft.energy_ratio);
  EXPECT_NEAR(soft.laplacian, half.laplacian, 0.05F * soft.laplacian);
  // A wave of w radians a pixel keeps (1 + cos w) / 2 of its amplitude in the binomial filter, in each direction, and
  // of its gradient energy the square: 1 / (((1 + cos 0.9) / 2) * ((1 + cos 0.7) / 2))^2 = 1.953.
  EXPECT_NEAR(soft.energy_ratio, 1.953F, 0.02F);
  const auto slow = quality::edges(
      painted(112, 112, [](int x, int y) { return 100 + 90 * std::sin(0.3 * x) * std::cos(0.2 * y); }).view());
  EXPECT_NEAR(slow.energy_ratio, 1.068F, 0.02F);  // the same with 0.3 and 0.2
}

TEST(Quality, AFlatFaceHasNothingFine) {
  const auto edges = quality::edges(flat(112, 112, 90).view());
  EXPECT_FLOAT_EQ(edges.energy_ratio, 1);
  EXPECT_FLOAT_EQ(edges.laplacian, 0);
}

TEST(Quality, StepsOnAGridOfEightAreSeenWhereverItBegins) {
  for (const int shift : {0, 3, 7}) {
    // Steps of 6 levels on every eighth line in both directions, and nothing else: at the line the second difference is
    // 6, one pixel beside it -3, elsewhere 0. The best phase has 6, the seven others -6 / 7 in the mean.
    const Image blocks =
        painted(128, 128, [&](int x, int y) { return 60 + 6 * (((x + shift) / 8 + (y + shift) / 8) % 2); });
    EXPECT_NEAR(quality::blocking(blocks.view(), {0, 0, 128, 128}), 6 + 6.0 / 7, 0.3) << shift;
  }
  const Image smooth = painted(128, 128, [](int x, int) { return 60 + x; });
  EXPECT_LT(quality::blocking(smooth.view(), {0, 0, 128, 128}), 0.5);
  EXPECT_FLOAT_EQ(quality::blocking(smooth.view(), {0, 0, 10, 10}), 0) << "too small to tell";
  EXPECT_FLOAT_EQ(quality::blocking(smooth.view(), {-500, -500, 10, 10}), 0) << "outside the picture";
}

TEST(Quality, WhereNothingIsDrawnNothingIsSeen) {
  const auto flat = quality::visibility(painted(112, 112, [](int, int) { return 150; }).view());
  EXPECT_LT(flat.eyes, 0.1F);
  EXPECT_LT(flat.mouth, 0.1F);
}

TEST(Quality, CoversAreToldByDirectionsNotByBrightnessAndContrast) {
  // A face of hand-made features: eyes and mouth as dark bars on even skin.
  const auto drawn = [](int x, int y) {
    const bool eye = y >= 48 && y < 54 && ((x >= 30 && x < 46) || (x >= 66 && x < 82));
    const bool mouth = y >= 90 && y < 95 && x >= 40 && x < 72;
    return eye || mouth ? 60 : 150;
  };
  const auto as_it_is = quality::visibility(painted(112, 112, drawn).view());
  const auto dimmer = quality::visibility(painted(112, 112, [&](int x, int y) { return 20 + drawn(x, y) / 2; }).view());
  EXPECT_NEAR(as_it_is.eyes, dimmer.eyes, 0.05F);
  EXPECT_NEAR(as_it_is.mouth, dimmer.mouth, 0.05F);
  // What lies below row 76 is not looked at for the eyes, what lies above 68 not for the mouth.
  const auto masked =
      quality::visibility(painted(112, 112, [&](int x, int y) { return y >= 74 ? 150 : drawn(x, y); }).view());
  EXPECT_FLOAT_EQ(as_it_is.eyes, masked.eyes);
  EXPECT_LT(masked.mouth, as_it_is.mouth);
}

TEST(Quality, SizeIsThatOfTheFileAlsoWhenItWasDecodedSmaller) {
  const Image picture = painted(300, 300, [](int x, int y) { return (x * 7 + y * 13) % 200; });
  const auto report = assess(picture.view(), face_at(1, {50, 60}), {.reduction = 4});
  ASSERT_TRUE(report);
  const float template_eyes = std::hypot(kTemplate[1].x - kTemplate[0].x, kTemplate[1].y - kTemplate[0].y);
  EXPECT_NEAR(report->at(Measure::inter_eye_distance)->value, 4 * template_eyes, 1e-2F);
  EXPECT_FALSE(report->at(Measure::compression_artifacts)) << "the grid is gone in a reduced picture";
  EXPECT_FALSE(report->at(Measure::head_pose_yaw)) << "no landmarks, no pose";
  EXPECT_TRUE(assess(picture.view(), face_at(1, {50, 60}))->at(Measure::compression_artifacts));
}

TEST(Quality, FacesThatLeaveThePictureAndTinyOnesAreMeasuredToo) {
  const Image picture = painted(60, 60, [](int x, int y) { return (x * 7 + y * 13) % 200; });
  for (const auto& [scale, shift] : {std::pair{0.05F, Point2f{10, 10}},
                                     {3.0F, Point2f{-100, -100}},
                                     {1.0F, Point2f{500, 500}},
                                     {0.5F, Point2f{-20, 30}}}) {
    const auto report = assess(picture.view(), face_at(scale, shift));
    ASSERT_TRUE(report) << scale;
    EXPECT_TRUE(std::isfinite(report->unified));
    for (const auto& value : report->measures) {
      if (!value) continue;
      EXPECT_TRUE(std::isfinite(value->value));
      EXPECT_GE(value->score, 0);
      EXPECT_LE(value->score, 100);
    }
  }
}

TEST(Quality, WhatCannotBeMeasuredIsAnError) {
  FaceObservation nowhere;
  EXPECT_EQ(assess(flat(20, 20, 9).view(), nowhere).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(assess({}, face_at(1, {0, 0})).error().code, ErrorCode::invalid_argument);
  const Image grey = Image::create(20, 20, PixelFormat::gray8).value();
  EXPECT_EQ(assess(grey.view(), face_at(1, {0, 0})).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::face
