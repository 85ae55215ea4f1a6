// A turned square of a picture, and how networks are shown it.
#pragma once

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::body {

/// A square whose upward edge points along `turn`. A value.
struct Region {
  Point2f centre;   ///< picture pixels
  float side = 0;   ///< picture pixels
  double turn = 0;  ///< radians, clockwise in the picture; 0 = upright
};

/// How far the direction from `low` to `high` is turned from upright, radians, (-pi, pi], clockwise in the picture.
/// @source MediaPipe, DetectionsToRectsCalculator with target angle 90 degrees (Apache-2.0)
[[nodiscard]] double turn_of(Point2f low, Point2f high);

/// The transform from the picture to a square of `pixels`: the region fills it, its upward edge is up.
/// @return scale 0 where the region has no size
[[nodiscard]] Similarity to_square(const Region& region, int pixels);

/// The whole picture in a square of `pixels`, its sides kept in proportion, in the middle.
/// @param width, height  picture pixels, above 0
[[nodiscard]] Similarity letterbox(int width, int height, int pixels);

/// Fills the input of a network with the picture under `crop` and runs it. @return the way back to the picture
/// @error invalid_argument  a region without size; internal  the backend failed
Result<Similarity> run_on(runtime::Network& network, ImageView picture, const Similarity& crop);

}  // namespace vultus::body
