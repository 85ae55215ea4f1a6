// Does a classifier of many classes treat several groups of people alike?
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>

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
  double ceqodds = 0;   ///< classwise equalised odds: mean range over [diagonal | where the errors go, scaled to 1]
  double cev = 0;       ///< combined error variance of the relative changes of FPR and FNR
  double sde = 0;       ///< symmetric distance error of the same
  bool operator==(const FairnessScores&) const = default;
};

/// All metrics of audit: model (system 13).
/// @param weights  how often each row counts; empty = once
/// @error invalid_argument  fewer than 2 classes or groups; a group with 1 member; a group without a class (both are
///                          named); an index out of range; a class with no false positives or no false negatives at
///                          all, or a group without errors (CEV, SDE and CEqOdds divide by these)
/// @thread no state
/// @source Biased Heritage, arXiv 2503.03446; CEV, SDE: C. Blakeney et al., NAS 2022; OD: I. Dominguez-Catena et al.,
///         2022; the others: P. Putzel, S. Lee, Blackbox Post-Processing for Multiclass Fairness, 2022
[[nodiscard]] Result<FairnessScores> fairness_scores(const GroupedPredictions& predictions,
                                                     std::span<const std::uint32_t> weights = {});

/// The value of each metric by name, in the order error, od, cev, sde, tteqodds, ceqodds, eqopp, dempar.
struct NamedScore {
  const char* name;
  double FairnessScores::*value;
};
[[nodiscard]] std::span<const NamedScore> fairness_names();

}  // namespace vultus::evaluation
