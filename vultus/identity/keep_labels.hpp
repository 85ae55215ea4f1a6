// Clusters keep their numbers when they are made anew.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::identity {

/// Gives clusters the numbers of those they were before, so that as many items as possible keep their number.
/// @param before  the number that each item had; empty = it is new
/// @param now     the cluster of each item, numbers below `clusters`
/// @return of each cluster the number it takes over, no number twice; empty = it is a new one
/// @error invalid_argument  lists of different lengths, or a cluster that is not below `clusters`
/// @error resource_limit    as best_assignment()
/// @thread no state
[[nodiscard]] Result<std::vector<std::optional<std::int64_t>>> keep_labels(
    std::span<const std::optional<std::int64_t>> before, std::span<const std::uint32_t> now, std::uint32_t clusters);

}  // namespace vultus::identity
