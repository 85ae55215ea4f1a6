#include <vultus/face/align.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

namespace vultus::face {
namespace {

/// The template turned by 30 degrees, twice as large and moved by (5, -3).
constexpr double kAngle = std::numbers::pi / 6;
Keypoints moved_template() {
  Keypoints moved{};
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const double x = kTemplate[i].x, y = kTemplate[i].y;
    moved[i] = {static_cast<float>(2 * (std::cos(kAngle) * x - std::sin(kAngle) * y) + 5),
                static_cast<float>(2 * (std::sin(kAngle) * x + std::cos(kAngle) * y) - 3)};
  }
  return moved;
}

TEST(Alignment, UndoesAKnownRotationScaleAndShift) {
  const Similarity fit = alignment(moved_template()).value();
  // The inverse by hand: half the size, turned back, (5, -3) taken to the origin. The keypoints are floats below 256
  // with an error of 7.6e-6, on a face 80 pixels wide: 1e-6 in rotation and scale, 1e-4 in the shift.
  const double a = std::cos(kAngle) / 2, b = -std::sin(kAngle) / 2;
  EXPECT_NEAR(fit.a, a, 1e-6);
  EXPECT_NEAR(fit.b, b, 1e-6);
  EXPECT_NEAR(fit.tx, -(a * 5 - b * -3), 1e-4);
  EXPECT_NEAR(fit.ty, -(b * 5 + a * -3), 1e-4);
}

TEST(Alignment, LandsOnTheTemplate) {
  const Keypoints moved = moved_template();
  const Similarity fit = alignment(moved).value();
  for (std::size_t i = 0; i < moved.size(); ++i) {
    // In double; what is left is the rounding of the keypoints to float (7.6e-6 at 200 pixels, halved by the scale).
    EXPECT_NEAR(fit.a * moved[i].x - fit.b * moved[i].y + fit.tx, kTemplate[i].x, 1e-5);
    EXPECT_NEAR(fit.b * moved[i].x + fit.a * moved[i].y + fit.ty, kTemplate[i].y, 1e-5);
  }
}

TEST(Alignment, OfTheTemplateItselfIsNoChange) {
  const Similarity fit = alignment(kTemplate).value();
  EXPECT_NEAR(fit.a, 1, 1e-7);
  EXPECT_NEAR(fit.b, 0, 1e-7);
  EXPECT_NEAR(fit.tx, 0, 1e-5);
  EXPECT_NEAR(fit.ty, 0, 1e-5);
}

TEST(Alignment, NeverReflectsAFace) {
  Keypoints reflected = kTemplate;
  for (Point2f& p : reflected) p.x = 112 - p.x;
  const Similarity fit = alignment(reflected).value();
  // A similarity keeps the turning sense of every triangle; a reflection would have reversed it and fitted exactly.
  double worst = 0;
  for (std::size_t i = 0; i < reflected.size(); ++i) {
    const Point2f p = fit.apply(reflected[i]);
    worst = std::max(worst, std::hypot(double{p.x} - kTemplate[i].x, double{p.y} - kTemplate[i].y));
  }
  EXPECT_GT(worst, 10);
  EXPECT_GT(fit.a * fit.a + fit.b * fit.b, 0);
}

TEST(Alignment, ScalesTheTemplateToOtherCrops) {
  const Keypoints face = moved_template();
  const Similarity one = alignment(face).value();
  for (const int side : {56, 224, 160}) {
    const Similarity other = alignment(face, side).value();
    const double ratio = side / 112.0;
    EXPECT_NEAR(other.a, one.a * ratio, 1e-6);
    EXPECT_NEAR(other.b, one.b * ratio, 1e-6);
    EXPECT_NEAR(other.tx, one.tx * ratio, 1e-4);
    EXPECT_NEAR(other.ty, one.ty * ratio, 1e-4);
  }
}

TEST(Alignment, RefusesKeypointsThatDecideNothing) {
  EXPECT_EQ(alignment(Keypoints{}).error().code, ErrorCode::invalid_argument);
  Keypoints broken = kTemplate;
  broken[2].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(alignment(broken).error().code, ErrorCode::invalid_argument);
  broken[2].x = std::numeric_limits<float>::infinity();
  EXPECT_EQ(alignment(broken).error().code, ErrorCode::invalid_argument);
}

TEST(Align, GivesThePixelsOfAFaceThatIsAlignedAlready) {
  Image picture = Image::create(112, 112, PixelFormat::rgb8).value();
  std::mt19937 random(3);
  for (int y = 0; y < 112; ++y)
    for (int x = 0; x < 336; ++x) picture.row(y)[x] = static_cast<std::uint8_t>(random());
  EXPECT_EQ(align(picture.view(), kTemplate).value(), picture);
}

TEST(Align, PutsTheEyesOfATurnedFaceOnTheirPlaces) {
  // Black, with a white disc of radius 5 where the subject's left eye is.
  Image picture = Image::create(320, 320, PixelFormat::rgb8).value();
  Keypoints face = moved_template();
  for (Point2f& p : face) p.x += 120;  // turned points begin left of the picture
  const Point2f eye = face[1];
  for (int y = 0; y < 320; ++y)
    for (int x = 0; x < 320; ++x)
      if (std::hypot(static_cast<float>(x) - eye.x, static_cast<float>(y) - eye.y) < 5)
        for (int c = 0; c < 3; ++c) picture.row(y)[3 * x + c] = 255;
  const Image crop = align(picture.view(), face).value();
  double sx = 0, sy = 0, mass = 0;
  for (int y = 0; y < 112; ++y)
    for (int x = 0; x < 112; ++x) {
      const double v = crop.row(y)[3 * x];
      sx += v * x, sy += v * y, mass += v;
    }
  ASSERT_GT(mass, 0);
  EXPECT_NEAR(sx / mass, kTemplate[1].x, 0.25);
  EXPECT_NEAR(sy / mass, kTemplate[1].y, 0.25);
}

TEST(Align, RefusesAnEmptyPictureAndASizeThatIsNone) {
  EXPECT_EQ(align({}, kTemplate).error().code, ErrorCode::invalid_argument);
  const Image picture = Image::create(10, 10, PixelFormat::rgb8).value();
  for (const int side : {0, -5, 100'000})
    EXPECT_EQ(align(picture.view(), kTemplate, side).error().code, ErrorCode::invalid_argument) << side;
}

}  // namespace
}  // namespace vultus::face
