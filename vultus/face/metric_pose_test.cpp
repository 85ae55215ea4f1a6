// Heads whose pose is known are projected by a pinhole, and found again.
#include <cmath>
#include <numbers>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/face/metric_pose.hpp>

namespace vultus::face {
namespace {

constexpr PinholeCamera kCamera{500, 500, 320, 240};

/// R = Rx Ry Rz written out. @source multiplied by hand
std::array<double, 9> matrix_of(double x, double y, double z) {
  const double sx = std::sin(x), cx = std::cos(x), sy = std::sin(y), cy = std::cos(y), sz = std::sin(z),
               cz = std::cos(z);
  return {cy * cz,
          -cy * sz,
          sy,
          cx * sz + cz * sx * sy,
          cx * cz - sx * sy * sz,
          -cy * sx,
          sx * sz - cx * cz * sy,
          cz * sx + cx * sy * sz,
          cx * cy};
}
Vector3 placed(const std::array<double, 9>& r, const Vector3& t, const Vector3& p) {
  Vector3 out = t;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) out[i] += r[3 * i + j] * p[j];
  return out;
}
Point2f projected(const Vector3& p) {
  return {static_cast<float>(kCamera.fx * p[0] / p[2] + kCamera.cx),
          static_cast<float>(kCamera.fy * p[1] / p[2] + kCamera.cy)};
}
Landmarks seen_at(const Vector3& angles, const Vector3& t) {
  Landmarks mesh{LandmarkScheme::mesh468, std::vector<Point2f>(468)};
  const auto r = matrix_of(angles[0], angles[1], angles[2]);
  for (const MeshAnchor& anchor : mesh_anchors()) mesh.points[anchor.point] = projected(placed(r, t, anchor.place));
  return mesh;
}

TEST(MetricPose, FindsHeadsThatWereProjected) {
  for (const double x : {-0.4, 0.0, 0.35})
    for (const double y : {-0.7, -0.1, 0.0, 0.5})
      for (const double z : {-0.5, 0.0, 0.3}) {
        const Vector3 t{40, -25, 650};
        const auto pose = metric_pose(seen_at({x, y, z}, t), kCamera);
        ASSERT_TRUE(pose) << pose.error().message;
        EXPECT_NEAR(pose->rotation[0], x, 1e-4);
        EXPECT_NEAR(pose->rotation[1], y, 1e-4);
        EXPECT_NEAR(pose->rotation[2], z, 1e-4);
        for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(pose->translation[i], t[i], 0.05);
        EXPECT_LT(pose->residual, 1e-3);
      }
}

TEST(MetricPose, SignsAreThoseThatTheHeaderTells) {
  // Turned by y > 0 the nose moves to the image's left of the eyes; by x > 0 down.
  const auto nose = [](const Vector3& angles) { return seen_at(angles, {0, 0, 600}).points[1]; };
  EXPECT_LT(nose({0, 0.3, 0}).x, nose({0, 0, 0}).x);
  EXPECT_GT(nose({0.3, 0, 0}).y, nose({0, 0, 0}).y);
}

TEST(MetricPose, AMirroredFaceHasTheMirroredPose) {
  constexpr std::array<std::pair<int, int>, 6> kPairs{
      {{33, 263}, {133, 362}, {98, 327}, {127, 356}, {234, 454}, {1, 1}}};
  Landmarks mesh = seen_at({0.1, 0.3, -0.2}, {30, 10, 500}), mirrored = mesh;
  for (Point2f& p : mirrored.points) p.x = 640 - p.x;
  for (const auto& [a, b] : kPairs)
    if (a != b) std::swap(mirrored.points[static_cast<std::size_t>(a)], mirrored.points[static_cast<std::size_t>(b)]);
  const MetricPose one = metric_pose(mesh, kCamera).value(), other = metric_pose(mirrored, kCamera).value();
  EXPECT_NEAR(other.translation[0], -one.translation[0], 0.05);
  EXPECT_NEAR(other.translation[2], one.translation[2], 0.05);
  EXPECT_NEAR(other.rotation[0], one.rotation[0], 1e-4);
  EXPECT_NEAR(other.rotation[1], -one.rotation[1], 1e-4);
  EXPECT_NEAR(other.rotation[2], -one.rotation[2], 1e-4);
}

TEST(MetricPose, NoiseOfHalfAPixelMovesItLittle) {
  Landmarks mesh = seen_at({0.05, -0.2, 0.1}, {0, 0, 500});
  unsigned state = 1;
  for (Point2f& p : mesh.points) {
    const auto noise = [&] {
      return static_cast<float>((state = state * 1664525U + 1013904223U) >> 8U) / 16777216.0F - 0.5F;
    };
    p.x += noise(), p.y += noise();
  }
  const MetricPose pose = metric_pose(mesh, kCamera).value();
  EXPECT_NEAR(pose.rotation[0], 0.05, 0.03);
  EXPECT_NEAR(pose.rotation[1], -0.2, 0.03);
  EXPECT_NEAR(pose.translation[2], 500, 10);
  EXPECT_GT(pose.residual, 0.1);
}

TEST(MetricPose, PointsThatDecideNothingAreRefused) {
  Landmarks line{LandmarkScheme::mesh468, std::vector<Point2f>(468, {5, 5})};
  EXPECT_FALSE(metric_pose(line, kCamera));
  for (std::size_t i = 0; i < 468; ++i) line.points[i] = {static_cast<float>(i), 0};
  EXPECT_FALSE(metric_pose(line, kCamera));
  EXPECT_FALSE(metric_pose({LandmarkScheme::ibug68, std::vector<Point2f>(68)}, kCamera));
  EXPECT_FALSE(metric_pose(seen_at({0, 0, 0}, {0, 0, 500}), {0, 0, 1, 1}));
  Landmarks broken = seen_at({0, 0, 0}, {0, 0, 500});
  broken.points[33].x = NAN;
  EXPECT_FALSE(metric_pose(broken, kCamera));
}

TEST(AssumedCamera, IsThatOfTheContract) {
  EXPECT_EQ(assumed_camera(640, 480), (PinholeCamera{500, 500, 320, 240}));
  EXPECT_EQ(assumed_camera(1280, 960), (PinholeCamera{1000, 1000, 640, 480}));
  EXPECT_DOUBLE_EQ(assumed_camera(1920, 1080).fx, (1500.0 + 1125.0) / 2);
}

TEST(KnownCamera, IsFilledUpFromThePicture) {
  EXPECT_EQ(camera_of({}, 640, 480), assumed_camera(640, 480));
  EXPECT_EQ(camera_of({.fx = 700, .fy = {}, .cx = {}, .cy = 100}, 640, 480), (PinholeCamera{700, 700, 320, 100}));
  EXPECT_EQ(camera_of({.fx = 700, .fy = 650, .cx = 300, .cy = 250}, 640, 480), (PinholeCamera{700, 650, 300, 250}));
  EXPECT_TRUE(KnownCamera{}.empty());
}

TEST(KnownCamera, WhatNoCameraHasIsRefused) {
  EXPECT_TRUE(check(KnownCamera{}));
  EXPECT_TRUE(check({.fx = 700, .fy = 650, .cx = -3, .cy = 250}));
  EXPECT_EQ(check(KnownCamera{.fx = -5, .fy = {}, .cx = {}, .cy = {}}).error().message,
            "focal length fx of the camera: -5 pixels, wanted above 0 and at most 1000000");
  EXPECT_FALSE(check(KnownCamera{.fx = {}, .fy = NAN, .cx = {}, .cy = {}}));
  EXPECT_FALSE(check(KnownCamera{.fx = {}, .fy = {}, .cx = INFINITY, .cy = {}}));
  EXPECT_FALSE(check(KnownCamera{.fx = {}, .fy = {}, .cx = {}, .cy = NAN}));
}

// An eyeball whose iris was put where a direction says, and projected.
TEST(Gaze, ComesBackFromTheIrisThatItPutThere) {
  for (const double yaw : {-0.3, 0.0, 0.4})
    for (const double across : {-0.35, 0.0, 0.3})
      for (const double down : {-0.2, 0.0, 0.25}) {
        const MetricPose pose{.translation = {20, -10, 600}, .rotation = {}, .matrix = matrix_of(0.1, yaw, 0.05)};
        for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
          Vector3 want{std::sin(across) * std::cos(down), std::sin(down), -std::cos(across) * std::cos(down)};
          const Vector3 eye = placed(pose.matrix, pose.translation, {side == EyeSide::right ? -31.51 : 31.51, 0, 0});
          const Point2f iris = projected({eye[0] + 11.5 * want[0], eye[1] + 11.5 * want[1], eye[2] + 11.5 * want[2]});
          const auto found = gaze_of(pose, kCamera, side, iris);
          ASSERT_TRUE(found);
          for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR((*found)[i], want[i], 2e-3) << across << " " << down;
        }
      }
}

TEST(Gaze, AnIrisBesideTheEyeballStillGivesADirection) {
  const MetricPose pose{.translation = {0, 0, 600}, .rotation = {}, .matrix = matrix_of(0, 0, 0)};
  const auto found = gaze_of(pose, kCamera, EyeSide::right, {400, 240});
  ASSERT_TRUE(found);
  EXPECT_GT((*found)[0], 0.9);  // far to the image's right
  EXPECT_NEAR(std::hypot((*found)[0], (*found)[1], (*found)[2]), 1, 1e-9);
}

TEST(Gaze, AnglesAreZeroTowardsTheCamera) {
  EXPECT_THAT(gaze_angles({0, 0, -1}), ::testing::ElementsAre(0, 0));
  const auto angles = gaze_angles({std::sqrt(0.5), 0, -std::sqrt(0.5)});
  EXPECT_NEAR(angles[0], std::numbers::pi / 4, 1e-12);
  EXPECT_GT(gaze_angles({0, 0.1, -1})[1], 0);  // down
}

}  // namespace
}  // namespace vultus::face
