// Rates and counts as people say them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace vultus::engine {

/// A whole number with commas between thousands: "1,234,567".
/// @thread no state
[[nodiscard]] std::string grouped(std::int64_t number);

/// A rate as "1 of 10,000", to two digits: the rate itself is no surer than that.
/// @param rate  [0, 1]; 0 or less gives "0"
/// @thread no state
[[nodiscard]] std::string one_of(double rate);

/// A calibrated probability as percent, never rounded to certainty: "97.3 %", "> 99.99 %"; "-" where none is known.
/// @thread no state
[[nodiscard]] std::string probability_text(const std::optional<double>& probability);

/// A share as percent: "97.31 %".
/// @thread no state
[[nodiscard]] std::string percent(double share, int digits = 2);

}  // namespace vultus::engine
