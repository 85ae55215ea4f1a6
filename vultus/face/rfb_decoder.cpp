#include <vultus/face/rfb_decoder.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace vultus::face {
namespace {

struct Level {
  int stride;
  std::array<float, 3> sides;  // 0 = no further side
};
constexpr std::array<Level, 4> kLevels{
    {{8, {10, 16, 24}}, {16, {32, 48, 0}}, {32, {64, 96, 0}}, {64, {128, 192, 256}}}};
constexpr float kCentreVariance = 0.1F;
constexpr float kSizeVariance = 0.2F;

}  // namespace

ScoredBox scaled(const ScoredBox& detection, float factor) {
  ScoredBox result = detection;
  const RectF& box = detection.box;
  result.box = {box.x * factor, box.y * factor, box.width * factor, box.height * factor};
  if (result.eyes)
    for (Point2f& eye : *result.eyes) eye = {eye.x * factor, eye.y * factor};
  return result;
}

std::vector<Anchor> rfb_anchors(int width, int height) {
  std::vector<Anchor> anchors;
  for (const Level& level : kLevels) {
    const auto stride = static_cast<float>(level.stride);
    const int columns = (width + level.stride - 1) / level.stride;
    const int rows = (height + level.stride - 1) / level.stride;
    for (int row = 0; row < rows; ++row)
      for (int column = 0; column < columns; ++column)
        for (const float side : level.sides)
          if (side > 0)
            anchors.push_back(
                {(static_cast<float>(column) + 0.5F) * stride, (static_cast<float>(row) + 0.5F) * stride, side});
  }
  return anchors;
}

std::vector<ScoredBox> decode_rfb(std::span<const float> scores, std::span<const float> regressions,
                                  std::span<const Anchor> anchors, Score threshold) {
  std::vector<ScoredBox> boxes;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const float score = scores[2 * i + 1];
    if (!(score >= threshold.value())) continue;
    const Anchor& a = anchors[i];
    const float* r = &regressions[4 * i];
    const float x = a.x + r[0] * kCentreVariance * a.size, y = a.y + r[1] * kCentreVariance * a.size;
    // A face is never 20 times its anchor: the limit keeps damaged weights from making infinite boxes.
    const float w = a.size * std::exp(std::min(r[2] * kSizeVariance, 3.0F));
    const float h = a.size * std::exp(std::min(r[3] * kSizeVariance, 3.0F));
    if (!std::isfinite(x + y + w + h)) continue;
    boxes.push_back({{x - w / 2, y - h / 2, w, h}, Score(score)});
  }
  return boxes;
}

std::vector<ScoredBox> suppress_overlaps(std::vector<ScoredBox> boxes, float limit) {
  std::ranges::stable_sort(boxes, [](const ScoredBox& a, const ScoredBox& b) { return a.score > b.score; });
  std::vector<ScoredBox> kept;
  for (const ScoredBox& box : boxes)
    if (std::ranges::none_of(kept, [&](const ScoredBox& k) { return intersection_over_union(k.box, box.box) > limit; }))
      kept.push_back(box);
  return kept;
}

}  // namespace vultus::face
