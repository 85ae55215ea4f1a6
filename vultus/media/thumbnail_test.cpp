#include <vultus/media/thumbnail.hpp>

#include <limits>

#include <gtest/gtest.h>

#include <vultus/media/test_pictures.hpp>

namespace vultus::media {
namespace {

using testing::blocks;
using testing::pixel;
using testing::Rgb;

TEST(ResizeToSide, KeepsTheShapeAndTheColours) {
  const Image image = blocks({"RGB", "WKY"}, 100);
  const Image small = resize_to_side(image.view(), 60).value();
  EXPECT_EQ(small.width(), 60);
  EXPECT_EQ(small.height(), 40);
  EXPECT_EQ(pixel(small, 10, 10), (Rgb{255, 0, 0}));
  EXPECT_EQ(pixel(small, 50, 30), (Rgb{255, 255, 0}));
  EXPECT_EQ(resize_to_side(image.view(), 300).value(), image) << "never enlarged";
  EXPECT_EQ(resize_to_side(image.view(), 1).value().height(), 1);
}

TEST(ResizeToSide, AveragesWhatItLosesAndAcceptsGrey) {
  // A chequerboard of single pixels becomes grey: (0 + 255) / 2.
  Image board = Image::create(64, 64, PixelFormat::gray8).value();
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) board.row(y)[x] = (x + y) % 2 == 0 ? 255 : 0;
  const Image small = resize_to_side(board.view(), 16).value();
  EXPECT_EQ(small.format(), PixelFormat::gray8);
  EXPECT_NEAR(small.row(8)[8], 127.5, 2);
}

TEST(Crop, RoundsOutwardsAndStaysInThePicture) {
  const Image image = blocks({"RG", "BW"}, 10);
  const Image middle = crop(image.view(), {9.5F, 9.5F, 1, 1}).value();
  ASSERT_EQ(middle.width(), 2);
  ASSERT_EQ(middle.height(), 2);
  EXPECT_EQ(pixel(middle, 0, 0), (Rgb{255, 0, 0}));
  EXPECT_EQ(pixel(middle, 1, 1), (Rgb{255, 255, 255}));
  EXPECT_EQ(crop(image.view(), {-5, -5, 1e9F, 1e9F}).value(), image);
  EXPECT_EQ(crop(image.view(), {15, 15, 100, 100}).value().width(), 5);
  EXPECT_EQ(crop(image.view(), {20, 0, 5, 5}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(crop(image.view(), {0, 0, -5, 5}).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(crop(image.view(), {std::numeric_limits<float>::quiet_NaN(), 0, 5, 5}));
}

TEST(FaceThumbnail, IsASquareMovedIntoThePicture) {
  const Image image = blocks({"RRRRRR", "RGGRRR", "RRRRRR"}, 20);  // 120 x 60, green from (20, 20) to (60, 40)
  // Box 40 x 20, margin 0: a square of 40 around (40, 30), rows 10 to 50; a quarter of it red above and below.
  const Image face = face_thumbnail(image.view(), {20, 20, 40, 20}, 0, 40).value();
  EXPECT_EQ(face.width(), 40);
  EXPECT_EQ(face.height(), 40);
  EXPECT_EQ(pixel(face, 20, 20), (Rgb{0, 255, 0}));
  EXPECT_EQ(pixel(face, 20, 5), (Rgb{255, 0, 0}));
  EXPECT_EQ(pixel(face, 0, 20), (Rgb{0, 255, 0}));
  // A box in the corner with a margin: moved inside, limited to the height.
  const Image corner = face_thumbnail(image.view(), {100, -10, 40, 40}, 1, 30).value();
  EXPECT_EQ(corner.width(), 30);
  EXPECT_EQ(pixel(corner, 15, 15), (Rgb{255, 0, 0}));
}

TEST(FaceThumbnail, RefusesWhatMakesNoSense) {
  const Image image = blocks({"R"}, 20);
  EXPECT_FALSE(face_thumbnail(image.view(), {0, 0, 0, 10}, 0, 10));
  EXPECT_FALSE(face_thumbnail(image.view(), {0, 0, 10, 10}, -1, 10));
  EXPECT_FALSE(face_thumbnail(image.view(), {0, 0, 10, 10}, 0, 0));
  EXPECT_FALSE(face_thumbnail({}, {0, 0, 10, 10}, 0, 10));
  EXPECT_TRUE(face_thumbnail(image.view(), {1e30F, 1e30F, 1e30F, 1e30F}, 0, 10)) << "far outside is moved inside";
}

}  // namespace
}  // namespace vultus::media
