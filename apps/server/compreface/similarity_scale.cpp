#include <apps/server/compreface/similarity_scale.hpp>

#include <algorithm>
#include <cmath>

namespace vultus::server::compreface {
namespace {

constexpr double kUsualSteepness = 5.973354538;  // resnet50, CompreFace 1.2
constexpr double kDecimals = 1e5;

}  // namespace

double distance_of(Cosine similarity) {
  // |a - b|^2 = 2 - 2 a.b for unit vectors.
  return std::sqrt(std::max(0.0, 2 - 2 * static_cast<double>(similarity.value())));
}

SimilarityScale SimilarityScale::of(const OperatingPoint& at) {
  SimilarityScale scale{.centre = distance_of(at.threshold), .steepness = kUsualSteepness};
  // The curve is 1 / (1 + exp(-2 steepness (centre - d))), and the cosine is 1 - d^2 / 2: at the centre a logistic
  // curve over the cosine rises by slope * centre for each unit of -d.
  if (at.logistic && at.logistic->slope > 0 && scale.centre > 0)
    scale.steepness = at.logistic->slope * scale.centre / 2;
  return scale;
}

double SimilarityScale::at_distance(double distance) const {
  const double similarity = (std::tanh((centre - distance) * steepness) + 1) / 2;
  return std::floor(similarity * kDecimals + 0.5) / kDecimals;
}

double SimilarityScale::operator()(Cosine similarity) const { return at_distance(distance_of(similarity)); }

}  // namespace vultus::server::compreface
