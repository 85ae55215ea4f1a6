// How close two series of numbers are.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// Agreement of predicted with true numbers.
struct RegressionScores {
  double mae = 0;                 ///< mean absolute error, unit of the data
  double rmse = 0;                ///< root of the mean squared error, unit of the data
  std::optional<double> pearson;  ///< [-1, 1]; empty where a series is constant
  std::optional<double> ccc;      ///< concordance correlation, [-1, 1]; empty where both series are one same constant
  bool operator==(const RegressionScores&) const = default;
};

/// MAE, RMSE, Pearson's correlation and CCC = 2 s_xy / (s_x^2 + s_y^2 + (m_x - m_y)^2), variances with divisor n.
/// @param truth, predicted  the same number of finite values, at least 1
/// @error invalid_argument  different lengths, no values, or a value that is not finite
/// @thread no state
/// @source CCC: L. Lin, Biometrics 45(1), 1989
[[nodiscard]] Result<RegressionScores> regression_scores(std::span<const double> truth,
                                                         std::span<const double> predicted);

/// How two ways of measuring one thing differ.
struct BlandAltman {
  double bias = 0;       ///< mean of predicted - truth, unit of the data
  double deviation = 0;  ///< of the differences, divisor n - 1
  double low = 0;        ///< bias - 1.96 deviation: 95 % of the differences of a normal distribution lie between these
  double high = 0;       ///< bias + 1.96 deviation
  bool operator==(const BlandAltman&) const = default;
};

/// @param truth, predicted  the same number of finite values, at least 2
/// @error invalid_argument  different lengths, fewer than 2 values, or a value that is not finite
/// @thread no state
/// @source J. M. Bland, D. G. Altman, The Lancet 327, 1986
[[nodiscard]] Result<BlandAltman> bland_altman(std::span<const double> truth, std::span<const double> predicted);

}  // namespace vultus::evaluation
