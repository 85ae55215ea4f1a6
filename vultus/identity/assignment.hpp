// One identity at most once per picture: names for all faces of a picture at the same time.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>

namespace vultus::identity {

/// A pairing that is allowed, and what it is worth.
struct Edge {
  std::size_t row = 0;
  std::size_t column = 0;
  double benefit = 0;  ///< finite, >= 0
  bool operator==(const Edge&) const = default;
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
                                                                              std::span<const Edge> edges);

/// Decides for all faces of one picture at once so that no subject is named twice. "Unknown" is worth the threshold to
/// every face and a name its similarity; the total is made as large as possible. A face that loses its first choice
/// gets its next candidate at or above the threshold, or is unknown. Counting above the threshold keeps a face with a
/// clear match from being moved to a doubtful one so that a second face gets a name.
/// @param faces  the candidates of each face: all subjects at or above the threshold, each once, in any order
/// @param at     the threshold and what it stands for; repeated in every answer
/// @return one decision per face, in order; `best` is the most similar candidate whether it was given or not
/// @error resource_limit  see best_assignment
/// @thread no state
[[nodiscard]] Result<std::vector<Decision>> decide_once_each(std::span<const std::vector<Candidate>> faces,
                                                             const OperatingPoint& at);

}  // namespace vultus::identity
