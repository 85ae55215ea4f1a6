#include <vultus/media/degrade.hpp>

#include <cmath>

#include <gtest/gtest.h>

#include <vultus/media/test_pictures.hpp>

namespace vultus::media {
namespace {

using testing::gradient;

Image point(int side) {
  Image image = Image::create(side, side, PixelFormat::gray8).value();
  image.row(side / 2)[side / 2] = 255;
  return image;
}

double sum_of(const Image& image) {
  double sum = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) sum += image.row(y)[x];
  return sum;
}

TEST(Blurred, APointBecomesTheBellOfItsSigma) {
  // 255 / (2 pi 2^2) = 10.1 in the middle, 255 / (8 pi) exp(-4 / 8) = 6.2 two pixels away.
  const Image blur = blurred(point(41).view(), 2).value();
  EXPECT_NEAR(blur.row(20)[20], 10.1, 1);
  EXPECT_NEAR(blur.row(20)[22], 6.2, 1);
  EXPECT_NEAR(blur.row(18)[20], 6.2, 1);
}

TEST(Blurred, AnEvenPictureStaysAndTheOriginalIsNotTouched) {
  Image even = Image::create(30, 20, PixelFormat::rgb8).value();
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 90; ++x) even.row(y)[x] = 77;
  EXPECT_EQ(blurred(even.view(), 3).value(), even);
  const Image original = gradient(60, 40);
  EXPECT_NE(blurred(original.view(), 3).value(), original);
  EXPECT_EQ(original, gradient(60, 40));
}

TEST(Shrunk, KeepsTheMeanAndRoundsTheSides) {
  const Image original = point(40);
  const Image half = shrunk(original.view(), 0.5).value();
  EXPECT_EQ(half.width(), 20);
  EXPECT_NEAR(sum_of(half), 255 / 4.0, 1);
  EXPECT_EQ(shrunk(gradient(25, 11).view(), 0.1).value().width(), 3);  // 2.5 is rounded up
  EXPECT_EQ(shrunk(gradient(25, 11).view(), 0.001).value().height(), 1);
  EXPECT_EQ(shrunk(original.view(), 1).value(), original);
}

TEST(Compressed, LosesMoreAtLowerQuality) {
  const Image original = gradient(64, 64);
  const auto loss = [&](int quality) {
    const Image lossy = compressed(original.view(), quality).value();
    double sum = 0;
    for (int y = 0; y < 64; ++y)
      for (int x = 0; x < 192; ++x) sum += std::abs(int{lossy.row(y)[x]} - int{original.row(y)[x]});
    return sum;
  };
  EXPECT_GT(loss(5), loss(50));
  EXPECT_GT(loss(50), loss(95));
}

TEST(Covered, TheRegionIsGreyAndNothingElse) {
  const Image original = gradient(10, 8);
  const Image hidden = covered(original.view(), {7, 5, 100, 100}).value();
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 10; ++x)
      for (int c = 0; c < 3; ++c)
        EXPECT_EQ(hidden.row(y)[x * 3 + c], x >= 7 && y >= 5 ? 128 : original.row(y)[x * 3 + c]);
  EXPECT_EQ(covered(original.view(), {-50, -50, 10, 10}).value(), original);
  EXPECT_EQ(covered(original.view(), {4, 4, 0, 0}).value(), original);
}

TEST(Degrade, RefusesValuesOutsideTheirRange) {
  const Image original = gradient(10, 8);
  for (const double sigma : {0.0, -1.0, 201.0, std::nan("")}) EXPECT_FALSE(blurred(original.view(), sigma));
  for (const double scale : {0.0, 1.5, std::nan("")}) EXPECT_FALSE(shrunk(original.view(), scale));
  EXPECT_FALSE(compressed(original.view(), 0));
  EXPECT_FALSE(blurred({}, 1));
  EXPECT_FALSE(shrunk({}, 1));
  EXPECT_FALSE(covered({}, {}));
}

}  // namespace
}  // namespace vultus::media
