// Are probabilities what they claim to be? Calibration and proper scores of binary predictions; conformal quantile.
#pragma once

#include <cstddef>
#include <span>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// A predicted probability and what happened.
struct BinaryForecast {
  double probability = 0;  ///< of `happened`, [0, 1]
  bool happened = false;
  bool operator==(const BinaryForecast&) const = default;
};

struct ForecastScores {
  double brier = 0;  ///< mean (p - y)^2, [0, 1]
  double nll = 0;    ///< mean negative log likelihood, nats; p is kept away from 0 and 1 by 1e-15
  double ece = 0;    ///< expected calibration error, [0, 1]
  bool operator==(const ForecastScores&) const = default;
};

/// Brier score, NLL and ECE = sum over equal-width bins of (n_b / n) |mean y - mean p|.
/// @param bins  [1, 1000]; bin b holds probabilities of [b, b + 1) / bins, the last one also 1
/// @error invalid_argument  no forecasts, a probability outside [0, 1], or bins out of range
/// @thread no state
/// @source ECE: M. P. Naeini et al., AAAI 2015; Brier: Monthly Weather Review 78(1), 1950
[[nodiscard]] Result<ForecastScores> forecast_scores(std::span<const BinaryForecast> forecasts, int bins = 15);

/// Rank of the calibration score that a split conformal predictor takes: the ceil((n + 1)(1 - alpha))-th smallest.
/// @param n      calibration scores, at least 1
/// @param alpha  wanted miss rate, (0, 1)
/// @return rank from 1 to n
/// @error invalid_argument  alpha outside (0, 1), or so few scores that the rank would be n + 1
[[nodiscard]] Result<std::size_t> conformal_rank(std::size_t n, double alpha);

}  // namespace vultus::evaluation
