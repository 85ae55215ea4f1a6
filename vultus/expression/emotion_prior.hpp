// What action units say about the displayed expression before any face was seen: the prior of the AU hub, region by
// region.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/expression/label_space.hpp>

namespace vultus::expression {

/// A part of the aligned face, and the units that show there.
struct FaceRegion {
  std::string_view name;
  double top = 0;              ///< share of the height of the aligned crop, [0, 1)
  double bottom = 1;           ///< above `top`, at most 1
  std::span<const int> units;  ///< FACS numbers, rising
};

inline constexpr std::size_t kFaceRegions = 5;
/// Brows, eyes, nose, mouth, whole: where the five points of the template lie, with room around them. Our reading: the
/// paper's regions are not told.
/// @source units by region: P. Ekman, W. Friesen, J. Hager, FACS, 2002
[[nodiscard]] const std::array<FaceRegion, kFaceRegions>& face_regions();

/// Units as evidence: log q(e) = bias_e + sum_u weights_eu a_u up to a constant, for probabilities a_u of the units.
/// That is P(e) prod_u P(u|e)^a_u (1 - P(u|e))^(1 - a_u), which is linear in a.
struct UnitPrior {
  std::vector<int> units;
  std::vector<double> weights;              ///< [kExpressions][units], row-major: log P(u|e) - log(1 - P(u|e))
  std::array<double, kExpressions> bias{};  ///< log P(e) + sum_u log(1 - P(u|e))
};

/// @param units   FACS numbers of the AU table, at least one
/// @param shares  P(e) in the order of kExpressionNames, each above 0; they are brought to sum 1
/// @error invalid_argument  a unit that the table does not know, none, or a share that is none
/// @thread no state
[[nodiscard]] Result<UnitPrior> unit_prior(std::span<const int> units, std::span<const double, kExpressions> shares);

/// The distribution over expressions that units make.
/// @param activity  probability of each unit of the prior, [0, 1]
/// @error invalid_argument  another number of units, or one that is no probability
[[nodiscard]] Result<std::array<double, kExpressions>> expression_of_units(const UnitPrior& prior,
                                                                           std::span<const double> activity);

}  // namespace vultus::expression
