// Filters that shift nothing in time.
#pragma once

#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::physio {

/// Frequencies that pass, in hertz. The usual ones hold pulses of 40 to 240 beats a minute.
struct Band {
  double low = 2.0 / 3;
  double high = 4;
  bool operator==(const Band&) const = default;
};

/// Butterworth high-pass and low-pass of second order each, forwards and backwards: no shift, and at the two limits a
/// gain of a half. The ends are continued by their odd mirror image, so that they do not ring.
/// @param values  evenly sampled, finite, at least 8
/// @param rate    samples per second, > 0
/// @param band    0 < low < high < rate / 2
/// @return as many values
/// @error invalid_argument  too few values, one that is not finite, or a band outside its range
/// @thread no state
/// @source S. Butterworth, Experimental Wireless 7, 1930; bilinear transform with prewarped limits
[[nodiscard]] Result<std::vector<double>> band_pass(std::span<const double> values, double rate, const Band& band = {});

}  // namespace vultus::physio
