// Pairing rows with columns as well as possible: faces with people, detections with tracks.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus {

/// A pairing that is allowed, and what it is worth.
struct AssignmentEdge {
  std::size_t row = 0;
  std::size_t column = 0;
  double benefit = 0;  ///< finite, >= 0
  bool operator==(const AssignmentEdge&) const = default;
};

/// Pairs rows with columns, each at most once, so that the sum of the benefits is the largest possible; of equally good
/// pairings one with the most pairs. A row without a pair costs nothing; pairs that are not among the edges are
/// forbidden. The same edges in the same order give the same pairing.
/// @param rows   number of rows
/// @param edges  at most one per row and column (of several the best counts); columns may have any number
/// @return the column of each row, empty = none
/// @error invalid_argument  an edge of a row that is not below `rows`, or a benefit that is negative or not finite
/// @error resource_limit    rows and columns that hang together through edges need a table above 64 million entries
/// @thread no state
/// @cost rows^2 * columns within each group that hangs together
/// @source R. Jonker, A. Volgenant, A shortest augmenting path algorithm for linear assignment problems, Computing 38,
///         1987; here its augmentation step alone
[[nodiscard]] Result<std::vector<std::optional<std::size_t>>> best_assignment(std::size_t rows,
                                                                              std::span<const AssignmentEdge> edges);

}  // namespace vultus
