// Small arithmetic on points that hands and bodies share.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include <vultus/core/body.hpp>
#include <vultus/core/geometry.hpp>

namespace vultus::body {

/// The smallest box around points. @param points  at least one
[[nodiscard]] inline RectF box_around(std::span<const Point2f> points) {
  const auto [x0, x1] = std::ranges::minmax(points, {}, &Point2f::x);
  const auto [y0, y1] = std::ranges::minmax(points, {}, &Point2f::y);
  return {x0.x, y0.y, x1.x - x0.x, y1.y - y0.y};
}

/// A point of a crop that was turned, in the directions of the picture. @param turn  radians, clockwise
[[nodiscard]] inline WorldPoint turned(WorldPoint p, double turn) {
  const auto c = static_cast<float>(std::cos(turn)), s = static_cast<float>(std::sin(turn));
  return {c * p.x - s * p.y, s * p.x + c * p.y, p.z};
}

}  // namespace vultus::body
