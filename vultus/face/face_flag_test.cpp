#include <vultus/face/face_flag.hpp>

#include <cmath>

#include <gtest/gtest.h>

#include <vultus/face/fake_network.hpp>

namespace vultus::face {
namespace {

constexpr RectF kBox{100, 50, 40, 60};  // centre (120, 80), longer side 60

Keypoints eyes(Point2f right, Point2f left) {
  Keypoints points{};
  points[0] = right, points[1] = left;
  return points;
}

TEST(MeshCrop, IsTheSquareOfALevelFaceAroundItsCentre) {
  // 1.5 * 60 = 90 pixels become 180: two crop pixels each.
  const Similarity crop = mesh_crop(kBox, eyes({110, 70}, {130, 70}), 1.5F, 180);
  EXPECT_NEAR(crop.scale(), 2, 1e-9);
  EXPECT_EQ(crop.apply({120, 80}), (Point2f{90, 90}));
  EXPECT_EQ(crop.apply({75, 35}), (Point2f{0, 0}));
  EXPECT_EQ(crop.apply({165, 125}), (Point2f{180, 180}));
}

TEST(MeshCrop, TurnsTheLineOfTheEyesLevel) {
  // The face lies on its side: its left eye is below the right one.
  const Similarity crop = mesh_crop(kBox, eyes({120, 70}, {120, 90}), 1.5F, 180);
  const Point2f right = crop.apply({120, 70}), left = crop.apply({120, 90});
  EXPECT_NEAR(right.y, left.y, 1e-4);
  EXPECT_NEAR(right.x, 70, 1e-4);
  EXPECT_NEAR(left.x, 110, 1e-4);
}

TEST(MeshCrop, OfEyesThatAreOnePointIsNotTurned) {
  const Similarity crop = mesh_crop(kBox, eyes({120, 70}, {120, 70}), 1.5F, 180);
  EXPECT_NEAR(crop.b, 0, 1e-12);
}

FaceFlag answering(std::vector<float> logits) {
  return FaceFlag::load(test::fake_model("mesh468", {1, 3, 16, 16},
                                         [=](runtime::Network&) {
                                           return test::Outputs{{"flag", logits}};
                                         }))
      .value();
}

TEST(FaceFlag, IsTheLogisticFunctionOfTheNetwork) {
  const Image picture = Image::create(200, 200, PixelFormat::rgb8).value();
  const Keypoints level = eyes({110, 70}, {130, 70});
  EXPECT_FLOAT_EQ(answering({0}).judge(picture.view(), kBox, level).value().value(), 0.5F);
  EXPECT_FLOAT_EQ(answering({std::log(3.0F)}).judge(picture.view(), kBox, level).value().value(), 0.75F);
  EXPECT_FLOAT_EQ(answering({-1000}).judge(picture.view(), kBox, level).value().value(), 0);
  EXPECT_FLOAT_EQ(answering({1000}).judge(picture.view(), kBox, level).value().value(), 1);
}

TEST(FaceFlag, RefusesAModelOfAnotherKind) {
  EXPECT_EQ(FaceFlag::load(test::fake_model("rfb", {1, 3, 16, 16}, [](runtime::Network&) { return test::Outputs{}; }))
                .error()
                .code,
            ErrorCode::invalid_argument);
}

TEST(FaceFlag, RefusesANetworkWithTwoFlags) {
  const Image picture = Image::create(200, 200, PixelFormat::rgb8).value();
  EXPECT_EQ(answering({0, 0}).judge(picture.view(), kBox, eyes({110, 70}, {130, 70})).error().code,
            ErrorCode::corrupt_data);
}

TEST(FaceFlag, OfABoxWithoutSizeIsAnErrorAndNotACrash) {
  const Image picture = Image::create(200, 200, PixelFormat::rgb8).value();
  EXPECT_FALSE(answering({0}).judge(picture.view(), {50, 50, 0, 0}, eyes({110, 70}, {130, 70})));
}

}  // namespace
}  // namespace vultus::face
