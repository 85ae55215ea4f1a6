// How much Gaussian noise buys how much differential privacy, exactly, and where the noise comes from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::protect {

/// (epsilon, delta)-differential privacy: for neighbours X and X' and every set S of outputs,
/// Pr[M(X) in S] <= e^epsilon Pr[M(X') in S] + delta.
struct PrivacyBudget {
  double epsilon = 0;
  double delta = 0;
  bool operator==(const PrivacyBudget&) const = default;
};

/// The least delta of Gaussian noise: Phi(mu/2 - epsilon/mu) - e^epsilon Phi(-mu/2 - epsilon/mu).
/// @param mu       sensitivity divided by the standard deviation, > 0
/// @param epsilon  [0, 100000]
/// @return [0, 1]
/// @thread no state
/// @source B. Balle, Y.-X. Wang, Improving the Gaussian mechanism for differential privacy, ICML 2018, theorem 8
[[nodiscard]] double gaussian_delta(double mu, double epsilon);

/// The least standard deviation that gives the budget, by bisection; rounded up, so that the budget is never exceeded.
/// The classical sqrt(2 ln(1.25/delta)) / epsilon is larger below epsilon 1, and too small above about 8.
/// @param budget       epsilon in (0, 100000], delta in [1e-15, .5]
/// @param sensitivity  largest L2 change of the output between neighbours, > 0, finite
/// @error invalid_argument  a value outside its range
/// @thread no state
/// @source B. Balle, Y.-X. Wang, ICML 2018, algorithm 1
[[nodiscard]] Result<double> gaussian_sigma(const PrivacyBudget& budget, double sensitivity);

/// The least epsilon that Gaussian noise gives at a delta, by bisection, rounded up.
/// @param mu     sensitivity divided by the standard deviation, > 0. Of several Gaussian mechanisms the square root of
///               the sum of their squares
/// @param delta  [1e-15, .5]
/// @error invalid_argument  a value outside its range, or an epsilon above 100000
/// @thread no state
/// @source J. Dong, A. Roth, W. Su, Gaussian differential privacy, JRSS B 84(1), 2022, corollaries 1 and 2
[[nodiscard]] Result<double> gaussian_epsilon(double mu, double delta);

/// Standard normal noise. Move-only; thread-compatible.
class NoiseSource {
 public:
  /// From the operating system's generator: for releases. Nobody can repeat it, and it must not be repeated.
  static NoiseSource secure();
  /// The same numbers for the same seed: for tests and audits alone. Who knows the seed can take the noise away.
  static NoiseSource seeded(std::uint64_t seed);

  /// @error internal  the operating system gives no random bytes
  [[nodiscard]] Result<double> normal();
  /// Adds noise of a standard deviation to every value. @error as normal()
  Status add_to(std::vector<double>& values, double sigma);

 private:
  NoiseSource(bool secure, std::uint64_t state) : secure_(secure), state_(state) {}
  Result<std::uint64_t> next();
  bool secure_;
  std::uint64_t state_;
  std::vector<std::uint64_t> stock_;
};

/// 64 bits of the operating system's generator, for seeds that may be public.
/// @error internal  it gives none
[[nodiscard]] Result<std::uint64_t> fresh_seed();

}  // namespace vultus::protect
