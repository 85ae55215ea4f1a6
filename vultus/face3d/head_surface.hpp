// The surface of the procedural head and what moves it: fields over the head. Not installed.
//
// All lengths are millimetres, set by hand after common proportions of the adult face: 90 between the outer eye
// corners, 150 wide, 230 high. Origin between the eyes, axes of camera.hpp.
#pragma once

#include <string>
#include <vector>

#include <vultus/face3d/vec3.hpp>

namespace vultus::face3d {

inline constexpr double kEyeX = 30, kEyeHalf = 14;       // middle and half width of the lids' gap
inline constexpr double kEyeDepth = -65, kEyeBall = 12;  // centre and radius of the balls
inline constexpr double kMouthY = 66, kMouthHalf = 25;   // the line between the lips
inline constexpr double kLidUp = 5.6, kLidDown = 4.4;    // how far the lids of the neutral face are open

/// On which side of a slit a vertex lies; vertices away from slits are told by their y.
enum class Slit { none, upper, lower };

/// A vertex before anything moves it.
struct Site {
  double angle = 0;  ///< about the vertical, 0 in front, > 0 towards the subject's left
  double y = 0;      ///< height on the base surface
  Slit slit = Slit::none;
};

/// The base surface with all features, lids open and mouth closed.
[[nodiscard]] Vec3 neutral_point(const Site& site);
/// The base surface alone: rows and columns of the mesh are laid out on it.
[[nodiscard]] Vec3 base_point(double angle, double y);
/// The angle at which the base surface has this x, at a height.
[[nodiscard]] double angle_at(double x, double y);

/// A field that moves vertices: `at` is where the neutral face has the site.
using Field = Vec3 (*)(const Site& site, const Vec3& at);
struct NamedField {
  std::string name;
  Field field;
  double side = 0;  ///< -1: the subject's right alone, +1: the left alone, 0: both
};
/// The shapes of expression, and the modes of identity.
[[nodiscard]] std::vector<NamedField> expression_fields();
[[nodiscard]] std::vector<NamedField> identity_fields();

/// A bump of height 1 at (cx, cy).
[[nodiscard]] inline double bump(double x, double y, double cx, double cy, double sx, double sy) {
  const double u = (x - cx) / sx, v = (y - cy) / sy;
  return std::exp(-(u * u + v * v) / 2);
}
/// The same at (cx, cy) and (-cx, cy).
[[nodiscard]] inline double bumps(double x, double y, double cx, double cy, double sx, double sy) {
  return bump(std::abs(x), y, cx, cy, sx, sy);
}
/// 0 below `low`, 1 above `high`, smooth between.
[[nodiscard]] inline double ramp(double x, double low, double high) {
  const double t = std::fmin(1, std::fmax(0, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
/// How wide the gap of an eye is at x, as a part of its middle: 1 in the middle, 0 at the corners.
[[nodiscard]] double lid_profile(double x);
/// The depth of a lid that lies on its eyeball at (x, y), and how much of the surface there is lid.
[[nodiscard]] double lid_depth(double x, double y);
[[nodiscard]] double lid_share(double x, double y);

}  // namespace vultus::face3d
