#include <vultus/face/detection_plan.hpp>

#include <algorithm>
#include <cmath>

namespace vultus::face {
namespace {

// The strides of the network end at 64: multiples keep every grid whole.
constexpr int kStep = 64;
// Neighbouring tiles share this much, so that a face on a seam is whole in one of them.
constexpr int kOverlap = 160;

// The same for squares of one input size; larger faces are seen by the look at the whole picture.
constexpr float kSquareOverlap = 64;

// Faces of this width in the input are found in more than 99 % of cases (docs/detection.md).
constexpr float kSureWidth = 18;
// Below this side the network sees too little context around a face that fills the picture.
constexpr float kLeastSide = 128;

int round_up(float pixels) { return kStep * std::max(1, static_cast<int>(std::ceil(pixels / kStep - 1e-4F))); }

DetectionPass pass_over(const RectF& region, int side, float ignore_below = 0) {
  const float longer = std::max(region.width, region.height);
  float scale = std::min(1.0F, static_cast<float>(side) / longer);
  if (ignore_below > 0) scale = std::min(scale, std::max(kSureWidth / ignore_below, kLeastSide / longer));
  return {region, round_up(region.width * scale), round_up(region.height * scale), scale};
}

}  // namespace

std::vector<DetectionPass> plan_detection(int width, int height, const DetectionReach& reach) {
  const RectF whole{0, 0, static_cast<float>(width), static_cast<float>(height)};
  const int longer = std::max(width, height);
  std::vector<DetectionPass> passes{pass_over(whole, reach.coarse_side, reach.ignore_below)};
  // Just above the coarse side a second look would see nothing that the first did not.
  if (reach.fine_side > reach.coarse_side && longer > reach.coarse_side * 5 / 4)
    passes.push_back(pass_over(whole, reach.fine_side));
  if (reach.tiles && reach.fine_side > kOverlap && longer > reach.fine_side) {
    const int tile = reach.fine_side;
    const auto starts = [&](int length) {
      std::vector<int> at{0};
      while (at.back() + tile < length) at.push_back(std::min(at.back() + tile - kOverlap, length - tile));
      return at;
    };
    for (const int y : starts(height))
      for (const int x : starts(width))
        passes.push_back(
            pass_over({static_cast<float>(x), static_cast<float>(y), static_cast<float>(std::min(tile, width)),
                       static_cast<float>(std::min(tile, height))},
                      tile));
  }
  return passes;
}

std::vector<DetectionPass> plan_square_detection(int width, int height, int side, const DetectionReach& reach) {
  const auto longer = static_cast<float>(std::max(width, height));
  const float input = static_cast<float>(side);
  const RectF whole{0, 0, static_cast<float>(width), static_cast<float>(height)};
  std::vector<DetectionPass> passes{{whole, side, side, std::min(1.0F, input / longer)}};
  if (reach.fine_side == 0 || longer <= 2 * input) return passes;
  const float scale = reach.tiles ? 1.0F : std::min(1.0F, static_cast<float>(reach.fine_side) / longer);
  const float square = input / scale;
  const float step = (input - kSquareOverlap) / scale;
  const auto starts = [&](float length) {
    std::vector<float> at{0};
    while (at.back() + square < length) at.push_back(std::min(at.back() + step, length - square));
    return at;
  };
  for (const float y : starts(whole.height))
    for (const float x : starts(whole.width))
      passes.push_back({{x, y, std::min(square, whole.width), std::min(square, whole.height)}, side, side, scale});
  return passes;
}

}  // namespace vultus::face
