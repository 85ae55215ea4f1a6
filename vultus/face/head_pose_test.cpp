#include <vultus/face/head_pose.hpp>

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace vultus::face {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

/// The mean head turned by known angles and seen from far away: roll after yaw after pitch, as HeadPose has its signs.
Landmarks seen(double yaw, double pitch, double roll, double scale = 80, Point2f at = {300, 200}) {
  Landmarks landmarks{LandmarkScheme::ibug68, std::vector<Point2f>(68)};
  for (std::size_t i = 0; i < kHeadPoints; ++i) {
    const HeadPoint& p = mean_head().at(i);
    // Looking up takes what is in front (z < 0) up (y < 0).
    const double y1 = p.y * std::cos(pitch) + p.z * std::sin(pitch);
    const double z1 = -p.y * std::sin(pitch) + p.z * std::cos(pitch);
    // Turning to the subject's right takes what is in front to the image's left (x < 0).
    const double x2 = p.x * std::cos(yaw) + z1 * std::sin(yaw);
    const double x3 = x2 * std::cos(roll) - y1 * std::sin(roll), y3 = x2 * std::sin(roll) + y1 * std::cos(roll);
    landmarks.points[kFirstHeadPoint + i] = {static_cast<float>(at.x + scale * x3),
                                             static_cast<float>(at.y + scale * y3)};
  }
  return landmarks;
}

TEST(HeadPose, IsThatByWhichTheMeanHeadWasTurned) {
  for (const double yaw : {-60.0, -20.0, 0.0, 35.0})
    for (const double pitch : {-30.0, 0.0, 25.0})
      for (const double roll : {-120.0, -15.0, 0.0, 40.0}) {
        const auto pose = head_pose(seen(yaw * kDegree, pitch * kDegree, roll * kDegree));
        ASSERT_TRUE(pose);
        EXPECT_NEAR(pose->yaw.value(), yaw * kDegree, 1e-4);
        EXPECT_NEAR(pose->pitch.value(), pitch * kDegree, 1e-4);
        EXPECT_NEAR(pose->roll.value(), roll * kDegree, 1e-4);
      }
}

TEST(HeadPose, TheSignsAreThoseOfTheValue) {
  // In a head turned to the subject's right the tip of the nose lies left of the middle of the eyes, in one that looks
  // up it rises towards them.
  const auto nose = [](const Landmarks& l) { return l.points[30]; };
  const Landmarks ahead = seen(0, 0, 0);
  EXPECT_LT(nose(seen(20 * kDegree, 0, 0)).x, nose(ahead).x);
  EXPECT_LT(nose(seen(0, 20 * kDegree, 0)).y, nose(ahead).y);
  EXPECT_GT(seen(0, 0, 20 * kDegree).points[45].y, seen(0, 0, 20 * kDegree).points[36].y);
}

TEST(HeadPose, DoesNotDependOnSizeAndPlace) {
  const auto near = head_pose(seen(0.3, -0.1, 0.2, 500, {-1000, 4000})), far = head_pose(seen(0.3, -0.1, 0.2, 5));
  ASSERT_TRUE(near && far);
  EXPECT_NEAR(near->yaw.value(), far->yaw.value(), 1e-3);
  EXPECT_NEAR(near->pitch.value(), far->pitch.value(), 1e-3);
}

TEST(HeadPose, TheMeanHeadIsSymmetric) {
  // Pairs of the 68-point scheme: outer eye corners, inner eye corners, mouth corners, brow ends.
  for (const auto& [right, left] :
       {std::pair<std::size_t, std::size_t>{36, 45}, {39, 42}, {48, 54}, {17, 26}, {21, 22}, {31, 35}}) {
    const HeadPoint a = mean_head().at(right - kFirstHeadPoint), b = mean_head().at(left - kFirstHeadPoint);
    EXPECT_NEAR(a.x, -b.x, 1e-3);
    EXPECT_NEAR(a.y, b.y, 1e-3);
    EXPECT_NEAR(a.z, b.z, 1e-3);
  }
  EXPECT_LT(mean_head().at(30 - kFirstHeadPoint).z, mean_head().at(36 - kFirstHeadPoint).z) << "the nose is in front";
}

TEST(HeadPose, PointsThatDecideNothingAreRefused) {
  Landmarks flat = seen(0, 0, 0);
  for (Point2f& p : flat.points) p = {10, 10};
  EXPECT_EQ(head_pose(flat).error().code, ErrorCode::invalid_argument);
  for (std::size_t i = 0; i < flat.points.size(); ++i)
    flat.points[i] = {static_cast<float>(i), static_cast<float>(2 * i)};
  EXPECT_EQ(head_pose(flat).error().code, ErrorCode::invalid_argument);
  flat.points[40].x = NAN;
  EXPECT_EQ(head_pose(flat).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(head_pose({LandmarkScheme::mesh468, {}}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::face
