#include <vultus/protect/dp_audit.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace vultus::protect {
namespace {

constexpr std::size_t kColumns = 8;
constexpr int kDimensions = 4, kMostUnitRows = 8;
constexpr std::size_t kThresholds = 400;
constexpr int kRefinements = 200;
constexpr double kSpread = 2.5;  // standard deviations

/// log of n over k.
double log_choose(double n, double k) { return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1); }

/// Pr[at least `hits` of `runs`] at a probability, summed from its largest term on until nothing is added.
double at_least(std::int64_t hits, std::int64_t runs, double p) {
  if (hits <= 0 || p >= 1) return 1;
  if (p <= 0) return 0;
  const auto term = [&](std::int64_t k) {
    return std::exp(log_choose(static_cast<double>(runs), static_cast<double>(k)) +
                    static_cast<double>(k) * std::log(p) + static_cast<double>(runs - k) * std::log1p(-p));
  };
  const double mode = p * static_cast<double>(runs);
  if (static_cast<double>(hits) > mode) {
    double sum = 0;
    for (std::int64_t k = hits; k <= runs; ++k) {
      const double one = term(k);
      sum += one;
      if (one < 1e-18 * sum || one < 1e-300) break;
    }
    return sum;
  }
  double below = 0;
  for (std::int64_t k = hits - 1; k >= 0; --k) {
    const double one = term(k);
    below += one;
    if (one < 1e-18 * below || one < 1e-300) break;
  }
  return 1 - below;
}

/// How many values reach the threshold. @param sorted  rising
std::int64_t count_from(std::span<const double> sorted, double threshold) {
  return sorted.end() - std::ranges::lower_bound(sorted, threshold);
}

std::vector<double> sorted_half(std::span<const double> values) {
  std::vector<double> half(values.begin(), values.end());
  std::ranges::sort(half);
  return half;
}

/// What a threshold promises, without the exact bounds: which one is measured may be chosen in any way.
double promise_at(std::span<const double> x, std::span<const double> neighbour, double threshold, double delta) {
  const auto runs = static_cast<double>(x.size());
  const double tpr = static_cast<double>(count_from(x, threshold)) / runs;
  const double fpr = static_cast<double>(count_from(neighbour, threshold)) / runs;
  const auto spread = [runs](double p) { return kSpread * std::sqrt(p * (1 - p) / runs) + kSpread / runs; };
  const double low = tpr - spread(tpr) - delta;
  return low > 0 ? std::log(low / (fpr + spread(fpr))) : 0.0;
}

Result<double> bound_at(std::span<const double> x, std::span<const double> neighbour, double threshold, double delta,
                        double miss) {
  VULTUS_TRY(const auto tpr, clopper_pearson(count_from(x, threshold), static_cast<std::int64_t>(x.size()), miss / 2));
  VULTUS_TRY(const auto fpr,
             clopper_pearson(count_from(neighbour, threshold), static_cast<std::int64_t>(neighbour.size()), miss / 2));
  return tpr.low > delta ? std::max(0.0, std::log((tpr.low - delta) / fpr.high)) : 0.0;
}

/// The small example: outputs of both mechanisms before noise, on a data set and on its neighbour.
struct AuditCase {
  RowMatrix x, neighbour;  ///< projected rows
  DpMechanisms mechanisms;
};

Result<AuditCase> small_case(const DpReleaseOptions& release) {
  DpReleaseOptions options = release;
  options.dimensions = kDimensions, options.rank = 1;
  options.unit_rows = std::clamp(release.unit_rows, 1, kMostUnitRows);
  VULTUS_TRY(const RandomProjection projection,
             RandomProjection::draw(kColumns, kDimensions, release.kind, release.projection_seed));
  AuditCase made;
  VULTUS_TRY(made.mechanisms, calibrate(options, projection.norm()));
  RowMatrix x{static_cast<std::size_t>(options.unit_rows), kColumns, {}};
  const std::vector<double> row = projection.longest_row();
  for (std::size_t i = 0; i < x.rows; ++i)
    for (const double value : row) x.values.push_back(2 * options.clip * value);
  clip_rows(x, options.clip);  // the fault of not clipping would be found, too
  RowMatrix neighbour = x;
  const double factor = release.relation == NeighbourRelation::replace ? -1 : 0;
  for (double& value : neighbour.values) value *= factor;
  made.x = projection.project(x);
  made.neighbour = projection.project(neighbour);
  return made;
}

