// Are the probabilities of a classifier what they claim? Calibration over many classes, temperature, prediction sets.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// A sample's probabilities of all classes and the class that it is.
struct ClassForecast {
  std::vector<double> probabilities;  ///< [0, 1] each, sum 1 within 1e-3
  std::size_t truth = 0;
  bool operator==(const ClassForecast&) const = default;
};

/// Forecasts of about the same confidence together.
struct ReliabilityBin {
  double confidence = 0;  ///< mean probability of the predicted class
  double accuracy = 0;    ///< share that is right
  std::size_t samples = 0;
  bool operator==(const ReliabilityBin&) const = default;
};

struct ConfidenceScores {
  double accuracy = 0;
  double ece = 0;                    ///< sum over the bins of (n_b / n) |accuracy_b - confidence_b|
  double nll = 0;                    ///< mean negative log likelihood, nats; p is kept above 1e-15
  double brier = 0;                  ///< mean over samples of the sum over classes of (p - y)^2, [0, 2]
  std::vector<ReliabilityBin> bins;  ///< by rising confidence
  bool operator==(const ConfidenceScores&) const = default;
};

/// Calibration with bins that hold the same number of samples, as equally as whole numbers allow (the first bins get
/// the rest). The predicted class is the first of the highest probability.
/// @param bins  [1, 1000]; fewer samples make fewer bins
/// @error invalid_argument  no forecasts, fewer than 2 classes, different numbers of them, probabilities that are none,
///                          or bins out of range
/// @thread no state
/// @source equal mass: K. Nguyen, B. O'Connor, EMNLP 2015; Brier: Monthly Weather Review 78(1), 1950
[[nodiscard]] Result<ConfidenceScores> confidence_scores(std::span<const ClassForecast> forecasts, int bins = 15);

/// The temperature T > 0 that makes softmax(log p / T) most likely: above 1 = the classifier is too sure of itself.
/// Golden-section search of log T over [log .01, log 100]; the likelihood has one maximum in 1/T.
/// @return T, 1e-6 relative
/// @error invalid_argument  as confidence_scores
/// @thread no state
/// @source C. Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4
[[nodiscard]] Result<double> fit_temperature(std::span<const ClassForecast> forecasts);

/// softmax(log p / T). @param temperature  > 0
[[nodiscard]] std::vector<double> tempered(std::span<const double> probabilities, double temperature);

/// Split conformal prediction: the score 1 - p(truth) below which a class is in the prediction set.
/// @param calibration  forecasts that were not trained on
/// @param alpha        wanted miss rate, (0, 1)
/// @return the conformal_rank-th smallest score; a class is in the set where 1 - p <= it
/// @error invalid_argument  as confidence_scores, or too few forecasts for alpha
/// @thread no state
/// @source V. Vovk et al., Algorithmic Learning in a Random World, 2005; Y. Romano et al., NeurIPS 2020
[[nodiscard]] Result<double> conformal_limit(std::span<const ClassForecast> calibration, double alpha);

struct ConformalCoverage {
  double coverage = 0;   ///< share of samples whose true class is in the set
  double mean_size = 0;  ///< classes in a set
  bool operator==(const ConformalCoverage&) const = default;
};

/// How the prediction sets of a limit do on other samples.
/// @error invalid_argument  as confidence_scores
[[nodiscard]] Result<ConformalCoverage> conformal_coverage(std::span<const ClassForecast> forecasts, double limit);

}  // namespace vultus::evaluation
