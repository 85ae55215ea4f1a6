// Agreement of raters beyond chance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/classification.hpp>

namespace vultus::evaluation {

/// Cohen's kappa (p_o - p_e) / (1 - p_e) of two raters, from their table of counts.
/// @return (-1, 1]
/// @error invalid_argument  an empty table, or both raters always give one same label (kappa is undefined)
/// @source J. Cohen, Educational and Psychological Measurement 20(1), 1960
[[nodiscard]] Result<double> cohen_kappa(const ConfusionMatrix& table);

/// Fleiss' kappa of a fixed number of raters.
/// @param counts  counts[item][label]: how many raters gave the item that label; the same sum, at least 2, for each
/// item
/// @error invalid_argument  no items, rows of different lengths or sums, or only one label in use (kappa is undefined)
/// @source J. L. Fleiss, Psychological Bulletin 76(5), 1971
[[nodiscard]] Result<double> fleiss_kappa(std::span<const std::vector<std::uint32_t>> counts);

/// How far apart two values are: not equal; by ranks; by difference.
enum class AlphaLevel : std::uint8_t { nominal, ordinal, interval };

/// Krippendorff's alpha 1 - D_o / D_e; raters may miss units, a unit with one value is dropped.
/// @param ratings  ratings[rater][unit], empty = not rated; rows of equal length
/// @error invalid_argument  rows of different lengths, a value that is not finite, fewer than two values to compare,
///                          or all values equal (alpha is undefined)
/// @thread no state
/// @source K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011
[[nodiscard]] Result<double> krippendorff_alpha(std::span<const std::vector<std::optional<double>>> ratings,
                                                AlphaLevel level);

}  // namespace vultus::evaluation
