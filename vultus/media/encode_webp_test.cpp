#include <vultus/media/encode_webp.hpp>

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include <vultus/media/picture.hpp>
#include <vultus/media/test_pictures.hpp>

namespace vultus::media {
namespace {

TEST(EncodeWebp, ComesCloserAndGrowsWithQuality) {
  const Image image = testing::gradient(64, 48);
  const auto error_at = [&](int quality) {
    const auto bytes = encode_webp(image.view(), {.quality = quality}).value();
    EXPECT_EQ(probe_picture(bytes).value().format, PictureFormat::webp);
    const Image back = decode_picture(bytes).value().image;
    EXPECT_EQ(back.width(), 64);
    EXPECT_EQ(back.height(), 48);
    double sum = 0;
    for (int y = 0; y < 48; ++y)
      for (int i = 0; i < 192; ++i) sum += std::abs(int{back.row(y)[i]} - int{image.row(y)[i]});
    return sum / (48 * 192);
  };
  // Colour is kept at half the resolution, and this gradient is steep: a few levels are lost at any quality.
  EXPECT_LT(error_at(100), 8);
  EXPECT_LT(error_at(95), error_at(5));
  EXPECT_LT(encode_webp(image.view(), {.quality = 5}).value().size(),
            encode_webp(image.view(), {.quality = 95}).value().size());
}

TEST(EncodeWebp, KeepsGreyGreyAndFollowsTheStride) {
  Image grey = Image::create(33, 20, PixelFormat::gray8).value();
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 33; ++x) grey.row(y)[x] = static_cast<std::uint8_t>(x * 6);
  const Image back = decode_picture(encode_webp(grey.view(), {.quality = 95}).value()).value().image;
  const testing::Rgb pixel = testing::pixel(back, 20, 10);
  for (const int level : {pixel[0], pixel[1], pixel[2]}) EXPECT_NEAR(level, 120, 6);
  // A part of a picture: its rows lie as far apart as those of the whole.
  const Image image = testing::gradient(64, 48);
  const ImageView part{image.row(8) + 3 * 16, 32, 32, image.stride()};
  Image copy = Image::create(32, 32, PixelFormat::rgb8).value();
  for (int y = 0; y < 32; ++y) std::copy_n(part.row(y), 96, copy.row(y));
  EXPECT_EQ(encode_webp(part).value(), encode_webp(copy.view()).value());
  EXPECT_NE(encode_webp(part).value(), encode_webp({image.row(0), 32, 32, image.stride()}).value());
}

TEST(EncodeWebp, RefusesWhatItCannotWrite) {
  EXPECT_EQ(encode_webp({}).error().code, ErrorCode::invalid_argument);
  const Image image = testing::gradient(4, 4);
  EXPECT_EQ(encode_webp(image.view(), {.quality = 101}).error().message,
            "WebpEncoding: quality = 101, must be 0 to 100");
  EXPECT_EQ(encode_webp(image.view(), {.quality = -1}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(encode_webp({image.row(0), 16384, 1, 12}).error().message,
            "image of 16384x1 pixels: the limit of WebP is 16383 a side");
}

}  // namespace
}  // namespace vultus::media
