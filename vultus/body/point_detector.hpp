// Palms and persons: boxes with points, from the single-shot detectors of MediaPipe.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::body {

/// A box with its points, in the pixels of whoever gives it.
struct PointedBox {
  RectF box;
  Score score;
  std::vector<Point2f> points;
};

/// The centres of anchors of a square input: rows of cells, two anchors a cell for each stride of that size in a row.
/// @param side  network pixels; 192 with 8, 16, 16, 16 gives 2,016 anchors
/// @source MediaPipe, SsdAnchorsCalculator with fixed sizes (Apache-2.0)
[[nodiscard]] std::vector<Point2f> point_anchors(int side, std::span<const int> strides);

/// Boxes of at least `threshold`, network pixels. Numbers that are not finite make no box.
/// @param logits  [n]; @param regressions  [n][4 + 2 points]: centre, size, points, relative to the anchor
[[nodiscard]] std::vector<PointedBox> decode_points(std::span<const float> logits, std::span<const float> regressions,
                                                    std::span<const Point2f> anchors, std::size_t points,
                                                    Score threshold);

/// One box for each crowd of boxes that overlap its best one by more than `overlap`: their mean, weighted by score.
/// @return best first; @source MediaPipe, NonMaxSuppressionCalculator, WEIGHTED (Apache-2.0)
[[nodiscard]] std::vector<PointedBox> merge_points(std::vector<PointedBox> boxes, float overlap);

/// Thread-compatible: each worker loads its own.
class PointDetector {
 public:
  /// @error invalid_argument  a model with another decoder than ssd_points; corrupt_data  from the backend
  static Result<PointDetector> load(const runtime::ModelHandle& model);
  /// @param picture  rgb8, upright
  /// @return in picture pixels, best first
  /// @error internal  the backend failed; corrupt_data  a network with other outputs
  Result<std::vector<PointedBox>> find(ImageView picture, Score threshold);

 private:
  PointDetector(std::unique_ptr<runtime::Network> network, std::size_t points);
  /// Are the outputs as large as the boxes and points need?
  [[nodiscard]] Status check_sizes() const;
  std::unique_ptr<runtime::Network> network_;
  std::size_t points_;
  std::vector<Point2f> anchors_;
};

}  // namespace vultus::body
