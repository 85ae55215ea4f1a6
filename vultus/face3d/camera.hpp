// The camera and where a head stands before it: one convention for fitting, rendering and OpenFace's columns.
//
// Space: millimetres, the camera at the origin, X to the image's right, Y down, Z away from the camera.
// A head model lies in the same axes when it looks straight into the camera: X towards the subject's left, Y down, Z to
// the back of the head; its origin is the mean of its 68 landmarks (about the root of the nose, inside).
#pragma once

#include <array>
#include <optional>

#include <vultus/core/face.hpp>
#include <vultus/core/geometry.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face3d/vec3.hpp>

namespace vultus::face3d {

/// A pinhole camera without distortion. Pixel (0, 0) is the centre of the first pixel.
struct Camera {
  int width = 0;  ///< pixels
  int height = 0;
  double fx = 0;  ///< focal length in pixels
  double fy = 0;
  double cx = 0;  ///< where the optical axis meets the picture, pixels
  double cy = 0;
  bool operator==(const Camera&) const = default;
};

/// What OpenFace assumes of a picture whose camera is not known: cx = w/2, cy = h/2, fx = fy = the mean of 500 w/640
/// and 500 h/480.
/// @param width, height  pixels, [1, Image::kMaxSide]
/// @error invalid_argument  a side outside its range
/// @source OpenFace 2.2, FeatureExtraction (its default of -fx, -fy, -cx, -cy)
[[nodiscard]] Result<Camera> default_camera(int width, int height);
/// A camera by its horizontal field of view.
/// @param view  radians, (0, pi)
/// @error invalid_argument  a side or angle outside its range
[[nodiscard]] Result<Camera> camera_of_view(int width, int height, Radians view);
/// @error invalid_argument  sides outside [1, Image::kMaxSide], focal lengths that are not positive, or not finite
[[nodiscard]] Status check(const Camera& camera);

/// A rotation by its matrix, rows one after the other; takes the axes of a head to those of the camera.
struct Rotation {
  std::array<double, 9> m{1, 0, 0, 0, 1, 0, 0, 0, 1};
  bool operator==(const Rotation&) const = default;
};
[[nodiscard]] Vec3 operator*(const Rotation& r, const Vec3& v);
[[nodiscard]] Rotation operator*(const Rotation& a, const Rotation& b);
[[nodiscard]] Rotation transposed(const Rotation& r);  ///< the inverse
/// About the axis `v` by its length in radians, right-handed.
/// @source O. Rodrigues' formula, as in Murray, Li and Sastry, A Mathematical Introduction to Robotic
/// Manipulation, 2.14
[[nodiscard]] Rotation rotation_about(const Vec3& v);
[[nodiscard]] double angle_of(const Rotation& r);  ///< how far it turns, radians, [0, pi]

/// Where a head stands: a point p of the model is at rotation * p + translation.
struct RigidPose {
  Rotation rotation;
  Vec3 translation{0, 0, 600};  ///< millimetres; the head's origin in the camera's axes
  /// @param p  millimetres, in the model's axes  @return millimetres, in the camera's
  [[nodiscard]] Vec3 apply(const Vec3& p) const { return rotation * p + translation; }
  bool operator==(const RigidPose&) const = default;
};

/// The angles of core's HeadPose: rotation = Rz(roll) Ry(yaw) Rx(-pitch). Yaw in [-pi/2, pi/2].
[[nodiscard]] HeadPose head_pose_of(const Rotation& rotation);
[[nodiscard]] Rotation rotation_of(const HeadPose& pose);  ///< the inverse of head_pose_of

/// OpenFace's pose_R: rotation = Rx(x) Ry(y) Rz(z). x > 0 looks down, y > 0 turns to the image's left, z > 0 clockwise
/// in the picture.
/// @return radians; y in [-pi/2, pi/2]
/// @source OpenFace 2.2, RotationHelpers.h, RotationMatrix2Euler and Euler2RotationMatrix
[[nodiscard]] Vec3 openface_angles(const Rotation& rotation);
[[nodiscard]] Rotation rotation_of_openface(const Vec3& angles);  ///< the inverse of openface_angles

/// OpenFace's gaze_angle of a gaze direction in the camera's axes: x = atan2(g.x, -g.z), y = atan2(g.y, -g.z), radians;
/// (0, 0) looks straight at the camera's plane.
[[nodiscard]] std::array<double, 2> gaze_angles(const Vec3& gaze);
[[nodiscard]] Vec3 gaze_of_angles(double x,
                                  double y);  ///< the direction of length 1 with these angles, each in (-pi/2, pi/2)

/// @return pixels; nothing for a point at or behind the camera's plane (z below 1e-6)
[[nodiscard]] std::optional<Point2f> project(const Camera& camera, const Vec3& point);

}  // namespace vultus::face3d
