#include <vultus/face3d/pose.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/face3d/random.hpp>

namespace vultus::face3d {
namespace {

const Camera kPoseCamera{640, 480, 500, 500, 320, 240};

/// 40 points over the front half of an ellipsoid of the size of a face.
std::vector<Vec3> face_points() {
  std::vector<Vec3> points;
  Random random(5);
  for (int i = 0; i < 40; ++i) {
    const double x = random.uniform(-1, 1), y = random.uniform(-1, 1);
    points.push_back({60 * x, 80 * y, -60 * std::sqrt(std::max(0.0, 2 - x * x - y * y))});
  }
  return points;
}

std::vector<Point2f> seen_at(const RigidPose& pose, const std::vector<Vec3>& model, double noise, Random& random) {
  std::vector<Point2f> seen;
  for (const Vec3& p : model) {
    const auto at = project(kPoseCamera, pose.apply(p));
    seen.push_back(
        {at->x + static_cast<float>(noise * random.normal()), at->y + static_cast<float>(noise * random.normal())});
  }
  return seen;
}

TEST(Pose, FindsPlantedPosesExactly) {
  const std::vector<Vec3> model = face_points();
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const RigidPose truth{
        rotation_of_openface({random.uniform(-1, 1), random.uniform(-1.4, 1.4), random.uniform(-3, 3)}),
        {random.uniform(-200, 200), random.uniform(-150, 150), random.uniform(300, 2000)}};
    const auto found = estimate_pose(seen_at(truth, model, 0, random), model, kPoseCamera);
    ASSERT_TRUE(found.has_value()) << found.error().message;
    // Points are single precision: half a unit in the last place of 1000 pixels is 3e-5 pixels.
    EXPECT_LT(angle_of(transposed(found->pose.rotation) * truth.rotation), 1e-4);
    EXPECT_LT(length(found->pose.translation - truth.translation), 1e-4 * truth.translation.z);
    EXPECT_LT(found->rms_px, 1e-3);
  }
}

TEST(Pose, ItsCovarianceSaysHowFarOnePixelOfNoiseLeadsAstray) {
  const std::vector<Vec3> model = face_points();
  Random random(2);
  const RigidPose truth{rotation_of_openface({.1, -.4, .2}), {40, -20, 600}};
  // Mahalanobis distances squared follow chi2(6) scaled by F: mean 6 * 74/72 for 80 - 6 = 74 degrees of freedom.
  double sum = 0, angle = 0;
  constexpr int kTrials = 400;
  for (int i = 0; i < kTrials; ++i) {
    const auto found = estimate_pose(seen_at(truth, model, 1, random), model, kPoseCamera, {.outlier_px = 100});
    ASSERT_TRUE(found.has_value());
    angle += angle_of(transposed(found->pose.rotation) * truth.rotation);
    const Rotation off = found->pose.rotation * transposed(truth.rotation);
    const std::array<double, 6> error{(off.m[7] - off.m[5]) / 2,
                                      (off.m[2] - off.m[6]) / 2,
                                      (off.m[3] - off.m[1]) / 2,
                                      found->pose.translation.x - truth.translation.x,
                                      found->pose.translation.y - truth.translation.y,
                                      found->pose.translation.z - truth.translation.z};
    // The depth, which is least certain, alone: its square over its variance has mean about 1.
    sum += error[5] * error[5] / found->covariance[35] + error[1] * error[1] / found->covariance[7];
  }
  EXPECT_NEAR(sum / kTrials, 2, .4);  // 400 trials: standard error of the mean of two chi2(1) about 0.1
  EXPECT_LT(angle / kTrials, .02);    // about one degree for one pixel on a face 110 pixels wide
}

TEST(Pose, OutliersAreCountedAndBentOnlyALittle) {
  const std::vector<Vec3> model = face_points();
  Random random(3);
  const RigidPose truth{rotation_of_openface({.2, .5, 0}), {0, 0, 500}};
  std::vector<Point2f> seen = seen_at(truth, model, .2, random);
  for (const std::size_t i : {3U, 11U, 19U}) seen.at(i).x += 60;
  const auto found = estimate_pose(seen, model, kPoseCamera, {.outlier_px = 2});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->outliers, 3U);
  EXPECT_LT(angle_of(transposed(found->pose.rotation) * truth.rotation), .02);
}

TEST(Pose, FourPointsOfAPlaneAreEnough) {
  const std::vector<Vec3> model{{-40, -40, 0}, {40, -40, 0}, {40, 40, 0}, {-40, 40, 0}};
  Random random(4);
  const RigidPose truth{rotation_of_openface({.5, -.6, .3}), {10, 20, 300}};
  const auto found = estimate_pose(seen_at(truth, model, 0, random), model, kPoseCamera);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_LT(angle_of(transposed(found->pose.rotation) * truth.rotation), 1e-3);
}

TEST(Pose, RefusesWhatDeterminesNone) {
  const std::vector<Vec3> line{{0, 0, 0}, {1, 1, 0}, {2, 2, 0}, {3, 3, 0}, {4, 4, 0}};
  const std::vector<Point2f> seen{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {5, 5}};
  const auto code = [](const auto& result) { return result.error().code; };
  EXPECT_EQ(code(estimate_pose(seen, line, kPoseCamera)), ErrorCode::invalid_argument);
  const std::vector<Vec3> solid{{0, 0, 0}, {50, 0, 0}, {0, 50, 0}, {0, 0, 50}, {50, 50, 50}};
  EXPECT_EQ(code(estimate_pose(std::vector<Point2f>(5, {3, 4}), solid, kPoseCamera)), ErrorCode::invalid_argument);
  EXPECT_EQ(code(estimate_pose(std::vector<Point2f>{{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}}, solid, kPoseCamera)),
            ErrorCode::invalid_argument);
  EXPECT_FALSE(estimate_pose(std::vector<Point2f>(seen.begin(), seen.begin() + 3),
                             std::vector<Vec3>(solid.begin(), solid.begin() + 3), kPoseCamera));
  EXPECT_FALSE(estimate_pose(std::vector<Point2f>(seen.begin(), seen.begin() + 4), solid, kPoseCamera));
  std::vector<Point2f> broken = seen;
  broken[2].x = NAN;
  EXPECT_FALSE(estimate_pose(broken, solid, kPoseCamera));
  EXPECT_FALSE(estimate_pose(seen, solid, kPoseCamera, {.outlier_px = 0}));
  EXPECT_FALSE(estimate_pose(seen, solid, kPoseCamera, {.max_iterations = 0}));
}

}  // namespace
}  // namespace vultus::face3d
