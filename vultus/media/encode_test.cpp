#include <vultus/media/encode.hpp>

#include <algorithm>
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include <vultus/media/picture.hpp>
#include <vultus/media/test_pictures.hpp>

namespace vultus::media {
namespace {

Image grey_gradient() {
  Image image = Image::create(20, 10, PixelFormat::gray8).value();
  for (int y = 0; y < 10; ++y)
    for (int x = 0; x < 20; ++x) image.row(y)[x] = static_cast<std::uint8_t>(x * 10 + y);
  return image;
}

TEST(EncodePng, KeepsEveryPixel) {
  const Image image = testing::gradient(31, 17);
  EXPECT_EQ(decode_picture(encode_png(image.view()).value()).value().image, image);
  const Image back = decode_picture(encode_png(grey_gradient().view()).value()).value().image;
  EXPECT_EQ(testing::pixel(back, 7, 3), (testing::Rgb{73, 73, 73}));
  const Image part = decode_picture(encode_png({image.row(2) + 3 * 3, 5, 4, image.stride()}).value()).value().image;
  EXPECT_EQ(testing::pixel(part, 1, 1), testing::pixel(image, 4, 3)) << "rows of a view lie a stride apart";
}

TEST(EncodeJpeg, ComesCloseAndCloserWithQuality) {
  const Image image = testing::gradient(64, 48);
  const auto error_at = [&](const JpegEncoding& encoding) {
    const Image back = decode_picture(encode_jpeg(image.view(), encoding).value()).value().image;
    double sum = 0;
    for (int y = 0; y < 48; ++y)
      for (int i = 0; i < 192; ++i) sum += std::abs(int{back.row(y)[i]} - int{image.row(y)[i]});
    return sum / (48 * 192);
  };
  EXPECT_LT(error_at({.quality = 100, .full_colour = true}), 1);
  EXPECT_LT(error_at({.quality = 95, .full_colour = true}), error_at({.quality = 95}));
  EXPECT_LT(error_at({.quality = 95}), error_at({.quality = 20}));
  EXPECT_NEAR(testing::pixel(decode_picture(encode_jpeg(grey_gradient().view()).value()).value().image, 10, 5)[1], 105,
              6);
}

TEST(EncodeJpeg, KeepsFilesOfManyBuffers) {
  Image noise = Image::create(300, 200, PixelFormat::rgb8).value();
  std::mt19937 random(4);
  for (int y = 0; y < 200; ++y)
    for (int i = 0; i < 900; ++i) noise.row(y)[i] = static_cast<std::uint8_t>(random() % 256);
  const auto file = encode_jpeg(noise.view(), {.quality = 100, .full_colour = true}).value();
  EXPECT_GT(file.size(), 100'000U);
  const Image back = decode_picture(file).value().image;
  int most = 0;
  for (int y = 0; y < 200; ++y)
    for (int i = 0; i < 900; ++i) most = std::max(most, std::abs(int{back.row(y)[i]} - int{noise.row(y)[i]}));
  EXPECT_LE(most, 8) << "rounding of the colours alone";
}

TEST(EncodeJpeg, TakesSidesUpTo65500) {
  const Image line = Image::create(65'501, 1, PixelFormat::gray8).value();
  EXPECT_TRUE(encode_jpeg({line.row(0), 65'500, 1, line.stride(), PixelFormat::gray8}));
  const auto refused = encode_jpeg(line.view());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            (Error{ErrorCode::invalid_argument, "image of 65501x1 pixels: the limit is 65500 a side"}));
  EXPECT_TRUE(encode_png(line.view()));
}

TEST(Encode, RefusesWhatIsNoPicture) {
  EXPECT_EQ(encode_png({}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(encode_jpeg({}).error().code, ErrorCode::invalid_argument);
  const Image image = testing::gradient(4, 4);
  EXPECT_EQ(encode_jpeg(image.view(), {.quality = 0}).error().message, "JpegEncoding: quality = 0, must be 1 to 100");
  EXPECT_FALSE(encode_jpeg(image.view(), {.quality = 101}));
  EXPECT_FALSE(encode_png({image.row(0), 70000, 1, 12}));
}

}  // namespace
}  // namespace vultus::media
