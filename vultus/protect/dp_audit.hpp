// Tries to find out that a mechanism leaks more than it claims, by running it.
#pragma once

#include <cstdint>
#include <span>

#include <vultus/core/result.hpp>
#include <vultus/protect/dp_release.hpp>

namespace vultus::protect {

/// Bounds of a probability after `hits` of `runs`, each one-sided.
struct ProportionBounds {
  double low = 0;
  double high = 1;
};

/// The exact bounds of Clopper and Pearson.
/// @param hits  [0, runs]
/// @param miss  how often each bound may be wrong, (0, .5)
/// @error invalid_argument  a value outside its range
/// @thread no state
/// @source C. Clopper, E. Pearson, Biometrika 26(4), 1934
[[nodiscard]] Result<ProportionBounds> clopper_pearson(std::int64_t hits, std::int64_t runs, double miss);

/// A lower bound of the epsilon of a mechanism, from a statistic of its outputs on two neighbours: the largest
/// ln((TPR_low - delta) / FPR_high) over thresholds, chosen on the first half of the runs and measured on the second.
/// So no bound is the best of many.
/// @param on_x, on_neighbour  as many values, at least 100 each; larger values speak for x
/// @param delta  of the claim, [0, 1)
/// @param miss   how often the bound may be wrong, (0, .5)
/// @return at least 0
/// @error invalid_argument  too few values, different counts, or a value outside its range
/// @thread no state
[[nodiscard]] Result<double> epsilon_lower_bound(std::span<const double> on_x, std::span<const double> on_neighbour,
                                                 double delta, double miss);

struct DpAuditOptions {
  int runs = 10000;         ///< on each of both data sets, [200, 10000000]
  double miss = .05;        ///< how often a sound mechanism may be called unsound, (0, .5)
  std::uint64_t seed = 1;   ///< of the noise: an audit releases nothing
  double sigma_factor = 1;  ///< multiplies the noise: less than 1 plants a fault that the audit must find
};

struct DpAudit {
  double claimed = 0;      ///< epsilon
  double lower_bound = 0;  ///< what was proved to leak at least
  int runs = 0;
  double miss = 0;
  int unit_rows = 0;  ///< of the small example that was run
  [[nodiscard]] bool passed() const { return lower_bound <= claimed; }
};

/// Runs both mechanisms of a release on a small example: a unit whose rows are the longest there can be, in the
/// direction that the projection shortens least, against its neighbour; the statistic is the likelihood ratio of both
/// outputs. Columns, dimensions and rows of a unit are cut to 8, 4 and 8: sensitivities depend on the last alone.
/// A bound below the claim is no proof of privacy; one above it is the proof of a fault.
/// @error invalid_argument  an option outside its range
/// @thread no state
/// @cost about 2 us a run
[[nodiscard]] Result<DpAudit> audit_release(const DpReleaseOptions& release, const DpAuditOptions& options = {});

}  // namespace vultus::protect
