#include <vultus/expression/blendshapes.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include <vultus/expression/time_covered.hpp>
#include <vultus/face/metric_pose.hpp>

namespace vultus::expression {
namespace {

constexpr std::size_t kSpacePoints = 68, kRightCorner = 36, kLeftCorner = 45;

/// Which of the 68 points feature i is about.
constexpr std::size_t point_of(std::size_t i) { return i < 5 ? 6 + i : 12 + i; }
static_assert(point_of(4) == 10 && point_of(5) == 17 && point_of(kBlendshapePoints - 1) == 67);

}  // namespace

Result<BlendshapeFeatures> blendshape_features(std::span<const float> points, const std::array<double, 3>& rotation) {
  if (points.size() != 3 * kSpacePoints)
    return fail(ErrorCode::invalid_argument,
                "blendshapes: " + std::to_string(points.size() / 3) + " points, 68 are wanted");
  if (!std::ranges::all_of(points, [](float v) { return std::isfinite(v); }))
    return fail(ErrorCode::invalid_argument, "blendshapes: points that are not finite");
  const std::array<double, 9> matrix = face::matrix_of(rotation);
  // Columns of R are the head's axes before the camera.
  const auto along = [&](std::size_t point, std::size_t axis) {
    double sum = 0;
    for (std::size_t row = 0; row < 3; ++row) sum += matrix.at(3 * row + axis) * points[3 * point + row];
    return sum;
  };
  double size = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double d = along(kLeftCorner, axis) - along(kRightCorner, axis);
    size += d * d;
  }
  size = std::sqrt(size);
  if (!(size > 0)) return fail(ErrorCode::invalid_argument, "blendshapes: the eye corners are one point");
  BlendshapeFeatures features{};
  for (std::size_t i = 0; i < kBlendshapePoints; ++i)
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const double middle = (along(kLeftCorner, axis) + along(kRightCorner, axis)) / 2;
      features.at(2 * i + axis) = static_cast<float>((along(point_of(i), axis) - middle) / size);
    }
  return features;
}

std::vector<float> blendshape_weights(const BlendshapeFeatures& face, const BlendshapeFeatures& rest) {
  std::vector<float> weights;
  for (const BlendshapeRow& row : blendshapes()) {
    double sum = 0;
    for (std::size_t i = 0; i < face.size(); ++i)
      sum += double{row.weights.at(i)} * (double{face.at(i)} - double{rest.at(i)});
    weights.push_back(static_cast<float>(std::clamp(sum, 0.0, 1.0)));
  }
  return weights;
}

void RestLearner::add(double seconds, const BlendshapeFeatures& features) {
  if (!seen_.empty() && seconds - seen_.back().seconds < kSpacing) return;
  seen_.push_back({seconds, features});
  while (seconds - seen_.front().seconds > kWindow) seen_.pop_front();
  const double trust = std::min(1.0, time_covered(seen_) / kTrusted);
  std::vector<float> column(seen_.size());
  for (std::size_t i = 0; i < features.size(); ++i) {
    std::ranges::transform(seen_, column.begin(), [&](const Seen& one) { return one.features.at(i); });
    const auto middle = column.begin() + static_cast<std::ptrdiff_t>(column.size() / 2);
    std::ranges::nth_element(column, middle);
    now_.at(i) = static_cast<float>(trust * *middle + (1 - trust) * mean_rest().at(i));
  }
}

}  // namespace vultus::expression
