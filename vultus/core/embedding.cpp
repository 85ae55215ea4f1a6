#include <vultus/core/embedding.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace vultus {

Result<Embedding> Embedding::normalised(ModelId model, std::vector<float> values) {
  if (model.empty()) return fail(ErrorCode::invalid_argument, "embedding without a model id");
  if (values.empty() || values.size() > kMaxDimension)
    return fail(ErrorCode::invalid_argument, "embedding of model " + model.text() + " with " +
                                                 std::to_string(values.size()) + " values: 1 to " +
                                                 std::to_string(kMaxDimension) + " are allowed");
  double square = 0;
  for (const float v : values) {
    if (!std::isfinite(v))
      return fail(ErrorCode::invalid_argument,
                  "embedding of model " + model.text() + " holds a value that is not finite");
    square += double{v} * v;
  }
  if (!(square > 0))
    return fail(ErrorCode::invalid_argument, "embedding of model " + model.text() + " is a zero vector");
  const double scale = 1 / std::sqrt(square);
  for (float& v : values) v = static_cast<float>(v * scale);
  return Embedding(std::move(model), std::move(values));
}

Result<Embedding> Embedding::of_unit_length(ModelId model, std::vector<float> values) {
  // Each value was rounded to 24 bits, so the squared length of kMaxDimension of them is within 2^-23 of 1.
  constexpr double kRounding = 1e-6;
  double square = 0;
  for (const float v : values) square += double{v} * v;
  std::vector<float> same = values;
  VULTUS_TRY(const Embedding checked, normalised(model, std::move(same)));
  if (std::abs(square - 1) > kRounding)
    return fail(ErrorCode::invalid_argument, "embedding of model " + checked.model().text() +
                                                 " whose squared length is " + std::to_string(square) + ", not 1");
  return Embedding(std::move(model), std::move(values));
}

float inner_product(std::span<const float> a, std::span<const float> b) {
  // Sixteen running sums let the compiler use vector registers without changing the order between builds.
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> sums{};
  const std::size_t n = std::min(a.size(), b.size());
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  for (std::size_t lane = 0; i < n; ++i, ++lane) sums[lane] += a[i] * b[i];
  for (std::size_t width = kLanes / 2; width > 0; width /= 2)
    for (std::size_t lane = 0; lane < width; ++lane) sums[lane] += sums[lane + width];
  return sums[0];
}

Result<Cosine> similarity(const Embedding& a, const Embedding& b) {
  if (a.model() != b.model())
    return fail(ErrorCode::model_mismatch,
                "templates of model " + a.model().text() + " and model " + b.model().text() + " cannot be compared");
  if (a.values().size() != b.values().size())
    return fail(ErrorCode::model_mismatch, "templates of model " + a.model().text() + " with " +
                                               std::to_string(a.values().size()) + " and " +
                                               std::to_string(b.values().size()) + " values cannot be compared");
  return Cosine(std::clamp(inner_product(a.values(), b.values()), -1.0F, 1.0F));
}

}  // namespace vultus
