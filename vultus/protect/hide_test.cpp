#include <vultus/protect/hide.hpp>

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/face3d/camera.hpp>
#include <vultus/protect/replace.hpp>

namespace vultus::protect {
namespace {

constexpr RectF kFace{60, 40, 80, 100};

/// A picture without any flat place.
Image noise(unsigned seed = 1) {
  Image image = Image::create(200, 180, PixelFormat::rgb8).value();
  unsigned state = seed;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width() * 3; ++x)
      image.row(y)[x] = static_cast<std::uint8_t>((state = state * 1664525U + 1013904223U) >> 24U);
  return image;
}

bool inside(int x, int y) {
  const RectF region = hidden_region(kFace);
  const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
  return fx >= std::floor(region.x) && fx < std::ceil(region.x + region.width) && fy >= std::floor(region.y) &&
         fy < std::ceil(region.y + region.height);
}

Landmarks points(std::size_t count) {
  Landmarks mesh{.scheme = LandmarkScheme::mesh468, .points = {}};
  for (std::size_t i = 0; i < count; ++i)
    mesh.points.push_back({70 + static_cast<float>(i % 60), 50 + std::floor(static_cast<float>(i) / 8)});
  return mesh;
}

TEST(HideFace, TheRegionIsThirteenTenthsOfTheBoxAroundTheSameMiddle) {
  const RectF region = hidden_region({100, 200, 100, 200});
  EXPECT_FLOAT_EQ(region.x, 85);
  EXPECT_FLOAT_EQ(region.width, 130);
  EXPECT_FLOAT_EQ(region.y, 170);
  EXPECT_FLOAT_EQ(region.height, 260);
}

TEST(HideFace, NothingOutsideTheRegionIsTouched) {
  for (const HideMethod method : {HideMethod::solid, HideMethod::pixelate, HideMethod::blur, HideMethod::mesh}) {
    const Image before = noise();
    Image after = before;
    ASSERT_TRUE(hide_face(after, kFace, method, points(468)));
    int changed = 0;
    for (int y = 0; y < before.height(); ++y)
      for (int x = 0; x < before.width(); ++x) {
        const bool same = std::equal(before.row(y) + 3 * x, before.row(y) + 3 * x + 3, after.row(y) + 3 * x);
        if (!inside(x, y)) {
          ASSERT_TRUE(same) << name_of(method) << " " << x << " " << y;
        }
        changed += same ? 0 : 1;
      }
    EXPECT_GT(changed, 5000) << name_of(method);
  }
}

TEST(HideFace, SolidAndMeshDoNotDependOnTheFace) {
  for (const HideMethod method : {HideMethod::solid, HideMethod::mesh}) {
    Image one = noise(1), other = noise(2);
    ASSERT_TRUE(hide_face(one, kFace, method, points(468)));
    ASSERT_TRUE(hide_face(other, kFace, method, points(468)));
    for (int y = 0; y < one.height(); ++y)
      for (int x = 0; x < one.width(); ++x)
        if (inside(x, y)) {
          ASSERT_TRUE(std::equal(one.row(y) + 3 * x, one.row(y) + 3 * x + 3, other.row(y) + 3 * x));
        }
  }
}

TEST(HideFace, PixelsHaveAtMostEightBlocksAcrossTheFaceAndKeepTheirMean) {
  Image image = Image::create(200, 180, PixelFormat::rgb8).value();
  for (int y = 0; y < 180; ++y)
    for (int x = 0; x < 200; ++x)
      for (int c = 0; c < 3; ++c) image.row(y)[3 * x + c] = x % 2 == 0 ? 40 : 60;
  ASSERT_TRUE(hide_face(image, kFace, HideMethod::pixelate));
  int changes = 0;
  for (int x = 61; x < 140; ++x) changes += image.row(90)[3 * x] != image.row(90)[3 * (x - 1)] ? 1 : 0;
  EXPECT_LE(changes, 8);
  EXPECT_EQ(image.row(90)[3 * 100], 50) << "the mean of 40 and 60";
}

TEST(HideFace, BlurKeepsAFlatFaceAndFlattensDetail) {
  Image flat = Image::create(200, 180, PixelFormat::rgb8).value();
  for (int y = 0; y < 180; ++y) std::fill_n(flat.row(y), flat.stride(), std::uint8_t{77});
  const Image before = flat;
  ASSERT_TRUE(hide_face(flat, kFace, HideMethod::blur));
  EXPECT_EQ(flat, before);
  Image rough = noise();
  ASSERT_TRUE(hide_face(rough, kFace, HideMethod::blur));
  double spread = 0;
  for (int x = 80; x < 120; ++x) spread = std::max(spread, std::abs(rough.row(90)[3 * x] - 127.5));
  EXPECT_LT(spread, 12) << "noise of +-128 before";
}

TEST(HideFace, BoxesMayLeaveThePicture) {
  Image image = noise();
  for (const RectF box : {RectF{-50, -50, 80, 80}, RectF{190, 170, 50, 50}, RectF{500, 500, 10, 10},
                          RectF{-1e8F, 0, 10, 10}, RectF{0, 0, 1e30F, 1e30F}})
    for (const HideMethod method : {HideMethod::solid, HideMethod::pixelate, HideMethod::blur})
      EXPECT_TRUE(hide_face(image, box, method)) << box.x;
}

TEST(HideFace, RefusesWhatItCannotDo) {
  Image image = noise();
  EXPECT_FALSE(hide_face(image, {10, 10, 0, 10}, HideMethod::solid));
  EXPECT_FALSE(hide_face(image, {NAN, 10, 10, 10}, HideMethod::solid));
  EXPECT_FALSE(hide_face(image, {-3e38F, 10, 3e38F, 10}, HideMethod::blur)) << "as wide as no number can be";
  EXPECT_FALSE(hide_face(image, kFace, HideMethod::mesh)) << "without points";
  EXPECT_FALSE(hide_face(image, kFace, HideMethod::mesh, points(68)));
  EXPECT_FALSE(hide_face(image, kFace, HideMethod::synthetic));
  Image empty;
  EXPECT_FALSE(hide_face(empty, kFace, HideMethod::solid));
  EXPECT_EQ(hide_method_from("blur"), HideMethod::blur);
  EXPECT_FALSE(hide_method_from("smudge"));
}

TEST(ReplaceFace, NothingOfTheFaceIsLeftAndTheSeedIsThePerson) {
  const face3d::FaceModel model = face3d::procedural_head().value();
  // Where the mean head would show its points.
  const auto camera = face3d::default_camera(200, 180).value();
  Landmarks seen{.scheme = LandmarkScheme::ibug68, .points = {}};
  for (const face3d::Vec3& p : model.points(model.parts().landmarks, {}).value())
    seen.points.push_back(face3d::project(camera, face3d::RigidPose{.translation = {0, 0, 330}}.apply(p)).value());
  float left = 1e9F, top = 1e9F, right = 0, bottom = 0;
  for (const Point2f& p : seen.points)
    left = std::min(left, p.x), right = std::max(right, p.x), top = std::min(top, p.y), bottom = std::max(bottom, p.y);
  const RectF box{left, top, right - left, bottom - top};
  Image one = noise(1), again = noise(1), other_face = noise(2), somebody_else = noise(1);
  EXPECT_LT(replace_face(one, box, seen, model, 7).value(), 2);
  ASSERT_TRUE(replace_face(again, box, seen, model, 7));
  EXPECT_EQ(one, again);
  ASSERT_TRUE(replace_face(somebody_else, box, seen, model, 8));
  EXPECT_NE(one, somebody_else);
  ASSERT_TRUE(replace_face(other_face, box, seen, model, 7));
  // The middle of the face does not depend on what was there.
  const int x = static_cast<int>(left + (right - left) / 2), y = static_cast<int>(top + (bottom - top) / 2);
  EXPECT_TRUE(std::equal(one.row(y) + 3 * x, one.row(y) + 3 * x + 3, other_face.row(y) + 3 * x));
  EXPECT_FALSE(replace_face(one, box, Landmarks{}, model, 7)) << "and it is grey then";
  for (const RectF& none : {RectF{NAN, 10, 10, 10}, RectF{10, 10, INFINITY, 10}, RectF{10, 10, 0, 10}})
    EXPECT_EQ(replace_face(one, none, seen, model, 7).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::protect
