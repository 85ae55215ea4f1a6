#include <vultus/face3d/camera.hpp>

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace vultus::face3d {
namespace {

constexpr double kRightAngle = std::numbers::pi / 2;
const Vec3 kNose{0, 0, -1};  // where the nose of a head points

void expect_near(const Vec3& a, const Vec3& b, double tolerance = 1e-12) {
  EXPECT_NEAR(a.x, b.x, tolerance);
  EXPECT_NEAR(a.y, b.y, tolerance);
  EXPECT_NEAR(a.z, b.z, tolerance);
}

TEST(Camera, TheDefaultIsThatOfOpenFace) {
  // 1280 x 720: (500 * 1280/640 + 500 * 720/480) / 2 = (1000 + 750) / 2.
  const Result<Camera> camera = default_camera(1280, 720);
  ASSERT_TRUE(camera.has_value());
  EXPECT_EQ(*camera, (Camera{1280, 720, 875, 875, 640, 360}));
  EXPECT_EQ(default_camera(640, 480)->fx, 500);
  EXPECT_FALSE(default_camera(0, 480));
  EXPECT_FALSE(default_camera(640, 70000));
}

TEST(Camera, ARightAngleSeesHalfItsWidthAtTheFocalLength) {
  const Result<Camera> camera = camera_of_view(800, 600, Radians(static_cast<float>(kRightAngle)));
  ASSERT_TRUE(camera.has_value());
  EXPECT_NEAR(camera->fx, 400, 1e-4);
  EXPECT_FALSE(camera_of_view(800, 600, Radians(0)));
  EXPECT_FALSE(camera_of_view(800, 600, Radians(4)));
}

TEST(Camera, ProjectsByHand) {
  const Camera camera{640, 480, 500, 400, 320, 240};
  // 500 * 30/600 + 320 = 345; 400 * -60/600 + 240 = 200
  EXPECT_EQ(project(camera, {30, -60, 600}), (Point2f{345, 200}));
  EXPECT_EQ(project(camera, {1, 1, 0}), std::nullopt);
  EXPECT_EQ(project(camera, {1, 1, -5}), std::nullopt);
}

TEST(Camera, RefusesWhatIsNoCamera) {
  EXPECT_FALSE(check({640, 480, 0, 500, 320, 240}));
  EXPECT_FALSE(check({640, 480, 500, NAN, 320, 240}));
  EXPECT_FALSE(check({640, 480, 500, 500, INFINITY, 240}));
  EXPECT_TRUE(check({640, 480, 500, 500, 320, 240}));
}

TEST(Rotation, HeadPoseTurnsTheNoseWhereItsSignsSay) {
  // Yaw > 0: to the subject's right, which is the image's left (x < 0); pitch > 0: up (y < 0); roll > 0: clockwise in
  // the picture, which takes image right (x) down (y).
  const Radians a(0.3F);
  EXPECT_NEAR((rotation_of({.yaw = a}) * kNose).x, -std::sin(.3), 1e-7);
  EXPECT_NEAR((rotation_of({.pitch = a}) * kNose).y, -std::sin(.3), 1e-7);
  expect_near(rotation_of({.roll = a}) * Vec3{1, 0, 0}, {std::cos(.3), std::sin(.3), 0}, 1e-7);
}

TEST(Rotation, OpenFaceAnglesTurnTheNoseWhereTheirSignsSay) {
  expect_near(rotation_of_openface({.3, 0, 0}) * kNose, {0, std::sin(.3), -std::cos(.3)});   // down
  expect_near(rotation_of_openface({0, .3, 0}) * kNose, {-std::sin(.3), 0, -std::cos(.3)});  // to the image's left
  expect_near(rotation_of_openface({0, 0, .3}) * Vec3{1, 0, 0}, {std::cos(.3), std::sin(.3), 0});
  // Element (0, 1) of Rx Ry Rz is -cos y sin z, by hand.
  EXPECT_NEAR(rotation_of_openface({.1, .2, .3}).m[1], -std::cos(.2) * std::sin(.3), 1e-15);
}

TEST(Rotation, AnglesComeBack) {
  for (const double x : {-1.2, 0.0, .4}) {
    for (const double y : {-1.3, 0.0, .7}) {
      for (const double z : {-2.0, 0.0, .9}) {
        expect_near(openface_angles(rotation_of_openface({x, y, z})), {x, y, z}, 1e-12);
        const HeadPose pose{Radians(static_cast<float>(y)), Radians(static_cast<float>(x)),
                            Radians(static_cast<float>(z))};
        const HeadPose back = head_pose_of(rotation_of(pose));
        EXPECT_NEAR(back.yaw.value(), pose.yaw.value(), 1e-6);
        EXPECT_NEAR(back.pitch.value(), pose.pitch.value(), 1e-6);
        EXPECT_NEAR(back.roll.value(), pose.roll.value(), 1e-6);
      }
    }
  }
}

TEST(Rotation, AQuarterTurnAboutZTakesXToY) {
  expect_near(rotation_about({0, 0, kRightAngle}) * Vec3{1, 0, 0}, {0, 1, 0});
  EXPECT_NEAR(angle_of(rotation_about({.1, -.2, .2})), .3, 1e-12);
  EXPECT_NEAR(angle_of(rotation_about({1e-8, 0, 0})), 1e-8, 1e-14);
  expect_near(transposed(rotation_about({.4, .5, .6})) * (rotation_about({.4, .5, .6}) * Vec3{1, 2, 3}), {1, 2, 3});
}

TEST(Gaze, AnglesAreThoseOfOpenFace) {
  // Right in the picture and down are positive; straight at the camera is (0, 0).
  const auto straight = gaze_angles({0, 0, -1});
  EXPECT_EQ(straight[0], 0);
  EXPECT_EQ(straight[1], 0);
  EXPECT_NEAR(gaze_angles({1, 0, -1})[0], std::numbers::pi / 4, 1e-15);
  EXPECT_NEAR(gaze_angles({0, 1, -1})[1], std::numbers::pi / 4, 1e-15);
  const Vec3 g = gaze_of_angles(.2, -.3);
  EXPECT_NEAR(length(g), 1, 1e-15);
  EXPECT_NEAR(gaze_angles(g)[0], .2, 1e-15);
  EXPECT_NEAR(gaze_angles(g)[1], -.3, 1e-15);
}

}  // namespace
}  // namespace vultus::face3d
