// Hybrids of two single expressions: what stands for compound expressions where nobody labelled any.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/expression/compound.hpp>

namespace vultus::expression {

/// A hybrid of two pictures.
struct Hybrid {
  std::size_t compound = 0;  ///< place in kCompoundTable
  std::size_t first = 0;     ///< which picture shows its first member, which its second
  std::size_t second = 0;
  std::optional<double> share;  ///< of the first picture in every pixel (Mixup); nothing = left half and right half
  bool operator==(const Hybrid&) const = default;
};

/// Chooses pictures for hybrids: compounds in turn, half of them of each kind, shares drawn evenly from [.3, .7], which
/// leaves both members to be seen (our reading; the paper's Beta draw also gives shares near 0 and 1).
/// @param labels  places in kExpressionNames of the pictures
/// @param count   of hybrids, at most 1,000,000
/// @error invalid_argument  no picture of a member, a label that is none, or the count
[[nodiscard]] Result<std::vector<Hybrid>> plan_hybrids(std::span<const std::size_t> labels, std::size_t count,
                                                       std::uint64_t seed);

/// What a picture of one expression shows: its part, nothing for neutral.
[[nodiscard]] std::array<float, kCompoundParts> parts_of_label(std::size_t label);
/// What a hybrid shows: both members where halves stand side by side, their shares where pixels are mixed.
[[nodiscard]] std::array<float, kCompoundParts> parts_of_hybrid(const Hybrid& hybrid);

/// Mixes the second picture into the first.
/// @param first, second  square rgb pictures of one size, row by row; `first` becomes the hybrid
/// @param side           pixels. The left half holds columns below side / 2
/// @error invalid_argument  sizes that differ from 3 side^2
Status mix_into(std::span<std::uint8_t> first, std::span<const std::uint8_t> second, int side, const Hybrid& hybrid);

}  // namespace vultus::expression
