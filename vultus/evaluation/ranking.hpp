// How well scores put the right items first: average precision in both spellings, area under the ROC, top-k accuracy.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// A score and whether the item is a positive one.
struct RankedItem {
  double score = 0;  ///< finite; larger = more likely positive
  bool positive = false;
  bool operator==(const RankedItem&) const = default;
};

/// AP = sum over thresholds of (R_i - R_(i-1)) P_i; items of one score come in together, so their order plays no part.
/// @return [0, 1]
/// @error invalid_argument  no items, no positive one, or a score that is not finite
/// @thread no state
/// @source the definition of scikit-learn's average_precision_score: no interpolation
[[nodiscard]] Result<double> average_precision(std::span<const RankedItem> items);

/// AP as the BAH challenge computes it: thresholds 0, .001 ... .999, positive from the threshold on, precision 0 where
/// nothing is positive, trapezoid over (recall, precision). A perfect ranking reaches 1 only where the positives score
/// .999 or more.
/// @param items  scores are probabilities, [0, 1]
/// @error invalid_argument  as average_precision, or a score outside [0, 1]
/// @thread no state
/// @source Behavioural Ambivalence/Hesitancy challenge, evaluation code
[[nodiscard]] Result<double> average_precision_1000(std::span<const RankedItem> items);

/// Probability that a positive item scores above a negative one, ties half.
/// @error invalid_argument  a score that is not finite, no positive or no negative item
/// @thread no state
/// @source J. Hanley, B. McNeil, Radiology 143(1), 1982
[[nodiscard]] Result<double> roc_auc(std::span<const RankedItem> items);

/// Share of samples whose true class is among the k highest scores. A class that ties with the true one counts as above
/// it: a model that gives every class the same score earns nothing.
/// @param scores  one row a sample, all of the same length, finite
/// @param truth   class of each sample
/// @param k       [1, classes]
/// @error invalid_argument  rows and truths differ in number, rows differ in length, a class or k out of range
/// @thread no state
[[nodiscard]] Result<double> top_k_accuracy(std::span<const std::vector<double>> scores,
                                            std::span<const std::size_t> truth, std::size_t k);

}  // namespace vultus::evaluation
