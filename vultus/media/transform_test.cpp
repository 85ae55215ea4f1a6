#include <vultus/media/transform.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace vultus::media {
namespace {

Image made(int width, int height, PixelFormat format = PixelFormat::gray8) {
  return Image::create(width, height, format).value();
}

/// A grey picture of these rows.
Image grey(const std::vector<std::vector<int>>& rows) {
  Image picture = made(static_cast<int>(rows[0].size()), static_cast<int>(rows.size()));
  for (std::size_t y = 0; y < rows.size(); ++y)
    std::ranges::transform(rows[y], picture.row(static_cast<int>(y)),
                           [](int v) { return static_cast<std::uint8_t>(v); });
  return picture;
}

Image noise(int width, int height, PixelFormat format, unsigned seed) {
  Image picture = made(width, height, format);
  std::mt19937 random(seed);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width * channels_of(format); ++x) picture.row(y)[x] = static_cast<std::uint8_t>(random());
  return picture;
}

Image checkerboard(int side, int square) {
  Image picture = made(side, side);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) picture.row(y)[x] = (x / square + y / square) % 2 == 0 ? 0 : 255;
  return picture;
}

RectF all_of(const Image& picture) {
  return {0, 0, static_cast<float>(picture.width()), static_cast<float>(picture.height())};
}

TEST(Resize, ToTheSameSizeChangesNothing) {
  for (const PixelFormat format : {PixelFormat::gray8, PixelFormat::rgb8}) {
    const Image picture = noise(31, 17, format, 1);
    Image copy = made(31, 17, format);
    ASSERT_TRUE(resize_into(picture.view(), all_of(picture), copy.mutable_view()));
    EXPECT_EQ(copy, picture);
  }
}

TEST(Resize, AveragesBlocksWhenItShrinks) {
  Image half = made(2, 1);
  ASSERT_TRUE(resize_into(grey({{0, 100, 10, 20}, {200, 60, 30, 40}}).view(), {0, 0, 4, 2}, half.mutable_view()));
  EXPECT_EQ(half.row(0)[0], 90);  // (0 + 100 + 200 + 60) / 4
  EXPECT_EQ(half.row(0)[1], 25);
}

TEST(Resize, InterpolatesBetweenPixelCentresWhenItEnlarges) {
  // Target pixel x lies at (x + 0.5) / 2 - 0.5 of the source: -0.25, 0.25, 0.75, 1.25.
  Image twice = made(4, 1);
  ASSERT_TRUE(resize_into(grey({{0, 100}}).view(), {0, 0, 2, 1}, twice.mutable_view()));
  EXPECT_EQ(std::vector<int>(twice.row(0), twice.row(0) + 4), (std::vector<int>{0, 25, 75, 100}));
}

TEST(Resize, TurnsAFineCheckerboardIntoGreyAndNotIntoStripes) {
  for (const int factor : {2, 4, 8}) {
    Image small = made(64 / factor, 64 / factor);
    ASSERT_TRUE(resize_into(checkerboard(64, 1).view(), {0, 0, 64, 64}, small.mutable_view()));
    for (int y = 0; y < small.height(); ++y)
      for (int x = 0; x < small.width(); ++x) EXPECT_NEAR(small.row(y)[x], 127.5, 0.51) << "shrunk by " << factor;
  }
}

TEST(Resize, CutsARegionAtTheBordersOfThePicture) {
  const Image picture = noise(20, 20, PixelFormat::gray8, 2);
  Image part = made(10, 10);
  ASSERT_TRUE(resize_into(picture.view(), {-10, -10, 20, 20}, part.mutable_view()));  // what remains is 10 x 10
  for (int y = 0; y < 10; ++y) EXPECT_TRUE(std::equal(part.row(y), part.row(y) + 10, picture.row(y))) << y;
  ASSERT_TRUE(resize_into(picture.view(), {10, 10, 1e9F, 1e9F}, part.mutable_view()));
  for (int y = 0; y < 10; ++y) EXPECT_TRUE(std::equal(part.row(y), part.row(y) + 10, picture.row(y + 10) + 10)) << y;
}

TEST(Resize, WeighsColoursAsRec601) {
  // 0.299, 0.587 and 0.114 of 255 are 76.2, 149.7 and 29.1.
  const std::array<std::array<int, 4>, 5> rows{
      {{255, 0, 0, 76}, {0, 255, 0, 150}, {0, 0, 255, 29}, {255, 255, 255, 255}, {100, 100, 100, 100}}};
  for (const auto& row : rows) {
    Image colour = made(4, 4, PixelFormat::rgb8);
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 12; ++x) colour.row(y)[x] = static_cast<std::uint8_t>(row[static_cast<std::size_t>(x % 3)]);
    Image gray = made(2, 2);
    ASSERT_TRUE(resize_into(colour.view(), all_of(colour), gray.mutable_view()));
    EXPECT_EQ(int{gray.row(1)[1]}, row[3]);
  }
}

