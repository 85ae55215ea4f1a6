// Does a classifier of many classes treat several groups of people alike?
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/row_bootstrap.hpp>

namespace vultus::evaluation {

/// One prediction; all three are indices into the names of a GroupedPredictions.
struct GroupedPrediction {
  std::uint32_t truth = 0;
  std::uint32_t predicted = 0;
  std::uint32_t group = 0;
  bool operator==(const GroupedPrediction&) const = default;
};

struct GroupedPredictions {
  std::vector<std::string> classes;
  std::vector<std::string> groups;
  std::vector<GroupedPrediction> rows;
};

/// Group g has counts N_g[c, k] (true c, predicted k), M_g their rows scaled to 1, rec_g,c = M_g[c, c],
/// range(v) = max_g v - min_g v. 0 is fair for each of them.
struct FairnessScores {
  double error = 0;  ///< share of wrong predictions, all groups together
  double od = 0;     ///< overall disparity: mean over classes of mean over g of 1 - rec_g,c / max rec, G - 1 as divisor
  double tteqodds = 0;  ///< term-to-term equalised odds: mean over the C^2 cells of range(M_g[c, k])
  double eqopp = 0;     ///< equal opportunity: mean over the classes of range(M_g[c, c])
  double dempar = 0;    ///< demographic parity: mean over the classes of range(sum over c of M_g[c, k])
  /// Classwise equalised odds: mean range over [diagonal | where the errors go, scaled to 1]. Empty where a group has
  /// no errors.
  std::optional<double> ceqodds;
  /// Combined error variance of the relative changes of FPR and FNR, and symmetric distance error of the same. Empty
  /// where a class has no false positives or no false negatives at all.
  std::optional<double> cev, sde;
  std::string why_no_ceqodds, why_no_cev;  ///< what is lacking; empty where they are there
  bool operator==(const FairnessScores&) const = default;
};

/// All metrics of audit: model (system 13).
/// @param weights  how often each row counts; empty = once
/// @error invalid_argument  fewer than 2 classes or groups; a group with 1 member; a group without a class (both are
///                          named); an index out of range
/// @thread no state
/// @source Biased Heritage, arXiv 2503.03446; CEV, SDE: C. Blakeney et al., NAS 2022; OD: I. Dominguez-Catena et al.,
///         2022; the others: P. Putzel, S. Lee, Blackbox Post-Processing for Multiclass Fairness, 2022
[[nodiscard]] Result<FairnessScores> fairness_scores(const GroupedPredictions& predictions,
                                                     std::span<const std::uint32_t> weights = {});

/// The value of each metric by name, in the order error, od, cev, sde, tteqodds, ceqodds, eqopp, dempar.
struct NamedScore {
  const char* name;
  std::optional<double> (*value)(const FairnessScores&);
  const std::string* (*why_not)(const FairnessScores&);  ///< null: it is always defined
};
[[nodiscard]] std::span<const NamedScore> fairness_names();

/// Intervals of all metrics, in the order of fairness_names().
///
/// A gap between groups is never below 0, and the chance in each group makes it larger than it is, so that drawing the
/// data again makes it larger once more: percentiles of draws lie too high. Here the test that a true gap explains what
/// was measured is inverted instead. The truths that are tried are M + l (M_g - M), from no difference (l = 0, M being
/// the shares of all groups together) over what was measured (1) to three times that; chance is what each draw changes
/// in M_g. The interval holds the gaps of all l under which the measured value lies within the middle `level` of the
/// draws. A measured value may lie above its interval. `error`, which is no gap, has the usual percentile interval.
/// Coverage in planted cases: FairnessIntervals.* in the tests.
/// @param drawn  what is drawn whole, of each row
/// @return empty where the metric, or more than 5 % of its draws, is undefined, or fewer than 2 groups can be drawn
/// @error those of fairness_scores; invalid_argument  options outside their range
/// @thread no state
/// @source test inversion: B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, section 12.3
[[nodiscard]] Result<std::vector<std::optional<Interval>>> fairness_intervals(const GroupedPredictions& predictions,
                                                                              const RowGroups& drawn,
                                                                              const BootstrapOptions& options);

}  // namespace vultus::evaluation
