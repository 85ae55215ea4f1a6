// Which parts of a picture a detector looks at, and how large: the input size is chosen by the picture.
#pragma once

#include <vector>

#include <vultus/core/geometry.hpp>

namespace vultus::face {

/// How far the search for faces goes.
struct DetectionReach {
  int coarse_side = 320;  ///< longer side of the look at the whole picture, pixels of the network
  /// Faces narrower than so many picture pixels may be missed by the first look, which then works on a smaller picture;
  /// 0 = none. Meant for speed where tiny faces are of no use: they give poor templates.
  float ignore_below = 0;
  int fine_side = 1280;  ///< longer side of the second look, which finds small faces; 0 = no second look
  bool tiles = false;    ///< pictures larger than fine_side are also searched in full resolution, tile by tile
};

/// One run of the detector: a part of the picture scaled into the upper left of the network's input.
struct DetectionPass {
  RectF region;         ///< picture pixels
  int input_width = 0;  ///< network pixels, a multiple of 64 where the network takes any size
  int input_height = 0;
  float scale = 1;  ///< network pixels per picture pixel
  bool operator==(const DetectionPass&) const = default;
};

/// The runs that a picture needs, the coarse one first. Inputs are never larger than the picture needs: an enlarged
/// picture costs time and raises false alarms (measured: docs/detection.md).
/// @param width, height  picture pixels, > 0
[[nodiscard]] std::vector<DetectionPass> plan_detection(int width, int height, const DetectionReach& reach);

/// The same for a network that sees a square of one size: the whole picture first; then, where a second look is wanted
/// and the picture is more than twice as large as the input, overlapping squares of the picture at fine_side pixels
/// (with tiles, in full resolution).
/// @param side  of the input, network pixels, >= 128
[[nodiscard]] std::vector<DetectionPass> plan_square_detection(int width, int height, int side,
                                                               const DetectionReach& reach);

}  // namespace vultus::face
