// How much two labels have to do with each other, from their table of counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// Counts of two labels: counts[row][column], rows of equal length.
using CountTable = std::vector<std::vector<std::uint64_t>>;

struct Association {
  double mutual_information = 0;  ///< nats
  double nmi = 0;                 ///< I / sqrt(H(rows) H(columns)), [0, 1]
  double cramers_v = 0;           ///< sqrt(chi^2 / (n (min(rows, columns) - 1))), [0, 1]
  double chi_squared = 0;
  bool operator==(const Association&) const = default;
};

/// Rows and columns without counts are left out: a label that nobody has says nothing.
/// @error invalid_argument  rows of different lengths, fewer than 2 rows or columns with counts
/// @thread no state
/// @source H. Cramer, Mathematical Methods of Statistics, 1946, section 21.9; A. Strehl, J. Ghosh, JMLR 3, 2002
[[nodiscard]] Result<Association> association(const CountTable& counts);

/// Normalised pointwise mutual information of each cell, log(p_xy / (p_x p_y)) / -log p_xy, [-1, 1]: -1 where the two
/// never meet, 0 where they are independent.
/// @error invalid_argument  as association
/// @source G. Bouma, GSCL 2009
[[nodiscard]] Result<std::vector<std::vector<double>>> pointwise_information(const CountTable& counts);

/// Correlation of two yes-no labels, (n11 n00 - n10 n01) / sqrt(product of the four margins).
/// @return [-1, 1]
/// @error invalid_argument  a label that is always the same
/// @source K. Pearson, 1900
[[nodiscard]] Result<double> phi(std::uint64_t n11, std::uint64_t n10, std::uint64_t n01, std::uint64_t n00);

}  // namespace vultus::evaluation
