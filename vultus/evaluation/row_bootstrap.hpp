// Intervals of statistics over rows of a table that belong to groups: several statistics from the same draws, and the
// paired difference of two methods.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::evaluation {

/// To which group each row belongs.
struct RowGroups {
  std::vector<std::uint32_t> group_of;  ///< of each row, below `groups`
  std::size_t groups = 0;
  std::string kind = "samples";  ///< what a group is, for reports

  /// Rows of one name are one group.
  [[nodiscard]] static RowGroups by_name(std::span<const std::string> names, std::string kind);
  /// Every row is a group of its own.
  [[nodiscard]] static RowGroups each(std::size_t rows);
};

/// Several statistics at once: an empty one is undefined for these weights.
using RowStatistics = std::function<std::vector<std::optional<double>>(std::span<const std::uint32_t> row_weights)>;

/// Percentile intervals of all statistics over the same resampled groups; every row counts as often as its group.
/// @return one a statistic; empty where more than 5 % of the draws leave it undefined, or there are fewer than 2 groups
/// @error invalid_argument  options outside their range
/// @thread no state; `statistics` is called by the calling thread
/// @source B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3
[[nodiscard]] Result<std::vector<std::optional<Interval>>> bootstrap_rows(const RowGroups& groups,
                                                                          const BootstrapOptions& options,
                                                                          const RowStatistics& statistics);

}  // namespace vultus::evaluation
