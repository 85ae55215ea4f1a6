// The interval of the values that resampling gave. Internal to the room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::evaluation {

/// The middle `level` of the values of those draws that are defined.
/// @param draws  all, also those that left the statistic undefined
/// @return empty where those are more than 5 % of all
[[nodiscard]] inline std::optional<Interval> percentile_interval(std::vector<double> values, std::size_t draws,
                                                                 double level) {
  if ((draws - values.size()) * 20 > draws) return std::nullopt;
  std::ranges::sort(values);
  const double tail = (1 - level) / 2;
  return Interval{quantile(values, tail), quantile(values, 1 - tail), level};
}

}  // namespace vultus::evaluation
