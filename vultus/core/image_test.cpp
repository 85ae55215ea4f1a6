#include <vultus/core/image.hpp>

#include <gtest/gtest.h>

namespace vultus {
namespace {

TEST(Image, OwnsRowsWithoutPadding) {
  Result<Image> made = Image::create(5, 3, PixelFormat::rgb8);
  ASSERT_TRUE(made);
  Image image = *std::move(made);
  image.row(2)[14] = 7;  // last channel of the last pixel
  const ImageView view = image.view();
  EXPECT_EQ(view.stride, 15);
  EXPECT_EQ(view.row(2)[14], 7);
  EXPECT_EQ(view.row(0)[0], 0);
}

TEST(Image, TakesOnAnotherSizeWithoutNewMemoryWhereItSuffices) {
  Image image = Image::create(8, 8, PixelFormat::rgb8).value();
  const std::uint8_t* const memory = image.view().data;
  ASSERT_TRUE(image.reshape(4, 2, PixelFormat::gray8));
  EXPECT_EQ(image.view().data, memory);
  EXPECT_EQ(image.width(), 4);
  EXPECT_EQ(image.stride(), 4);
  ASSERT_TRUE(image.reshape(8, 8, PixelFormat::rgb8));
  EXPECT_EQ(image.view().data, memory);
  EXPECT_FALSE(image.reshape(8, 0, PixelFormat::rgb8));
  EXPECT_EQ(image.height(), 8) << "a refused size must leave the image as it was";
}

TEST(Image, RefusesSidesOutsideTheRangeAndSaysThem) {
  const Result<Image> none = Image::create(0, 3, PixelFormat::gray8);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(none.error().message, "image of 0x3 pixels: each side must be 1 to 65535");
  EXPECT_FALSE(Image::create(65536, 1, PixelFormat::gray8));
}

}  // namespace
}  // namespace vultus
