// Points, boxes and similarity transforms in picture coordinates: pixels, origin at the top left, y down.
#pragma once

#include <array>
#include <optional>
#include <span>

namespace vultus {

struct Point2f {
  float x = 0;
  float y = 0;
  bool operator==(const Point2f&) const = default;
};

/// An axis-parallel box. May reach outside the picture: clip only when pixels are read.
struct RectF {
  float x = 0;
  float y = 0;
  float width = 0;
  float height = 0;

  [[nodiscard]] float right() const { return x + width; }
  [[nodiscard]] float bottom() const { return y + height; }
  [[nodiscard]] float area() const { return width > 0 && height > 0 ? width * height : 0; }
  [[nodiscard]] Point2f centre() const { return {x + width / 2, y + height / 2}; }
  bool operator==(const RectF&) const = default;
};

/// Intersection over union of two boxes, [0, 1]; 0 where either is empty.
[[nodiscard]] float intersection_over_union(const RectF& a, const RectF& b);

/// A similarity transform q = (a -b; b a) p + (tx, ty): rotation, one scale, shift; never shear or reflection.
struct Similarity {
  double a = 1;
  double b = 0;
  double tx = 0;
  double ty = 0;

  [[nodiscard]] Point2f apply(Point2f p) const;  ///< the point after it
  [[nodiscard]] double scale() const;
  /// @return the transform that undoes this one; nothing if the scale is 0
  [[nodiscard]] std::optional<Similarity> inverse() const;
  bool operator==(const Similarity&) const = default;
};

/// Least-squares similarity that takes `from` to `to`, without reflection.
/// In two dimensions the closed form of Umeyama reduces to a complex division, which cannot reflect.
/// @param from, to  the same number of points, at least 2
/// @return nothing if the counts differ, are below 2, or all of `from` is one point
/// @source S. Umeyama, Least-squares estimation of transformation parameters, PAMI 13(4), 1991, eq. 40-42
[[nodiscard]] std::optional<Similarity> fit_similarity(std::span<const Point2f> from, std::span<const Point2f> to);

}  // namespace vultus
