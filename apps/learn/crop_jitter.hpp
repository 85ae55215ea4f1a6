// Small changes of a face's crop, so that a head learns what does not matter.
#pragma once

#include <cstdint>
#include <span>

#include <vultus/core/geometry.hpp>
#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::learning {

/// How far a crop may be changed; each amount is drawn evenly from both sides of nothing.
struct JitterRange {
  double turn = 0.14;    ///< radians
  double scale = 0.10;   ///< share
  double shift = 5;      ///< pixels of the crop
  double gain = 0.25;    ///< share of brightness
  double bias = 20;      ///< of 255
  double grey = 0.1;     ///< probability that colour is taken away
  double blurred = 0.2;  ///< probability of a mean over 3 x 3 pixels
};

/// A transform of crop pixels around the middle of the crop.
[[nodiscard]] Similarity jitter(const JitterRange& range, int side, evaluation::Random& random);

/// `second` after `first`.
[[nodiscard]] Similarity after(const Similarity& first, const Similarity& second);

/// Changes the pixels of a crop. @param pixels  side x side x 3 bytes
void jitter_pixels(const JitterRange& range, int side, evaluation::Random& random, std::span<std::uint8_t> pixels);

}  // namespace vultus::learning