/// log N(output; x) - log N(output; other), for independent noise; of a symmetric matrix on and above the diagonal.
double log_ratio(const RowMatrix& output, const RowMatrix& x, const RowMatrix& other, double sigma, bool symmetric) {
  double sum = 0;
  for (std::size_t i = 0; i < output.rows; ++i)
    for (std::size_t j = symmetric ? i : 0; j < output.columns; ++j) {
      const std::size_t at = i * output.columns + j;
      const double near = output.values[at] - x.values[at], far = output.values[at] - other.values[at];
      sum += (far * far - near * near) / (2 * sigma * sigma);
    }
  return sum;
}

}  // namespace

Result<ProportionBounds> clopper_pearson(std::int64_t hits, std::int64_t runs, double miss) {
  if (runs < 1 || hits < 0 || hits > runs || !(miss > 0 && miss < .5))
    return fail(ErrorCode::invalid_argument, "bounds of " + std::to_string(hits) + " of " + std::to_string(runs) +
                                                 " runs: hits of 0 to runs, and a chance of 0 to 0.5, are wanted");
  ProportionBounds bounds;
  const auto solve = [&](std::int64_t count, double target) {  // the p at which Pr[>= count] = target
    double low = 0, high = 1;
    for (int i = 0; i < kRefinements && high - low > 1e-15 * high; ++i) {
      const double middle = .5 * (low + high);
      (at_least(count, runs, middle) < target ? low : high) = middle;
    }
    return std::pair(low, high);
  };
  if (hits > 0) bounds.low = solve(hits, miss).first;
  if (hits < runs) bounds.high = solve(hits + 1, 1 - miss).second;
  return bounds;
}

Result<double> epsilon_lower_bound(std::span<const double> on_x, std::span<const double> on_neighbour, double delta,
                                   double miss) {
  if (on_x.size() != on_neighbour.size() || on_x.size() < 100)
    return fail(ErrorCode::invalid_argument, "an audit needs as many runs on both data sets, at least 100");
  if (!(delta >= 0 && delta < 1)) return fail(ErrorCode::invalid_argument, "delta must lie in [0, 1)");
  const std::size_t half = on_x.size() / 2;
  const std::vector<double> x = sorted_half(on_x.first(half)), other = sorted_half(on_neighbour.first(half));
  double best = -1, threshold = x.front();
  const std::size_t step = std::max<std::size_t>(half / (kThresholds / 2), 1);
  for (const auto& candidates : {x, other})
    for (std::size_t i = 0; i < half; i += step) {
      const double promise = promise_at(x, other, candidates[i], delta);
      if (promise > best) best = promise, threshold = candidates[i];
    }
  return bound_at(sorted_half(on_x.subspan(half)), sorted_half(on_neighbour.subspan(half)), threshold, delta, miss);
}

Result<DpAudit> audit_release(const DpReleaseOptions& release, const DpAuditOptions& options) {
  if (options.runs < 200 || options.runs > 10'000'000)
    return fail(ErrorCode::invalid_argument, std::to_string(options.runs) + " runs: 200 to 10000000 are allowed");
  if (!(options.sigma_factor > 0)) return fail(ErrorCode::invalid_argument, "noise cannot be multiplied by 0 or less");
  VULTUS_TRY(const AuditCase small, small_case(release));
  NoiseSource noise = NoiseSource::seeded(options.seed);
  const double sigma1 = small.mechanisms.projection.sigma, sigma2 = small.mechanisms.covariance.sigma;
  VULTUS_TRY(const RowMatrix clean_x, noisy_covariance(small.x, 0, noise));
  VULTUS_TRY(const RowMatrix clean_other, noisy_covariance(small.neighbour, 0, noise));
  std::vector<double> on_x, on_other;
  for (auto& [rows, statistics] : {std::pair(&small.x, &on_x), std::pair(&small.neighbour, &on_other)})
    for (int run = 0; run < options.runs; ++run) {
      VULTUS_TRY(const RowMatrix covariance, noisy_covariance(*rows, options.sigma_factor * sigma2, noise));
      VULTUS_TRY(const RowMatrix projected, noisy_projection(*rows, options.sigma_factor * sigma1, noise));
      statistics->push_back(log_ratio(covariance, clean_x, clean_other, sigma2, true) +
                            log_ratio(projected, small.x, small.neighbour, sigma1, false));
    }
  // Both directions: each may be wrong half as often.
  VULTUS_TRY(const double forth, epsilon_lower_bound(on_x, on_other, release.budget.delta, options.miss / 2));
  for (std::vector<double>* statistics : {&on_x, &on_other})
    for (double& value : *statistics) value = -value;
  VULTUS_TRY(const double back, epsilon_lower_bound(on_other, on_x, release.budget.delta, options.miss / 2));
  return DpAudit{.claimed = release.budget.epsilon,
                 .lower_bound = std::max(forth, back),
                 .runs = options.runs,
                 .miss = options.miss,
                 .unit_rows = static_cast<int>(small.x.rows)};
}

}  // namespace vultus::protect
