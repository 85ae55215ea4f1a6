// Shapes of eyes by hand, and networks that answer what the test tells them.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/face/eyes.hpp>
#include <vultus/face/fake_network.hpp>

namespace vultus::face {
namespace {

TEST(EyeAspect, IsHeightOverWidth) {
  // Heights 2 and 4 over a width of 10: (2 + 4) / 20.
  const std::array<Point2f, 2> corners{{{0, 0}, {10, 0}}}, upper{{{3, -1}, {7, -2}}}, lower{{{3, 1}, {7, 2}}};
  EXPECT_DOUBLE_EQ(eye_aspect(corners, upper, lower).value(), 0.3);
  EXPECT_FALSE(eye_aspect(std::array<Point2f, 2>{}, upper, lower));
}

Landmarks mesh_with_eyes() {
  Landmarks mesh{LandmarkScheme::mesh468, std::vector<Point2f>(468, {100, 100})};
  mesh.points[33] = {60, 80}, mesh.points[133] = {80, 80};
  mesh.points[362] = {120, 80}, mesh.points[263] = {140, 80};
  return mesh;
}

/// All 76 points at one place of the crop, 64 x 64 pixels.
test::Answer everything_at(float x, float y) {
  return [=](runtime::Network&) {
    std::vector<float> points(228);
    for (std::size_t i = 0; i < points.size(); i += 3) points[i] = x, points[i + 1] = y;
    return test::Outputs{{"points", points}};
  };
}

TEST(Iris, PointsComeBackToThePictureAndTheLeftEyeIsMirrored) {
  Image picture = Image::create(200, 200, PixelFormat::rgb8).value();
  // The crop is 46 pixels wide around the eye: 16 of 64 is 11.5 from its left border, 32 its middle.
  IrisNet net = IrisNet::load(test::fake_model("iris71", {1, 3, 64, 64}, everything_at(16, 32))).value();
  const auto right = net.find(picture.view(), mesh_with_eyes(), EyeSide::right);
  const auto left = net.find(picture.view(), mesh_with_eyes(), EyeSide::left);
  ASSERT_TRUE(right && left);
  EXPECT_NEAR(right->iris[0].x, 70 - 23 + 11.5, 0.1);
  EXPECT_NEAR(right->iris[0].y, 80, 0.1);
  EXPECT_NEAR(left->iris[0].x, 130 - 23 + 47 * 46.0 / 64, 0.1);  // pixel 16 of the mirror is pixel 47
  EXPECT_NEAR(left->outline[3].y, 80, 0.1);
}

TEST(Iris, ShowsTheLeftEyeAsIfItWereARightOne) {
  Image picture = Image::create(200, 200, PixelFormat::rgb8).value();
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 200; ++x) std::fill_n(picture.row(y) + 3 * x, 3, static_cast<std::uint8_t>(std::abs(x - 100)));
  std::vector<std::vector<std::uint8_t>> seen;
  IrisNet net = IrisNet::load(test::fake_model("iris71", {1, 3, 64, 64}, [&](runtime::Network& network) {
                  seen.emplace_back(network.input().begin(), network.input().end());
                  return everything_at(1, 1)(network);
                })).value();
  ASSERT_TRUE(net.find(picture.view(), mesh_with_eyes(), EyeSide::right));
  ASSERT_TRUE(net.find(picture.view(), mesh_with_eyes(), EyeSide::left));
  ASSERT_EQ(seen.size(), 3U);  // the first when it was made
  int worst = 0;
  for (std::size_t i = 0; i < seen[1].size(); ++i) worst = std::max(worst, std::abs(seen[1][i] - seen[2][i]));
  EXPECT_LE(worst, 2);  // the picture is symmetric
}

TEST(Iris, WrongModelsAndPointsAreRefused) {
  EXPECT_FALSE(IrisNet::load(test::fake_model("mesh468", {1, 3, 64, 64}, everything_at(1, 1))));
  Image picture = Image::create(200, 200, PixelFormat::rgb8).value();
  IrisNet net = IrisNet::load(test::fake_model("iris71", {1, 3, 64, 64}, everything_at(1, 1))).value();
  EXPECT_FALSE(net.find(picture.view(), {LandmarkScheme::ibug68, std::vector<Point2f>(68)}, EyeSide::right));
  EXPECT_FALSE(net.find(picture.view(), {LandmarkScheme::mesh468, std::vector<Point2f>(468)}, EyeSide::right));
}

TEST(EyeState, IsTheSecondOfTwoLogits) {
  Image picture = Image::create(100, 100, PixelFormat::rgb8).value();
  EyeStateNet net = EyeStateNet::load(test::fake_model("eye_state", {1, 1, 24, 24}, [](runtime::Network&) {
                      return test::Outputs{{"logits", {1, 3}}};
                    })).value();
  const std::array<Point2f, 2> corners{{{40, 50}, {60, 50}}};
  EXPECT_NEAR(net.open(picture.view(), corners, {50, 50}).value(), 1 / (1 + std::exp(-2.0)), 1e-9);
  EXPECT_FALSE(net.open(picture.view(), corners, {500, 50}));
}

}  // namespace
}  // namespace vultus::face
