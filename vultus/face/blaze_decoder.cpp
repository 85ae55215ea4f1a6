#include <vultus/face/blaze_decoder.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vultus::face {
namespace {

constexpr std::size_t kNumbers = 16;

}  // namespace

std::vector<Point2f> blaze_anchors(int side, std::span<const BlazeGrid> grids) {
  std::vector<Point2f> anchors;
  for (const BlazeGrid& grid : grids) {
    const int cells = (side + grid.stride - 1) / grid.stride;
    const float step = static_cast<float>(side) / static_cast<float>(cells);
    for (int y = 0; y < cells; ++y)
      for (int x = 0; x < cells; ++x)
        anchors.insert(anchors.end(), static_cast<std::size_t>(grid.repeated),
                       {(static_cast<float>(x) + 0.5F) * step, (static_cast<float>(y) + 0.5F) * step});
  }
  return anchors;
}

std::vector<ScoredBox> decode_blaze(std::span<const float> logits, std::span<const float> regressions,
                                    std::span<const Point2f> anchors, Score threshold) {
  std::vector<ScoredBox> boxes;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const float score = 1 / (1 + std::exp(-logits[i]));
    if (!(score >= threshold.value())) continue;
    const std::span<const float> r = regressions.subspan(i * kNumbers, kNumbers);
    if (!std::ranges::all_of(r.first(8), [](float v) { return std::isfinite(v); }) || !(r[2] > 0 && r[3] > 0)) continue;
    const Point2f a = anchors[i];
    boxes.push_back({.box = {r[0] + a.x - r[2] / 2, r[1] + a.y - r[3] / 2, r[2], r[3]},
                     .score = Score(score),
                     .eyes = Eyes{{{r[4] + a.x, r[5] + a.y}, {r[6] + a.x, r[7] + a.y}}}});
  }
  return boxes;
}

}  // namespace vultus::face
