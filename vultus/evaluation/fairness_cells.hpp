// Counts and shares of predictions by group, from which all fairness metrics follow. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/fairness.hpp>

namespace vultus::evaluation {

/// Counts N[c][k] and their shares of the row M[c][k], of one group or of everybody.
struct FairnessCells {
  explicit FairnessCells(std::size_t n) : classes(n), counts(n * n), shares(n * n) {}
  std::size_t classes;
  std::vector<double> counts;
  std::vector<double> shares;
  std::vector<double> fpr, fnr;  ///< one class against the rest
  double total = 0;

  [[nodiscard]] double row(std::size_t c) const;
  [[nodiscard]] double column(std::size_t k) const;
  void derive();  ///< everything else from the counts
};

struct AllFairnessCells {
  std::vector<FairnessCells> groups;
  FairnessCells all;
};

/// @error as fairness_scores
[[nodiscard]] Result<AllFairnessCells> fairness_cells(const GroupedPredictions& predictions,
                                                      std::span<const std::uint32_t> weights);

[[nodiscard]] FairnessScores scores_of(const AllFairnessCells& cells, const GroupedPredictions& named);

}  // namespace vultus::evaluation