TEST(Resize, WritesOnlyIntoItsTarget) {
  Image frame = made(10, 10);
  const Image white = grey({{255}});
  MutableImageView inner = frame.mutable_view();
  inner.data += 2 * inner.stride + 3;
  inner.width = 4, inner.height = 5;
  ASSERT_TRUE(resize_into(white.view(), {0, 0, 1, 1}, inner));
  for (int y = 0; y < 10; ++y)
    for (int x = 0; x < 10; ++x)
      EXPECT_EQ(int{frame.row(y)[x]}, x >= 3 && x < 7 && y >= 2 && y < 7 ? 255 : 0) << x << " " << y;
}

TEST(Resize, RefusesWhatHasNoPixels) {
  const Image picture = noise(20, 20, PixelFormat::gray8, 2);
  Image target = made(5, 5), colour = made(5, 5, PixelFormat::rgb8);
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const RectF region : {RectF{30, 30, 5, 5}, RectF{-9, 0, 9, 5}, RectF{5, 5, 0, 0}, RectF{5, 5, -3, -3},
                             RectF{kNan, 0, 5, 5}, RectF{0, 0, kNan, 5}})
    EXPECT_EQ(resize_into(picture.view(), region, target.mutable_view()).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(resize_into({}, {0, 0, 1, 1}, target.mutable_view()));
  EXPECT_FALSE(resize_into(picture.view(), all_of(picture), {}));
  EXPECT_FALSE(resize_into(picture.view(), all_of(picture), colour.mutable_view())) << "grey cannot become colour";
}

TEST(Warp, ByTheIdentityChangesNothing) {
  for (const PixelFormat format : {PixelFormat::gray8, PixelFormat::rgb8}) {
    const Image picture = noise(31, 17, format, 3);
    Image copy = made(31, 17, format);
    ASSERT_TRUE(warp_into(picture.view(), {}, copy.mutable_view()));
    EXPECT_EQ(copy, picture);
  }
}

TEST(Warp, ByWholePixelsMovesThePictureAndLeavesBlack) {
  const Image picture = noise(20, 20, PixelFormat::rgb8, 4);
  Image moved = made(20, 20, PixelFormat::rgb8);
  ASSERT_TRUE(warp_into(picture.view(), {.tx = 3, .ty = -2}, moved.mutable_view()));
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 60; ++x) {
      const bool inside = x >= 9 && y < 18;
      EXPECT_EQ(int{moved.row(y)[x]}, inside ? int{picture.row(y + 2)[x - 9]} : 0) << x << " " << y;
    }
}

TEST(Warp, ByAQuarterTurnGivesTheTurnedPixels) {
  // (x, y) -> (19 - y, x): clockwise in the picture.
  const Image picture = noise(20, 20, PixelFormat::gray8, 5);
  Image turned = made(20, 20);
  ASSERT_TRUE(warp_into(picture.view(), {.a = 0, .b = 1, .tx = 19, .ty = 0}, turned.mutable_view()));
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 20; ++x) EXPECT_EQ(int{turned.row(x)[19 - y]}, int{picture.row(y)[x]});
}

TEST(Warp, InterpolatesLinearly) {
  const Image picture = grey({{0, 100}, {200, 60}});
  Image one = made(1, 1);
  ASSERT_TRUE(warp_into(picture.view(), {.tx = -0.5, .ty = -0.5}, one.mutable_view()));
  EXPECT_EQ(int{one.row(0)[0]}, 90);  // the mean of the four
  ASSERT_TRUE(warp_into(picture.view(), {.tx = -0.25, .ty = -0.5}, one.mutable_view()));
  EXPECT_EQ(int{one.row(0)[0]}, 95);  // 0.75 * (0 + 200) / 2 + 0.25 * (100 + 60) / 2
}

/// The picture of the next test at any position: slopes of at most 6 grey levels a pixel.
double wave(double x, double y) {
  return 128 + 60 * std::sin(0.07 * x + 0.5) * std::cos(0.05 * y) + 30 * std::sin(0.04 * (x + y));
}

