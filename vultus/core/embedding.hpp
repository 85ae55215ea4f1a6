// A face as a unit vector that remembers which model made it.
#pragma once

#include <span>
#include <vector>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>

namespace vultus {

/// A unit-length template of one model. Immutable.
class Embedding {
 public:
  /// The dimensions that are believed: a file that claims more is damaged.
  static constexpr std::size_t kMaxDimension = 16384;

  /// Scales `values` to unit length.
  /// @param values  1 to kMaxDimension finite numbers, not all 0
  /// @error invalid_argument  no model, no values, too many values, a value that is not finite, or a zero vector
  static Result<Embedding> normalised(ModelId model, std::vector<float> values);
  /// Takes the values of another embedding as they are, bit for bit: of one that came over a network.
  /// @param values  as for normalised(), of unit length but for what rounding leaves
  /// @error invalid_argument  as normalised(), or a length that is not 1
  static Result<Embedding> of_unit_length(ModelId model, std::vector<float> values);

  [[nodiscard]] const ModelId& model() const { return model_; }
  [[nodiscard]] std::span<const float> values() const { return values_; }
  bool operator==(const Embedding&) const = default;

 private:
  Embedding(ModelId model, std::vector<float> values) : model_(std::move(model)), values_(std::move(values)) {}
  ModelId model_;
  std::vector<float> values_;
};

/// Cosine of two templates.
/// @error model_mismatch  they come from different models, or differ in dimension
[[nodiscard]] Result<Cosine> similarity(const Embedding& a, const Embedding& b);

/// Inner product in a fixed order of additions: the same bits on every thread and every call.
/// @param a, b  the same number of values
[[nodiscard]] float inner_product(std::span<const float> a, std::span<const float> b);

}  // namespace vultus
