// Where a head looks, from its 68 landmarks.
#pragma once

#include <array>
#include <cstddef>

#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>

namespace vultus::face {

/// A point on the mean head: x to the image's right, y down, z away from the viewer, in distances of the eye centres,
/// origin between the eyes.
struct HeadPoint {
  float x = 0;
  float y = 0;
  float z = 0;
};

/// Landmarks 17 to 59 (brows, nose, eyes, outer mouth) of the mean head. The jaw has no part in it: its landmarks
/// follow the outline that is seen and not one place on the head.
inline constexpr std::size_t kFirstHeadPoint = 17;
inline constexpr std::size_t kHeadPoints = 43;

/// The mean head, looking straight ahead.
/// @source our own factorisation of the landmarks that the shipped network finds: docs/quality.md, "The mean head"
[[nodiscard]] const std::array<HeadPoint, kHeadPoints>& mean_head();

/// Rotation of the head: the weak-perspective fit of the mean head to the landmarks, in closed form.
/// @param landmarks  scheme ibug68
/// @return yaw in [-pi/2, pi/2], pitch and roll in [-pi, pi]; signs as in HeadPose
/// @error invalid_argument  another scheme, points that are not finite, or that all lie on one point or line
/// @thread safe, no state
[[nodiscard]] Result<HeadPose> head_pose(const Landmarks& landmarks);

}  // namespace vultus::face
