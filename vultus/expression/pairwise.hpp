// One-versus-one classifiers: which pair is which, and one distribution from the opinions of all pairs.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::expression {

/// Pairs of K classes: (0, 1), (0, 2) ... (0, K - 1), (1, 2) ... (K - 2, K - 1).
[[nodiscard]] constexpr std::size_t pairs_of(std::size_t classes) { return classes * (classes - 1) / 2; }
/// The place of pair (i, j). @param i, j  i < j < classes
[[nodiscard]] constexpr std::size_t pair_place(std::size_t i, std::size_t j, std::size_t classes) {
  return i * (2 * classes - i - 1) / 2 + j - i - 1;
}

/// The distribution that agrees best with the opinions of the pairs: it minimises
/// sum_i sum_{j != i} (r_ji p_i - r_ij p_j)^2 under sum p = 1, a linear system. Small negative solutions are 0.
/// @param pairs  r_ij = P(i | i or j), [0, 1], in the order of pairs_of(); each is kept 1e-9 away from 0 and 1
/// @error invalid_argument  fewer than 2 classes, another number of pairs, or one that is no probability
/// @thread no state
/// @source T.-F. Wu, C.-J. Lin, R. Weng, Probability Estimates for Multi-class Classification by Pairwise Coupling,
///         JMLR 5, 2004, second method (eq. 19 to 21)
[[nodiscard]] Result<std::vector<double>> couple(std::span<const double> pairs, std::size_t classes);

/// The votes of the pairs: a pair votes for i where r_ij > 1/2, for j below it, and gives both half a vote at 1/2.
/// @error as couple()
[[nodiscard]] Result<std::vector<double>> votes_of(std::span<const double> pairs, std::size_t classes);

/// The class with the most votes; of equal ones that with the larger sum of r_ij over j, then the first.
/// @error as couple()
[[nodiscard]] Result<std::size_t> winner_of_votes(std::span<const double> pairs, std::size_t classes);

}  // namespace vultus::expression
