#include <vultus/liveness/cue_map.hpp>

#include <algorithm>

#include <gtest/gtest.h>

namespace vultus::liveness {
namespace {

constexpr RectF kBox{10, 20, 80, 80};

/// Grey with a checkerboard in one part.
Image checkered(int x0, int y0, int side) {
  Image image = Image::create(100, 120, PixelFormat::rgb8).value();
  for (int y = 0; y < 120; ++y) std::fill(image.row(y), image.row(y) + image.stride(), std::uint8_t{128});
  for (int y = y0; y < y0 + side; ++y)
    for (int x = x0; x < x0 + side; ++x)
      for (int c = 0; c < 3; ++c) image.row(y)[3 * x + c] = (x + y) % 2 == 0 ? 255 : 1;
  return image;
}

/// Texture is a spoof: minus the mean difference of neighbours.
Result<double> texture_score(ImageView picture, const RectF&) {
  double sum = 0;
  for (int y = 0; y < picture.height; ++y)
    for (int x = 1; x < picture.width; ++x)
      sum += std::abs(int{picture.row(y)[3 * x]} - int{picture.row(y)[3 * x - 3]});
  return -sum / 1000;
}

TEST(CueMap, LightsUpWhereTheScoreComesFrom) {
  // Column 6 and row 1 of a grid of 8 cells of 10 pixels.
  const Image picture = checkered(70, 30, 10);
  const CueMap map = cue_map(picture.view(), kBox, 8, texture_score).value();
  ASSERT_EQ(map.cue.size(), 64U);
  for (std::size_t i = 0; i < 64; ++i)
    if (i == 8 + 6)
      EXPECT_GT(map.cue[i], 20);
    else
      EXPECT_NEAR(map.cue[i], 0, 1e-9) << i;
  EXPECT_EQ(map.box, kBox);
}

TEST(CueMap, TheDrawingIsRedThereAndUntouchedElsewhere) {
  const Image picture = checkered(70, 30, 10);
  const CueMap map = cue_map(picture.view(), kBox, 8, texture_score).value();
  const Image drawn = cue_picture(picture.view(), map).value();
  ASSERT_EQ(drawn.width(), 80);
  ASSERT_EQ(drawn.height(), 80);
  const std::uint8_t* there = drawn.row(15) + 3 * 65;
  EXPECT_GT(int{there[0]}, int{there[2]} + 60);
  const std::uint8_t* elsewhere = drawn.row(70) + 3 * 10;
  EXPECT_EQ(elsewhere[0], 128);
  EXPECT_EQ(elsewhere[2], 128);
}

TEST(CueMap, APictureWithoutCuesIsDrawnAsItIs) {
  const Image picture = checkered(0, 0, 0);
  const CueMap map = cue_map(picture.view(), kBox, 4, texture_score).value();
  for (const double cue : map.cue) EXPECT_EQ(cue, 0);
  const Image drawn = cue_picture(picture.view(), map).value();
  EXPECT_EQ(drawn.row(40)[100], 128);
}

TEST(CueMap, AFaceAtTheBorderIsCutThere) {
  const Image picture = checkered(0, 0, 10);
  const CueMap map = cue_map(picture.view(), {-20, -20, 60, 60}, 4, texture_score).value();
  EXPECT_EQ(map.box, (RectF{0, 0, 40, 40}));
  EXPECT_GT(map.cue[0], 0);
}

TEST(CueMap, RefusesWhatMakesNoSense) {
  const Image picture = checkered(0, 0, 0);
  EXPECT_FALSE(cue_map(picture.view(), kBox, 1, texture_score));
  EXPECT_FALSE(cue_map(picture.view(), kBox, 33, texture_score));
  EXPECT_FALSE(cue_map(picture.view(), {0, 0, 3, 3}, 8, texture_score));
  EXPECT_FALSE(cue_map(picture.view(), {200, 200, 50, 50}, 8, texture_score));
  const auto broken = [](ImageView, const RectF&) -> Result<double> { return fail(ErrorCode::internal, "broken"); };
  EXPECT_EQ(cue_map(picture.view(), kBox, 4, broken).error().code, ErrorCode::internal);
  EXPECT_FALSE(cue_picture(picture.view(), {.box = kBox, .cells = 3, .cue = {1, 2}}));
}

}  // namespace
}  // namespace vultus::liveness
