// Reading the outputs of the BlazeFace family of face detectors (MediaPipe).
#pragma once

#include <span>
#include <vector>

#include <vultus/face/rfb_decoder.hpp>

namespace vultus::face {

/// How the cells of a BlazeFace network are laid out.
struct BlazeGrid {
  int stride = 0;    ///< network pixels a cell
  int repeated = 1;  ///< anchors a cell, all at its centre
};

/// The anchors of a square input, row by row, those of one cell together, grid after grid.
/// @param side  network pixels; 192 with one grid of stride 4 gives 2,304 anchors
/// @source MediaPipe, ssd_anchors_calculator (Apache-2.0), with fixed anchor sizes
[[nodiscard]] std::vector<Point2f> blaze_anchors(int side, std::span<const BlazeGrid> grids);

/// Boxes with at least `threshold` and the centres of their eyes, in network pixels. Numbers that are not finite make
/// no box.
/// @param logits       [n]
/// @param regressions  [n][16]: centre, width and height, then right eye, left eye, nose, mouth, right ear, left ear;
/// all
///                     in network pixels, places relative to the anchor
/// @param anchors      [n]
[[nodiscard]] std::vector<ScoredBox> decode_blaze(std::span<const float> logits, std::span<const float> regressions,
                                                  std::span<const Point2f> anchors, Score threshold);

}  // namespace vultus::face
