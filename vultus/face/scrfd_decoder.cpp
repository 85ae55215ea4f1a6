#include <vultus/face/scrfd_decoder.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vultus::face {
namespace {

int cells(int side, int stride) { return (side + stride - 1) / stride; }

bool all_finite(std::span<const float> values) {
  return std::ranges::all_of(values, [](float v) { return std::isfinite(v); });
}

}  // namespace

std::size_t scrfd_anchors(int width, int height, int stride, int anchors_a_cell) {
  return static_cast<std::size_t>(cells(width, stride)) * static_cast<std::size_t>(cells(height, stride)) *
         static_cast<std::size_t>(anchors_a_cell);
}

std::vector<ScoredBox> decode_scrfd(const ScrfdLevel& level, int width, int height, int anchors_a_cell,
                                    Score threshold) {
  std::vector<ScoredBox> found;
  const auto stride = static_cast<float>(level.stride);
  const std::size_t anchors = scrfd_anchors(width, height, level.stride, anchors_a_cell);
  const auto columns = static_cast<std::size_t>(cells(width, level.stride));
  for (std::size_t i = 0; i < anchors; ++i) {
    const float score = level.scores[i];
    if (!(score >= threshold.value() && score <= 1)) continue;
    const std::size_t cell = i / static_cast<std::size_t>(anchors_a_cell);
    const std::size_t column = cell % columns, row = cell / columns;
    const Point2f at{static_cast<float>(column) * stride, static_cast<float>(row) * stride};
    const std::span<const float> d = level.boxes.subspan(i * 4, 4);
    if (!all_finite(d) || !(d[0] + d[2] > 0 && d[1] + d[3] > 0)) continue;
    ScoredBox face{.box = {at.x - d[0] * stride, at.y - d[1] * stride, (d[0] + d[2]) * stride, (d[1] + d[3]) * stride},
                   .score = Score(score)};
    if (!level.points.empty()) {
      // The first two of five points are the eyes, that on the left of the picture first: the subject's right one.
      const std::span<const float> p = level.points.subspan(i * 10, 10);
      if (!all_finite(p)) continue;
      face.eyes = Eyes{{{at.x + p[0] * stride, at.y + p[1] * stride}, {at.x + p[2] * stride, at.y + p[3] * stride}}};
    }
    found.push_back(face);
  }
  return found;
}

}  // namespace vultus::face