TEST(Warp, StaysWithinOneGreyLevelOfTheSameSumInDouble) {
  Image picture = made(160, 120);
  for (int y = 0; y < 120; ++y)
    for (int x = 0; x < 160; ++x) picture.row(y)[x] = static_cast<std::uint8_t>(std::lround(wave(x, y)));
  const auto pixel = [&](int x, int y) { return double{static_cast<double>(picture.row(y)[x])}; };
  for (int round = 0; round < 12; ++round) {
    const double angle = std::numbers::pi * round / 6, scale = 0.7 + 0.15 * round;
    Similarity t{scale * std::cos(angle), scale * std::sin(angle), 0, 0};
    t.tx = 40 - (t.a * 80 - t.b * 60), t.ty = 40 - (t.b * 80 + t.a * 60);  // the centre goes to (40, 40)
    Image target = made(80, 80);
    ASSERT_TRUE(warp_into(picture.view(), t, target.mutable_view()));
    int compared = 0;
    for (int y = 0; y < 80; ++y)
      for (int x = 0; x < 80; ++x) {
        const double det = t.a * t.a + t.b * t.b, dx = x - t.tx, dy = y - t.ty;
        const double sx = (t.a * dx + t.b * dy) / det, sy = (-t.b * dx + t.a * dy) / det;
        if (sx < -1.1 || sy < -1.1 || sx > 160.1 || sy > 120.1) {
          EXPECT_EQ(int{target.row(y)[x]}, 0);
        } else if (sx >= 0 && sy >= 0 && sx < 159 && sy < 119) {
          const int ix = static_cast<int>(sx), iy = static_cast<int>(sy);
          const double fx = sx - ix, fy = sy - iy;
          const double want = (1 - fy) * ((1 - fx) * pixel(ix, iy) + fx * pixel(ix + 1, iy)) +
                              fy * ((1 - fx) * pixel(ix, iy + 1) + fx * pixel(ix + 1, iy + 1));
          // The library rounds positions to 1/32 pixel: 6 * 2 / 64 grey levels, and 0.5 for the byte.
          EXPECT_NEAR(target.row(y)[x], want, 1) << x << " " << y << " round " << round;
          ++compared;
        }
      }
    EXPECT_GT(compared, 1000);
  }
}

class WarpThatShrinks : public ::testing::TestWithParam<double> {};

TEST_P(WarpThatShrinks, TurnsAFineCheckerboardIntoGrey) {
  const double scale = GetParam();
  Image small = made(24, 24);
  // From the middle of a large board, turned a little, as faces are.
  const double angle = 0.2, a = scale * std::cos(angle), b = scale * std::sin(angle);
  const Similarity t{a, b, 12 - (a * 600 - b * 600), 12 - (b * 600 + a * 600)};
  ASSERT_TRUE(warp_into(checkerboard(1200, 1).view(), t, small.mutable_view()));
  // A block of an odd side has one square more of one colour: at most 1 / 9 of the range away from the middle.
  for (int y = 0; y < 24; ++y)
    for (int x = 0; x < 24; ++x) EXPECT_NEAR(small.row(y)[x], 127.5, 255.0 / 18 + 1);
}

INSTANTIATE_TEST_SUITE_P(By, WarpThatShrinks,
                         ::testing::Values(0.66, 0.6, 0.5, 0.45, 0.34, 0.3, 0.25, 0.21, 0.125, 0.06, 0.03),
                         [](const auto& chosen) {
                           return "scale_" + std::to_string(static_cast<int>(std::lround(chosen.param * 1000)));
                         });

TEST(Warp, ThatShrinksEqualsTheMeanOfManySamplesInEachPixel) {
  // Noise of every size, and the ideal: 16 x 16 samples of the source spread over each pixel of the target.
  Image picture = made(500, 500);
  std::mt19937 random(12);
  for (const int square : {1, 3, 9, 27})
    for (int y = 0; y < 500; y += square)
      for (int x = 0; x < 500; x += square) {
        const int change = static_cast<int>(random() % 64);
        for (int v = y; v < std::min(500, y + square); ++v)
          for (int u = x; u < std::min(500, x + square); ++u)
            picture.row(v)[u] = static_cast<std::uint8_t>(picture.row(v)[u] + change);
      }
  for (const double scale : {0.6, 0.45, 0.34, 0.3, 0.2, 0.15, 0.1}) {
    const double a = scale * std::cos(0.3), b = scale * std::sin(0.3), det = a * a + b * b;
    const Similarity t{a, b, 15.3 - (a * 250 - b * 250), 14.8 - (b * 250 + a * 250)};
    Image target = made(30, 30);
    ASSERT_TRUE(warp_into(picture.view(), t, target.mutable_view()));
    double square_sum = 0;
    for (int y = 0; y < 30; ++y)
      for (int x = 0; x < 30; ++x) {
        double sum = 0;
        for (int j = 0; j < 16; ++j)
          for (int i = 0; i < 16; ++i) {
            const double dx = x + (i - 7.5) / 16 - t.tx, dy = y + (j - 7.5) / 16 - t.ty;
            const auto sx = static_cast<int>(std::lround((a * dx + b * dy) / det));
            const auto sy = static_cast<int>(std::lround((-b * dx + a * dy) / det));
            sum += sx >= 0 && sy >= 0 && sx < 500 && sy < 500 ? picture.row(sy)[sx] : 0;
          }
        square_sum += std::pow(target.row(y)[x] - sum / 256, 2);
      }
    // A square window over a turned square, of a whole number of pixels: a few grey levels of 255. Skipping pixels
    // would be off by 10 to 23 from half size down.
    EXPECT_LT(std::sqrt(square_sum / 900), 6) << "scale " << scale;
  }
}

