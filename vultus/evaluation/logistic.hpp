// A logistic curve from similarity to probability, fitted by maximum likelihood, and whether it is right.
#pragma once

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>
#include <vultus/evaluation/score_histogram.hpp>

namespace vultus::evaluation {

/// Fits P(same person | s) = 1 / (1 + exp(-(a s + b))) by maximum likelihood. The mated pairs weigh `prior` together
/// and the impostor pairs the rest, however many there are of each, so the curve holds where that share of the pairs
/// shows one person. Targets are (M + 1) / (M + 2) and 1 / (I + 2) instead of 1 and 0 for M mated and I impostor pairs:
/// pairs that are separated without a mistake then give a finite curve.
/// @param prior  (0, 1)
/// @error invalid_argument  prior outside (0, 1), no mated or no impostor pair, a score that is not a number, or mated
///                          pairs that are no more alike than the others
/// @thread no state
/// @source J. Platt, Probabilistic Outputs for Support Vector Machines, 1999; damped Newton steps as in H.-T. Lin,
///         C.-J. Lin, R. Weng, Machine Learning 68, 2007
[[nodiscard]] Result<LogisticCurve> fit_logistic(const ScoreHistogram& mated, const ScoreHistogram& impostors,
                                                 double prior = 0.5);

/// Expected calibration error of a curve on pairs, weighed by the curve's prior as in fit_logistic: the sum over equal
/// bins of probability of |share of mated pairs - mean probability|, each bin by its weight.
/// @param bins  [1, 1000]
/// @error invalid_argument  bins out of range, or no mated or no impostor pair
/// @thread no state
/// @source M. P. Naeini et al., AAAI 2015
[[nodiscard]] Result<double> calibration_error(const LogisticCurve& curve, const ScoreHistogram& mated,
                                               const ScoreHistogram& impostors, int bins = 15);

}  // namespace vultus::evaluation
