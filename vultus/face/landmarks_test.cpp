#include <vultus/face/landmarks.hpp>

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/face/fake_network.hpp>

namespace vultus::face {
namespace {

Landmarks counted() {
  Landmarks points{LandmarkScheme::ibug68, {}};
  for (int i = 0; i < 68; ++i) points.points.push_back({static_cast<float>(i), static_cast<float>(100 + i)});
  return points;
}

/// Point i of a face is point kMirror[i] of its mirror image.
constexpr std::array<std::size_t, 68> kMirror{16, 15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4,  3,  2,  1,  0,
                                              26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 27, 28, 29, 30, 35, 34, 33,
                                              32, 31, 45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40, 54, 53, 52,
                                              51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65};

TEST(KeypointsOf, AreMeansOfTheLidsTheNoseAndTheMouthCorners) {
  const Keypoints want{{{39, 139}, {45, 145}, {30, 130}, {54, 154}, {59, 159}}};
  EXPECT_EQ(keypoints_of(counted()), want);
}

TEST(KeypointsOf, AMirroredFaceSwapsLeftAndRightExactly) {
  const Landmarks face = counted();
  Landmarks mirrored = face;
  for (std::size_t i = 0; i < 68; ++i) mirrored.points[kMirror[i]] = {255 - face.points[i].x, face.points[i].y};
  const Keypoints a = keypoints_of(face), b = keypoints_of(mirrored);
  const auto flip = [](Point2f p) { return Point2f{255 - p.x, p.y}; };
  const Keypoints want{{flip(a[1]), flip(a[0]), flip(a[2]), flip(a[4]), flip(a[3])}};
  EXPECT_EQ(b, want);
}

/// A landmark network that answers the same 68 points, as shares of its crop.
LandmarkNet answering(float x, float y, std::vector<std::uint8_t>* seen = nullptr) {
  return LandmarkNet::load(test::fake_model("ibug68", {1, 1, 8, 8},
                                            [=](runtime::Network& network) {
                                              if (seen) seen->assign(network.input().begin(), network.input().end());
                                              std::vector<float> points;
                                              for (int i = 0; i < 68; ++i) points.insert(points.end(), {x, y});
                                              return test::Outputs{{"points", points}};
                                            }))
      .value();
}

TEST(LandmarkNet, CropsTheSquareOfTheBoxHeightAroundItsCentre) {
  const Image picture = Image::create(200, 100, PixelFormat::rgb8).value();
  // Box 30 x 40 at (50, 20): centre (65, 40), square from (45, 20) to (85, 60).
  EXPECT_EQ(answering(0, 0).find(picture.view(), {50, 20, 30, 40}).value().points[0], (Point2f{45, 20}));
  EXPECT_EQ(answering(1, 0.5F).find(picture.view(), {50, 20, 30, 40}).value().points[67], (Point2f{85, 40}));
}

TEST(LandmarkNet, CutsTheCropAtThePictureAndMapsThroughWhatIsLeft) {
  const Image picture = Image::create(200, 100, PixelFormat::rgb8).value();
  // Centre (5, 95), half 20: x from 0 to 25, y from 75 to 100.
  const RectF corner{-5, 75, 20, 40};
  EXPECT_EQ(answering(0, 0).find(picture.view(), corner).value().points[0], (Point2f{0, 75}));
  EXPECT_EQ(answering(1, 1).find(picture.view(), corner).value().points[0], (Point2f{25, 100}));
}

TEST(LandmarkNet, SeesGreyPixelsOfTheCropAlone) {
  Image picture = Image::create(40, 20, PixelFormat::rgb8).value();
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 40; ++x)
      for (int c = 0; c < 3; ++c) picture.row(y)[3 * x + c] = x >= 10 && x < 26 ? 200 : 0;
  std::vector<std::uint8_t> seen;
  ASSERT_TRUE(answering(0, 0, &seen).find(picture.view(), {12, 2, 12, 16}));  // crop x from 10 to 26, y from 2 to 18
  EXPECT_THAT(seen, ::testing::Each(200));
}

TEST(LandmarkNet, RefusesABoxThatHasNoPixels) {
  const Image picture = Image::create(200, 100, PixelFormat::rgb8).value();
  for (const RectF box : {RectF{-50, -50, 20, 20}, RectF{300, 20, 30, 30}, RectF{50, 50, 0, 0}})
    EXPECT_EQ(answering(0, 0).find(picture.view(), box).error().code, ErrorCode::invalid_argument);
}

TEST(LandmarkNet, RefusesANetworkWithAnotherNumberOfPoints) {
  auto net = LandmarkNet::load(test::fake_model("ibug68", {1, 1, 8, 8}, [](runtime::Network&) {
               return test::Outputs{{"points", std::vector<float>(10)}};
             })).value();
  const Image picture = Image::create(50, 50, PixelFormat::rgb8).value();
  const auto found = net.find(picture.view(), {10, 10, 20, 20});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(found.error().message, ::testing::HasSubstr("10 values"));
}

TEST(LandmarkNet, RefusesAModelOfAnotherKind) {
  EXPECT_EQ(LandmarkNet::load(test::fake_model("rfb", {1, 1, 8, 8}, [](runtime::Network&) { return test::Outputs{}; }))
                .error()
                .code,
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::face
