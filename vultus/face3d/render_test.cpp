#include <vultus/face3d/render.hpp>
#include <vultus/face3d/test_head.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace vultus::face3d {
namespace {

Scene small_scene() {
  Scene scene;
  scene.camera = *camera_of_view(96, 96, Radians(.5F));
  scene.pose.translation = {0, 0, 600};
  scene.samples = 1;
  return scene;
}

double luma(const Image& image, int x, int y) {
  const std::uint8_t* p = image.row(y) + 3 * x;
  return .299 * p[0] + .587 * p[1] + .114 * p[2];
}

TEST(Render, TheSameSceneGivesTheSameBytes) {
  const auto one = render(head(), small_scene()), two = render(head(), small_scene());
  ASSERT_TRUE(one.has_value()) << one.error().message;
  EXPECT_EQ(*one, *two);
}

TEST(Render, FillsTheProjectionOfTheHeadAndLeavesTheBackgroundElsewhere) {
  Scene scene = small_scene();
  scene.background = {BackgroundKind::plain, {0, 0, 1}, {0, 0, 1}, 1};
  const auto image = render(head(), scene);
  ASSERT_TRUE(image.has_value());
  EXPECT_EQ(image->row(1)[2], 255);  // the corner is the plain blue
  EXPECT_EQ(image->row(1)[0], 0);
  const auto points = head().points(head().parts().landmarks, {});
  for (std::size_t i = 17; i < 68; ++i) {  // the inner face covers its own landmarks
    const auto at = project(scene.camera, scene.pose.apply((*points)[i]));
    const std::uint8_t* p = image->row(static_cast<int>(std::lround(at->y))) + 3 * std::lround(at->x);
    EXPECT_FALSE(p[0] == 0 && p[1] == 0 && p[2] == 255) << i;
  }
}

TEST(Render, TheLitSideIsTheBrighterOne) {
  Scene scene = small_scene();
  scene.light.towards = {-1, 0, -.4};  // a lamp at the image's left
  const auto left = render(head(), scene);
  scene.light.towards = {1, 0, -.4};
  const auto right = render(head(), scene);
  EXPECT_GT(luma(*left, 35, 55), luma(*right, 35, 55) + 10);
  EXPECT_LT(luma(*left, 61, 55), luma(*right, 61, 55) - 10);
}

TEST(Render, IrisesLieWhereTheGazePoints) {
  // Where a ray from the middle of the ball along the gaze leaves the ball, the pupil is darkest.
  Scene scene = small_scene();
  scene.camera = *camera_of_view(400, 400, Radians(.3F));
  const auto centres = eye_centres(head(), scene.face);
  ASSERT_TRUE(centres.has_value());
  for (const double turn : {-.3, 0.0, .3}) {
    scene.gaze = {gaze_of_angles(turn, 0), gaze_of_angles(turn, 0)};
    const auto image = render(head(), scene);
    ASSERT_TRUE(image.has_value());
    for (std::size_t side = 0; side < 2; ++side) {
      const Vec3 pupil = scene.pose.apply(centres->at(side)) + head().parts().eyes.at(side).radius * scene.gaze[side];
      const auto at = project(scene.camera, pupil);
      double dark = 255;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx)
          dark = std::min(dark, luma(*image, static_cast<int>(at->x) + dx, static_cast<int>(at->y) + dy));
      }
      EXPECT_LT(dark, 40) << turn;
    }
  }
}

TEST(Render, EvenLightFallsEvenly) {
  // L00 alone: irradiance c4 L00 on every side, so that a turned head of plain skin keeps its brightness.
  Scene scene = small_scene();
  scene.light = {{1, 0, 0, 0, 0, 0, 0, 0, 0}, {0, 0, -1}, 0, {1, 1, 1}};
  const auto straight = render(head(), scene);
  scene.light.towards = {1, 0, 0};  // a lamp of strength 0
  EXPECT_EQ(*straight, *render(head(), scene));
}

TEST(Render, RefusesWhatIsNoScene) {
  const auto refused = [](auto change) {
    Scene scene = small_scene();
    change(scene);
    return !render(head(), scene).has_value();
  };
  EXPECT_FALSE(refused([](auto&) {}));
  EXPECT_TRUE(refused([](auto& s) { s.samples = 0; }));
  EXPECT_TRUE(refused([](auto& s) { s.samples = 5; }));
  EXPECT_TRUE(refused([](auto& s) { s.camera.fx = 0; }));
  EXPECT_TRUE(refused([](auto& s) { s.gaze[0] = {0, 0, 0}; }));
  EXPECT_TRUE(refused([](auto& s) { s.light.towards = {NAN, 0, 0}; }));
  EXPECT_TRUE(refused([](auto& s) { s.camera = *default_camera(20000, 20000); }));
  EXPECT_TRUE(refused([](auto& s) { s.face.expression = {2}; }));
}

}  // namespace
}  // namespace vultus::face3d
