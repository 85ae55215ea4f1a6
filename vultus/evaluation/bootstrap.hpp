// Confidence intervals by resampling groups: a person, a dyad or a recording is drawn whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/figure.hpp>

namespace vultus::evaluation {

/// Random integers that are the same with every compiler and standard library: the engine is fixed by the C++ standard,
/// the distributions of the standard library are not, so the draw is written out here. Thread-compatible.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  [[nodiscard]] std::uint64_t next() { return engine_(); }  ///< 64 random bits
  /// A uniform integer in [0, n), without modulo bias. @param n  at least 1; 0 gives 0
  [[nodiscard]] std::uint64_t below(std::uint64_t n);
  /// A uniform multiple of 2^-53 in [0, 1).
  [[nodiscard]] double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::mt19937_64 engine_;
};

struct BootstrapOptions {
  int draws = 1000;        ///< [100, 1000000]
  std::uint64_t seed = 1;  ///< the same seed gives the same interval on every machine
  double level = 0.95;     ///< (0, 1)
  bool operator==(const BootstrapOptions&) const = default;
};

/// How often each group was drawn.
using GroupWeights = std::span<const std::uint32_t>;

/// @error invalid_argument  draws or level outside their range
[[nodiscard]] Status validate(const BootstrapOptions& options);

/// Draws `weights.size()` groups with replacement and counts them.
void draw_groups(Random& random, std::span<std::uint32_t> weights);

/// The q-quantile, linear between order statistics (type 7 of Hyndman and Fan, the default of R and NumPy).
/// @param sorted  ascending, at least one value
/// @param q       [0, 1]
[[nodiscard]] double quantile(std::span<const double> sorted, double q);

/// Percentile interval of a statistic over resampled groups.
/// @param groups     number of groups, at least 2
/// @param statistic  value for the given multiplicities; empty where the draw leaves it undefined (no impostor drawn)
/// @error invalid_argument  options outside their range, fewer than 2 groups, or more than 5 % of the draws undefined
/// @thread no state; `statistic` is called by the calling thread, one draw after the other
/// @source B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3
[[nodiscard]] Result<Interval> bootstrap_groups(
    std::size_t groups, const BootstrapOptions& options,
    const std::function<std::optional<double>(GroupWeights weights)>& statistic);

/// Exact two-sided McNemar test: are two methods equally often right on the same items?
/// @param only_first   items that only the first method gets right
/// @param only_second  items that only the second method gets right
/// @return the p-value, 1 where the methods never differ
/// @source binomial test of the discordant pairs, Q. McNemar, Psychometrika 12, 1947
[[nodiscard]] double mcnemar(std::uint32_t only_first, std::uint32_t only_second);

}  // namespace vultus::evaluation
