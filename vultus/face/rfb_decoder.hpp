// Reading the outputs of the RFB family of face detectors: anchors, boxes, and the choice among overlapping boxes.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/units.hpp>

namespace vultus::face {

/// Centres of the subject's right and left eye.
using Eyes = std::array<Point2f, 2>;

struct ScoredBox {
  RectF box;
  Score score;
  bool known = false;        ///< a face was here a moment ago: no second opinion is asked for
  bool confirmed = true;     ///< false: so large that the coarse look should have seen it too, and it did not
  std::optional<Eyes> eyes;  ///< where the detector says them
  bool operator==(const ScoredBox&) const = default;
};

/// The same detection in a picture that is `factor` times as large.
[[nodiscard]] ScoredBox scaled(const ScoredBox& detection, float factor);

/// Anchor k of the network, in network pixels.
struct Anchor {
  float x, y;  ///< centre
  float size;  ///< side of the square
};

/// The anchors of an input of this size: strides 8, 16, 32, 64 with sides {10, 16, 24}, {32, 48}, {64, 96},
/// {128, 192, 256}, row by row, the sides of one cell together.
/// @param width, height  network pixels, > 0; 320 x 240 gives 4,420 anchors
/// @source Ultra-Light-Fast-Generic-Face-Detector-1MB, RFB-320 (MIT); docs/detection.md
[[nodiscard]] std::vector<Anchor> rfb_anchors(int width, int height);

/// Boxes with at least `threshold`, in network pixels. Numbers that are not finite make no box.
/// @param scores       [n][2] softmax: background, face
/// @param regressions  [n][4] dx, dy, dw, dh with variances 0.1 and 0.2
/// @param anchors      [n]
[[nodiscard]] std::vector<ScoredBox> decode_rfb(std::span<const float> scores, std::span<const float> regressions,
                                                std::span<const Anchor> anchors, Score threshold);

/// Greedy non-maximum suppression: the best box stays, boxes that overlap it by more than `limit` go, and so on.
/// Equal scores keep their order, so the answer does not depend on the sort.
/// @return the kept boxes, best first
[[nodiscard]] std::vector<ScoredBox> suppress_overlaps(std::vector<ScoredBox> boxes, float limit);

}  // namespace vultus::face
