// Near-duplicates have near hashes, other pictures have not.
#include <algorithm>
#include <bit>
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/media/picture_hash.hpp>

namespace vultus::media {
namespace {

/// A smooth pattern of its own for each number, of any size and brightness.
Image pattern(int number, int side, double gain, PixelFormat format) {
  Image image = Image::create(side, side, format).value();
  const int channels = channels_of(format);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const double u = 6.0 * x / side;
      const double v = 6.0 * y / side;
      double value = 0;
      for (int k = 1; k <= 5; ++k)
        value += std::sin(k * 0.37 * number + (k % 3 + 1) * u * 0.9) * std::cos(k * 0.61 * number + (k % 4) * v * 0.8);
      const auto pixel = static_cast<std::uint8_t>(std::clamp((127 + 22 * value) * gain, 0.0, 255.0));
      for (int c = 0; c < channels; ++c) image.row(y)[x * channels + c] = pixel;
    }
  return image;
}

int bits_between(const Image& a, const Image& b) {
  return std::popcount(picture_hash(a.view()).value() ^ picture_hash(b.view()).value());
}

TEST(PictureHash, OfScaledBrightenedAndGreyPicturesDiffersInFewBits) {
  const Image original = pattern(3, 200, 1, PixelFormat::rgb8);
  EXPECT_EQ(bits_between(original, original), 0);
  EXPECT_LE(bits_between(original, pattern(3, 131, 1, PixelFormat::rgb8)), 4);
  EXPECT_LE(bits_between(original, pattern(3, 200, 1.08, PixelFormat::rgb8)), 4);
  EXPECT_LE(bits_between(original, pattern(3, 96, 1, PixelFormat::gray8)), 4);
}

TEST(PictureHash, OfOtherPicturesDiffersInMany) {
  for (int other = 4; other < 12; ++other)
    EXPECT_GT(bits_between(pattern(3, 200, 1, PixelFormat::gray8), pattern(other, 200, 1, PixelFormat::gray8)), 8)
        << other;
}

TEST(PictureHash, RefusesNothingAndWritesSixteenDigits) {
  EXPECT_FALSE(picture_hash(ImageView{}));
  EXPECT_EQ(hash_text(0xabc), "0000000000000abc");
}

}  // namespace
}  // namespace vultus::media