TEST(Warp, OfALargePictureLandsWhereOneOfASmallPictureWould) {
  // A white disc of radius 40 at (500, 300), shrunk by 5 to (100, 60).
  Image picture = made(800, 600);
  for (int y = 0; y < 600; ++y)
    for (int x = 0; x < 800; ++x) picture.row(y)[x] = std::hypot(x - 500.0, y - 300.0) < 40 ? 255 : 0;
  Image small = made(160, 120);
  ASSERT_TRUE(warp_into(picture.view(), {.a = 0.2}, small.mutable_view()));
  double sx = 0, sy = 0, mass = 0;
  for (int y = 0; y < 120; ++y)
    for (int x = 0; x < 160; ++x) {
      const double v = small.row(y)[x];
      sx += v * x, sy += v * y, mass += v;
    }
  EXPECT_NEAR(sx / mass, 100, 0.02);
  EXPECT_NEAR(sy / mass, 60, 0.02);
  EXPECT_NEAR(mass / 255, std::numbers::pi * 8 * 8, 4);
}

TEST(Warp, FromOutsideThePictureIsBlackAndNoError) {
  const Image picture = noise(50, 50, PixelFormat::gray8, 6);
  for (const double scale : {1.0, 0.1}) {
    Image target = noise(8, 8, PixelFormat::gray8, 7);
    ASSERT_TRUE(warp_into(picture.view(), {.a = scale, .tx = 1e5}, target.mutable_view()));
    EXPECT_EQ(target, made(8, 8));
  }
}

TEST(Warp, RefusesWhatHasNoMeaning) {
  const Image picture = noise(10, 10, PixelFormat::gray8, 8);
  Image target = made(5, 5), colour = made(5, 5, PixelFormat::rgb8);
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  for (const Similarity t : {Similarity{0, 0, 1, 1}, Similarity{nan, 0, 0, 0}, Similarity{1, 0, nan, 0},
                             Similarity{1, 0, infinite, 0}, Similarity{infinite, 0, 0, 0}})
    EXPECT_EQ(warp_into(picture.view(), t, target.mutable_view()).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(warp_into({}, {}, target.mutable_view()));
  EXPECT_FALSE(warp_into(picture.view(), {}, {}));
  EXPECT_FALSE(warp_into(picture.view(), {}, colour.mutable_view()));
}

TEST(Warp, OfExtremeTransformsNeitherCrashesNorHangs) {
  const Image picture = noise(300, 200, PixelFormat::rgb8, 9);
  Image target = made(112, 112, PixelFormat::rgb8);
  for (const double scale : {1e-9, 1e-5, 1e-3, 1e3, 1e6})
    for (const double shift : {0.0, -1e6, 1e12}) {
      const Status status = warp_into(picture.view(), {.a = scale, .tx = shift}, target.mutable_view());
      EXPECT_TRUE(status || status.error().code != ErrorCode::internal) << scale << " " << shift;
    }
}

TEST(Mirror, SwapsLeftAndRightAndTwiceIsNothing) {
  for (const int width : {1, 2, 7, 8})
    for (const PixelFormat format : {PixelFormat::gray8, PixelFormat::rgb8}) {
      const Image picture = noise(width, 3, format, 10);
      Image once = made(width, 3, format), twice = made(width, 3, format);
      mirror_into(picture.view(), once.mutable_view());
      mirror_into(once.view(), twice.mutable_view());
      EXPECT_EQ(twice, picture);
      const int channels = channels_of(format);
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < channels; ++c)
          EXPECT_EQ(once.row(1)[x * channels + c], picture.row(1)[(width - 1 - x) * channels + c]);
    }
}

}  // namespace
}  // namespace vultus::media
