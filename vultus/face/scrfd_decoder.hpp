// Reading the outputs of the SCRFD family of face detectors.
#pragma once

#include <span>
#include <vector>

#include <vultus/face/rfb_decoder.hpp>

namespace vultus::face {

/// The outputs of one stride. A cell of stride s at column x and row y has its anchors, two as published, at (x s, y
/// s); rows, then columns, then the anchors of a cell follow each other.
struct ScrfdLevel {
  int stride = 0;                 ///< network pixels a cell: 8, 16, 32
  std::span<const float> scores;  ///< [anchors], probabilities
  std::span<const float> boxes;   ///< [anchors][4] distances from the anchor to left, top, right, bottom, in strides
  std::span<const float> points;  ///< [anchors][10] or empty: five points from the anchor, x and y, in strides
};

/// Anchors of one stride: ceil(width / stride) * ceil(height / stride) cells.
[[nodiscard]] std::size_t scrfd_anchors(int width, int height, int stride, int anchors_a_cell);

/// Boxes with at least `threshold`, and where points are given the eyes, in network pixels. Numbers that are not finite
/// make no box.
/// @param width, height   network pixels
/// @param anchors_a_cell  >= 1; the level must hold scrfd_anchors() of everything
/// @source J. Guo et al., Sample and Computation Redistribution for Efficient Face Detection, ICLR 2022; the order of
/// the
///         outputs is that of the authors' ONNX files: our reading
[[nodiscard]] std::vector<ScoredBox> decode_scrfd(const ScrfdLevel& level, int width, int height, int anchors_a_cell,
                                                  Score threshold);

}  // namespace vultus::face
