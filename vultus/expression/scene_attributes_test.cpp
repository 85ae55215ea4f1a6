#include <vultus/expression/scene_attributes.hpp>

#include <array>

#include <gtest/gtest.h>

namespace vultus::expression {
namespace {

using Pixel = std::array<std::uint8_t, 3>;

/// 8 x 4 pixels: the left half of one colour, the right half of another.
Image halves(const Pixel& left, const Pixel& right) {
  Image image = Image::create(8, 4, PixelFormat::rgb8).value();
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 8; ++x)
      for (std::size_t c = 0; c < 3; ++c)
        image.row(y)[static_cast<std::size_t>(x) * 3 + c] = x < 4 ? left.at(c) : right.at(c);
  return image;
}

TEST(Colourfulness, HalfRedHalfBlue) {
  // rg: 255 and 0; yb: 127.5 and -255. Variances 127.5^2 and 191.25^2, means 127.5 and -63.75:
  // sqrt(16256.25 + 36576.5625) + 0.3 sqrt(16256.25 + 4064.0625) = 229.8540... + 42.7647...
  EXPECT_NEAR(colourfulness(halves({255, 0, 0}, {0, 0, 255}).view()).value(), 272.6186940, 1e-6);
}

TEST(Colourfulness, AGreyPictureHasNone) {
  EXPECT_EQ(colourfulness(halves({10, 10, 10}, {200, 200, 200}).view()).value(), 0);
  EXPECT_EQ(colourfulness(halves({0, 0, 0}, {255, 255, 255}).view()).value(), 0);
}

TEST(Colourfulness, OfOneColourIsItsDistanceFromGrey) {
  // No variance: 0.3 sqrt(rg^2 + yb^2), rg = 40, yb = 100 - 20 = 80 -> 0.3 * 89.4427...
  EXPECT_NEAR(colourfulness(halves({120, 80, 20}, {120, 80, 20}).view()).value(), 26.8328157, 1e-6);
}

TEST(Brightness, OfOneValueIsThatValue) {
  for (const int value : {0, 51, 128, 255}) {
    const auto level = static_cast<std::uint8_t>(value);
    EXPECT_DOUBLE_EQ(brightness(halves({level, 0, 0}, {level, level, 0}).view()).value(), value / 255.0);
  }
  EXPECT_DOUBLE_EQ(brightness(halves({255, 0, 0}, {0, 0, 0}).view()).value(), 0.5);
}

TEST(SceneAttributes, RefuseWhatHasNoColour) {
  const Image grey = Image::create(3, 3, PixelFormat::gray8).value();
  EXPECT_EQ(brightness(grey.view()).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(colourfulness(grey.view()).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(colourfulness({}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::expression
