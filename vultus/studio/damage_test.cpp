#include <vultus/studio/damage.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace vultus::studio {
namespace {

constexpr Keypoints kFace{{{40, 40}, {80, 40}, {60, 60}, {45, 80}, {75, 80}}};

Image flat(int width, int height, std::uint8_t level) {
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y) std::fill(image.row(y), image.row(y) + image.stride(), level);
  return image;
}

TEST(Damage, NoneAndUnusedStrengthsLeaveThePictureAsItIs) {
  const Image picture = flat(30, 20, 77);
  EXPECT_EQ(damaged(picture.view(), {}).value(), picture);
}

TEST(Damage, ADarkerAndBrighterPictureFollowLinearLight) {
  const Image picture = flat(8, 8, 100);
  // 255 * ((100/255)^2.2 * 2^-2)^(1/2.2) = 100 * 4^(-1/2.2) = 53.25, and 100 * 2^(1/2.2) = 137.03
  EXPECT_EQ(damaged(picture.view(), {DamageKind::darker, 2}).value().row(3)[5], 53);
  EXPECT_EQ(damaged(picture.view(), {DamageKind::brighter, 1}).value().row(3)[5], 137);
  EXPECT_EQ(damaged(picture.view(), {DamageKind::brighter, 8}).value().row(3)[5], 255);
}

TEST(Damage, AnEdgeBlursByTheGaussianAsked) {
  Image picture = flat(101, 9, 0);
  for (int y = 0; y < 9; ++y) std::fill(picture.row(y) + 3 * 50, picture.row(y) + 3 * 101, std::uint8_t{200});
  const Image blurred = damaged(picture.view(), {DamageKind::blur, 3}).value();
  // An edge between columns 49 and 50 becomes 200 * Phi((x - 49.5) / 3).
  for (const int x : {44, 47, 52, 55})
    EXPECT_NEAR(blurred.row(4)[3 * x], 200 * 0.5 * std::erfc(-(x - 49.5) / 3 / std::sqrt(2.0)), 2) << x;
}

TEST(Damage, SideLightFallsFromOneCheekToTheOther) {
  const Image picture = flat(120, 100, 128);
  const Image lit = damaged(picture.view(), {DamageKind::side_light, 0.75}, kFace).value();
  EXPECT_EQ(lit.row(50)[3 * 100], 128);                                        // right cheek and beyond
  EXPECT_NEAR(lit.row(50)[3 * 20], 128 * std::pow(0.25, 1 / 2.2), 1);          // left cheek
  EXPECT_NEAR(lit.row(50)[3 * 60], 128 * std::pow(1 - 0.75 / 2, 1 / 2.2), 1);  // between the eyes
}

TEST(Damage, TurnsClockwiseAboutTheMiddle) {
  Image picture = flat(101, 101, 0);
  for (int c = 0; c < 3; ++c)
    for (int y = 48; y <= 52; ++y)
      for (int x = 88; x <= 92; ++x) picture.row(y)[3 * x + c] = 255;  // at three o'clock
  const Image turned = damaged(picture.view(), {DamageKind::rotated, 90}).value();
  EXPECT_GT(turned.row(90)[3 * 50], 200);  // at six o'clock
  EXPECT_LT(turned.row(50)[3 * 90], 50);
}

TEST(Damage, CoversHideMouthOrEyesAndNothingElse) {
  const Image picture = flat(120, 140, 128);
  const Image mask = damaged(picture.view(), {DamageKind::cover_mouth}, kFace).value();
  EXPECT_NE(mask.row(80)[3 * 60], 128);
  EXPECT_EQ(mask.row(40)[3 * 40], 128);
  const Image glasses = damaged(picture.view(), {DamageKind::cover_eyes}, kFace).value();
  EXPECT_NE(glasses.row(40)[3 * 40], 128);
  EXPECT_EQ(glasses.row(80)[3 * 60], 128);
}

TEST(Damage, ASmallerPictureKeepsItsContent) {
  const Image small = damaged(flat(100, 60, 90).view(), {DamageKind::smaller, 0.25}).value();
  EXPECT_EQ(small.width(), 25);
  EXPECT_EQ(small.height(), 15);
  EXPECT_EQ(small.row(7)[30], 90);
}

TEST(Damage, WhatHasNoMeaningIsRefused) {
  const Image picture = flat(20, 20, 9);
  for (const Damage& wrong : {Damage{DamageKind::smaller, 0}, Damage{DamageKind::smaller, 1.5},
                              Damage{DamageKind::blur, 0}, Damage{DamageKind::jpeg, 0}, Damage{DamageKind::jpeg, 101},
                              Damage{DamageKind::darker, -1}, Damage{DamageKind::blur, NAN}})
    EXPECT_EQ(damaged(picture.view(), wrong, kFace).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(damaged(picture.view(), {DamageKind::cover_eyes}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(damaged({}, {}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::studio
