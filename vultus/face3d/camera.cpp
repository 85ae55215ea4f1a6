#include <vultus/face3d/camera.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include <vultus/core/image.hpp>

namespace vultus::face3d {
namespace {

Status check_sides(int width, int height) {
  for (const int side : {width, height}) {
    if (side < 1 || side > Image::kMaxSide)
      return fail(ErrorCode::invalid_argument, "camera: sides must be within [1, " + std::to_string(Image::kMaxSide) +
                                                   "] pixels, not " + std::to_string(side));
  }
  return {};
}

Rotation about_x(double a) { return {{1, 0, 0, 0, std::cos(a), -std::sin(a), 0, std::sin(a), std::cos(a)}}; }
Rotation about_y(double a) { return {{std::cos(a), 0, std::sin(a), 0, 1, 0, -std::sin(a), 0, std::cos(a)}}; }
Rotation about_z(double a) { return {{std::cos(a), -std::sin(a), 0, std::sin(a), std::cos(a), 0, 0, 0, 1}}; }

}  // namespace

Result<Camera> default_camera(int width, int height) {
  VULTUS_CHECK(check_sides(width, height));
  const double focal = (500.0 * width / 640.0 + 500.0 * height / 480.0) / 2;
  return Camera{width, height, focal, focal, width / 2.0, height / 2.0};
}

Result<Camera> camera_of_view(int width, int height, Radians view) {
  VULTUS_CHECK(check_sides(width, height));
  const double angle = view.value();
  if (!(angle > 0 && angle < std::numbers::pi))
    return fail(ErrorCode::invalid_argument,
                "camera: the field of view must be within (0, pi) radians, not " + std::to_string(angle));
  const double focal = width / 2.0 / std::tan(angle / 2);
  return Camera{width, height, focal, focal, width / 2.0, height / 2.0};
}

Status check(const Camera& camera) {
  VULTUS_CHECK(check_sides(camera.width, camera.height));
  for (const double focal : {camera.fx, camera.fy}) {
    if (!(focal > 0) || !std::isfinite(focal))
      return fail(ErrorCode::invalid_argument,
                  "camera: a focal length must be a positive number of pixels, not " + std::to_string(focal));
  }
  if (!std::isfinite(camera.cx) || !std::isfinite(camera.cy))
    return fail(ErrorCode::invalid_argument, "camera: the principal point is not finite");
  return {};
}

Vec3 operator*(const Rotation& r, const Vec3& v) {
  const auto& m = r.m;
  return {m[0] * v.x + m[1] * v.y + m[2] * v.z, m[3] * v.x + m[4] * v.y + m[5] * v.z,
          m[6] * v.x + m[7] * v.y + m[8] * v.z};
}

Rotation operator*(const Rotation& a, const Rotation& b) {
  Rotation c;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j)
      c.m.at(3 * i + j) =
          a.m.at(3 * i) * b.m.at(j) + a.m.at(3 * i + 1) * b.m.at(3 + j) + a.m.at(3 * i + 2) * b.m.at(6 + j);
  }
  return c;
}

Rotation transposed(const Rotation& r) {
  const auto& m = r.m;
  return {{m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]}};
}

Rotation rotation_about(const Vec3& v) {
  const double angle = length(v);
  // sin(a)/a and (1 - cos(a))/a^2, by their series near 0.
  const double s = angle < 1e-6 ? 1 - angle * angle / 6 : std::sin(angle) / angle;
  const double half = angle < 1e-6 ? 1 - angle * angle / 24 : std::sin(angle / 2) / (angle / 2);
  const double c = half * half / 2;
  const double d = std::cos(angle);
  return {{d + c * v.x * v.x, c * v.x * v.y - s * v.z, c * v.x * v.z + s * v.y, c * v.x * v.y + s * v.z,
           d + c * v.y * v.y, c * v.y * v.z - s * v.x, c * v.x * v.z - s * v.y, c * v.y * v.z + s * v.x,
           d + c * v.z * v.z}};
}

double angle_of(const Rotation& r) {
  const auto& m = r.m;
  const double sine = std::hypot(m[7] - m[5], m[2] - m[6], m[3] - m[1]) / 2;
  return std::atan2(sine, (m[0] + m[4] + m[8] - 1) / 2);
}

HeadPose head_pose_of(const Rotation& rotation) {
  const auto& m = rotation.m;
  return {.yaw = Radians(static_cast<float>(std::asin(std::clamp(-m[6], -1.0, 1.0)))),
          .pitch = Radians(static_cast<float>(std::atan2(-m[7], m[8]))),
          .roll = Radians(static_cast<float>(std::atan2(m[3], m[0])))};
}

Rotation rotation_of(const HeadPose& pose) {
  return about_z(pose.roll.value()) * about_y(pose.yaw.value()) * about_x(-pose.pitch.value());
}

Vec3 openface_angles(const Rotation& rotation) {
  const auto& m = rotation.m;
  return {std::atan2(-m[5], m[8]), std::asin(std::clamp(m[2], -1.0, 1.0)), std::atan2(-m[1], m[0])};
}

Rotation rotation_of_openface(const Vec3& angles) { return about_x(angles.x) * about_y(angles.y) * about_z(angles.z); }

std::array<double, 2> gaze_angles(const Vec3& gaze) {
  return {std::atan2(gaze.x, -gaze.z), std::atan2(gaze.y, -gaze.z)};
}

Vec3 gaze_of_angles(double x, double y) { return unit({std::tan(x), std::tan(y), -1}); }

std::optional<Point2f> project(const Camera& camera, const Vec3& point) {
  if (!(point.z > 1e-6)) return std::nullopt;
  return Point2f{static_cast<float>(camera.fx * point.x / point.z + camera.cx),
                 static_cast<float>(camera.fy * point.y / point.z + camera.cy)};
}

}  // namespace vultus::face3d
