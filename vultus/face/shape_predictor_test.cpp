#include <vultus/face/shape_predictor.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/test_dlib_files.hpp>

namespace vultus::face {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Black, with one bright pixel.
Image dark_but(int x, int y, std::uint8_t value) {
  Image picture = Image::create(200, 200, PixelFormat::rgb8).value();
  std::uint8_t* p = picture.mutable_view().row(y) + std::ptrdiff_t{3} * x;
  p[0] = p[1] = p[2] = value;
  return picture;
}

ShapePredictor small() { return ShapePredictor::parse(runtime::test::small_shape_predictor(), "small").value(); }

// The face of 100 pixels begins at (20, 40): its points start at (45, 90) and (95, 90).
constexpr PixelRect kFace{20, 40, 120, 140};

TEST(ShapePredictor, WalksItsTreeAsBrightnessSays) {
  const ShapePredictor predictor = small();
  EXPECT_EQ(predictor.parts(), 2U);
  EXPECT_THAT(predictor.find(dark_but(45, 90, 11).view(), kFace).value(),
              ElementsAre(Point2f{45, 115}, Point2f{95, 90}));
  EXPECT_THAT(predictor.find(dark_but(45, 90, 10).view(), kFace).value(),
              ElementsAre(Point2f{45, 90}, Point2f{95, 65}));
  EXPECT_THAT(predictor.find(dark_but(46, 90, 255).view(), kFace).value(),
              ElementsAre(Point2f{45, 90}, Point2f{95, 65}));
}

TEST(ShapePredictor, PixelsOutsideThePictureAreBlack) {
  EXPECT_THAT(small().find(dark_but(0, 0, 255).view(), {-1000, -1000, -900, -900}).value(),
              ElementsAre(Point2f{-975, -950}, Point2f{-925, -975}));
}

TEST(ShapePredictor, RefusesRectanglesThatHoldNoFace) {
  const Image picture = dark_but(0, 0, 0);
  for (const PixelRect rect : {PixelRect{10, 10, 9, 20}, PixelRect{10, 10, 20, 9}, PixelRect{0, 0, 2'000'000, 10}})
    EXPECT_EQ(small().find(picture.view(), rect).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(small().find({}, kFace).error().code, ErrorCode::invalid_argument);
}

TEST(ShapePredictor, EveryBeginningOfAFileIsRefused) {
  const auto whole = runtime::test::small_shape_predictor();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto made = ShapePredictor::parse(std::span(whole).first(size), "cut");
    ASSERT_FALSE(made) << size;
    EXPECT_EQ(made.error().code, ErrorCode::corrupt_data);
  }
}

TEST(ShapePredictor, ASplitMayNotLookAtAPixelThatDoesNotExist) {
  auto bytes = runtime::test::small_shape_predictor();
  // Behind version, sizes and four numbers of the initial shape, and three counts, stands the split's first pixel.
  std::size_t at = 0;
  for (int i = 0; i < 1 + 2 + 2 * 4 + 3; ++i) at += 1 + (bytes[at] & 0x0FU);
  ASSERT_EQ(bytes[at], 1) << "a number of one byte";
  bytes[at + 1] = 2;
  EXPECT_THAT(ShapePredictor::parse(bytes, "file").error().message,
              HasSubstr("a split looks at a pixel that does not exist"));
}

TEST(ShapePredictor, AMissingFileIsNotFound) {
  EXPECT_EQ(ShapePredictor::load("/no/such/file.dat").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace vultus::face
