// What a soft mask over the tokens of a clip says: where something happens, and what leaving tokens out saves.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::learn {

/// Steps of a clip, both included.
struct ClipInterval {
  std::size_t first = 0;
  std::size_t last = 0;
  bool operator==(const ClipInterval&) const = default;
};

/// The mean of the mask over the places of each step.
/// @param mask   steps x places, at least 0
/// @param steps  of the clip; divides the length of the mask
/// @error invalid_argument  no steps, or a length that they do not divide
[[nodiscard]] Result<std::vector<double>> step_means(std::span<const float> mask, std::size_t steps);

/// The interval around the highest step whose weights stay above a share of the way from the least to the highest.
/// @param weights  of the steps, at least one. @param share  (0, 1]
/// @error invalid_argument  no weights, or a share outside its range
[[nodiscard]] Result<ClipInterval> peak_interval(std::span<const double> weights, double share = 0.5);

/// Steps in both over steps in either.
[[nodiscard]] double overlap(const ClipInterval& a, const ClipInterval& b);

/// The shape of a transformer encoder.
struct EncoderShape {
  std::size_t layers = 0;
  std::size_t width = 0;   ///< d
  std::size_t hidden = 0;  ///< of the feed-forward part
};
/// Multiplications of an encoder on so many tokens: layers (4 n d^2 + 2 n^2 d + 2 n d hidden).
/// @source counts of the matrix products of A. Vaswani et al., Attention Is All You Need, 2017
[[nodiscard]] double encoder_multiplications(const EncoderShape& shape, std::size_t tokens);

}  // namespace vultus::learn
