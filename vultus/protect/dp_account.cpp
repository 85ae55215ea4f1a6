#include <vultus/protect/dp_account.hpp>

#include <cmath>

namespace vultus::protect {

Status PrivacyAccount::add(const GaussianMechanism& mechanism) {
  const double mu = mechanism.sensitivity / mechanism.sigma;
  if (!(mechanism.sigma > 0) || !(mu > 0) || !std::isfinite(mu))
    return fail(ErrorCode::invalid_argument, "a mechanism needs noise and a sensitivity above 0");
  sum_.epsilon += mechanism.budget.epsilon;
  sum_.delta += mechanism.budget.delta;
  squares_ += mu * mu;
  return {};
}

PrivacyBudget PrivacyAccount::basic() const { return sum_; }

Result<PrivacyBudget> PrivacyAccount::gaussian(double delta) const {
  if (!(squares_ > 0)) return fail(ErrorCode::invalid_argument, "nothing was released that could be accounted for");
  VULTUS_TRY(const double epsilon, gaussian_epsilon(std::sqrt(squares_), delta));
  return PrivacyBudget{epsilon, delta};
}

}  // namespace vultus::protect
