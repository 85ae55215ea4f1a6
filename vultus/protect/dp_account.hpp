// What several private releases cost together.
#pragma once

#include <vultus/core/result.hpp>
#include <vultus/protect/dp_noise.hpp>

namespace vultus::protect {

/// One output with Gaussian noise.
struct GaussianMechanism {
  PrivacyBudget budget;    ///< what it was calibrated to
  double sensitivity = 0;  ///< largest L2 change between neighbours
  double sigma = 0;        ///< standard deviation of the noise
  bool operator==(const GaussianMechanism&) const = default;
};

/// Sums up mechanisms that looked at the same data, one after the other, each perhaps chosen by what those before gave.
/// Thread-compatible.
class PrivacyAccount {
 public:
  /// @error invalid_argument  sigma or sensitivity not above 0
  Status add(const GaussianMechanism& mechanism);

  /// Basic composition: the sums. Holds for mechanisms of any kind.
  [[nodiscard]] PrivacyBudget basic() const;
  /// Gaussian composition: less than basic() at the same delta, and exact for mechanisms that all have Gaussian noise.
  /// @param delta  [1e-15, .5]
  /// @error invalid_argument  delta outside its range, or no mechanism
  /// @source J. Dong, A. Roth, W. Su, JRSS B 84(1), 2022, corollary 2
  [[nodiscard]] Result<PrivacyBudget> gaussian(double delta) const;

 private:
  PrivacyBudget sum_;
  double squares_ = 0;  ///< of sensitivity over sigma
};

}  // namespace vultus::protect
