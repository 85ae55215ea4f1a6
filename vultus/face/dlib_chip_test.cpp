#include <vultus/face/dlib_chip.hpp>

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace vultus::face {
namespace {

// A face whose points lie where the chip wants them: chip pixel = (0.25 + mean) / 1.5 * 150.
std::vector<Point2f> mean_face(float scale, float x, float y) {
  constexpr std::array<Point2f, 5> kMean{{{0.8595674F, 0.2134981F},
                                          {0.6460605F, 0.2289674F},
                                          {0.1205751F, 0.2137275F},
                                          {0.3340851F, 0.2290642F},
                                          {0.4901123F, 0.6277975F}}};
  std::vector<Point2f> points;
  for (const Point2f p : kMean) points.push_back({(25 + 100 * p.x) * scale + x, (25 + 100 * p.y) * scale + y});
  return points;
}

TEST(DlibChip, IsPlacedByTheMeanFace) {
  const ChipPlace place = chip_place(mean_face(2, 40, 30)).value();
  // The chip's corner (0, 0) lies at (40, 30), its 150 pixels cover 300: from the centre (190, 180), half a side less
  // half a pixel to every side.
  EXPECT_NEAR(place.left, 190 - 149.5, 1e-3);
  EXPECT_NEAR(place.top, 180 - 149.5, 1e-3);
  EXPECT_NEAR(place.right, 190 + 149.5, 1e-3);
  EXPECT_NEAR(place.bottom, 180 + 149.5, 1e-3);
  EXPECT_NEAR(place.angle, 0, 1e-5);
}

TEST(DlibChip, TurnsWithTheFace) {
  auto points = mean_face(1, 0, 0);
  for (Point2f& p : points) p = {-p.y, p.x};  // a quarter turn clockwise in the picture
  EXPECT_NEAR(chip_place(points)->angle, std::acos(-1.0) / 2, 1e-5);
}

TEST(DlibChip, RefusesPointsThatDecideNothing) {
  EXPECT_EQ(chip_place(std::vector<Point2f>(4)).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(chip_place(std::vector<Point2f>(5, {7, 7})).error().code, ErrorCode::invalid_argument);
  auto wild = mean_face(1, 0, 0);
  wild[2].x = NAN;
  EXPECT_EQ(chip_place(wild).error().code, ErrorCode::invalid_argument);
}

TEST(DlibChip, OfAnEvenPictureIsEvenAndBlackOutside) {
  Image picture = Image::create(600, 500, PixelFormat::rgb8).value();
  const MutableImageView view = picture.mutable_view();
  for (int y = 0; y < view.height; ++y) std::fill_n(view.row(y), std::ptrdiff_t{3} * view.width, std::uint8_t{90});
  Image chip = Image::create(kDlibChipSide, kDlibChipSide, PixelFormat::rgb8).value();
  for (const float scale : {0.5F, 1.0F, 2.0F, 3.9F}) {
    ASSERT_TRUE(cut_chip(picture.view(), chip_place(mean_face(scale, 0, 0)).value(), chip.mutable_view()));
    EXPECT_EQ(chip.view().row(75)[3 * 75], 90) << scale;
    ASSERT_TRUE(cut_chip(picture.view(), chip_place(mean_face(scale, -90 * scale, 0)).value(), chip.mutable_view()));
    EXPECT_EQ(chip.view().row(75)[3 * 50], 0) << scale;
    EXPECT_EQ(chip.view().row(75)[3 * 120], 90) << scale;
  }
  ASSERT_TRUE(cut_chip(picture.view(), chip_place(mean_face(2, 5000, 0)).value(), chip.mutable_view()));
  EXPECT_EQ(chip.view().row(75)[3 * 75], 0) << "a face outside the picture";
}

TEST(DlibChip, RefusesOtherPicturesAndTargets) {
  const ChipPlace place = chip_place(mean_face(1, 0, 0)).value();
  const Image picture = Image::create(200, 200, PixelFormat::rgb8).value();
  const Image grey = Image::create(200, 200, PixelFormat::gray8).value();
  Image chip = Image::create(150, 150, PixelFormat::rgb8).value(),
        small = Image::create(112, 112, PixelFormat::rgb8).value();
  EXPECT_FALSE(cut_chip({}, place, chip.mutable_view()));
  EXPECT_FALSE(cut_chip(grey.view(), place, chip.mutable_view()));
  EXPECT_FALSE(cut_chip(picture.view(), place, small.mutable_view()));
  EXPECT_FALSE(cut_chip(picture.view(), {.left = NAN, .right = 5, .bottom = 5}, chip.mutable_view()));
}

}  // namespace
}  // namespace vultus::face
