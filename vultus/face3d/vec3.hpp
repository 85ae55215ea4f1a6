// Points and directions in space.
#pragma once

#include <cmath>

namespace vultus::face3d {

/// A point or direction. Millimetres where nothing else is said.
struct Vec3 {
  double x = 0;
  double y = 0;
  double z = 0;
  bool operator==(const Vec3&) const = default;
};

[[nodiscard]] constexpr Vec3 operator+(const Vec3& a, const Vec3& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
[[nodiscard]] constexpr Vec3 operator-(const Vec3& a, const Vec3& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
[[nodiscard]] constexpr Vec3 operator*(double s, const Vec3& a) { return {s * a.x, s * a.y, s * a.z}; }
/// Inner product.
[[nodiscard]] constexpr double dot(const Vec3& a, const Vec3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
/// Vector product, right-handed.
[[nodiscard]] constexpr Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
/// Euclidean.
[[nodiscard]] inline double length(const Vec3& a) { return std::sqrt(dot(a, a)); }
/// @return a direction of length 1; a vector of length 0 stays what it is
[[nodiscard]] inline Vec3 unit(const Vec3& a) {
  const double n = length(a);
  return n > 0 ? (1 / n) * a : a;
}

}  // namespace vultus::face3d
