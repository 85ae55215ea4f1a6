#include <vultus/protect/dp_noise.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include <unistd.h>

namespace vultus::protect {
namespace {

constexpr double kMostEpsilon = 1e5;
constexpr double kLeastDelta = 1e-15, kMostDelta = .5;
constexpr int kHalvings = 200;

/// log of the standard normal distribution function; the asymptotic series where erfc would vanish.
double log_normal_cdf(double x) {
  if (x > -30) return std::log(.5 * std::erfc(-x / std::numbers::sqrt2));
  const double inverse = 1 / (x * x);
  return -.5 * x * x - std::log(-x) - .5 * std::log(2 * std::numbers::pi) +
         std::log1p(-inverse + 3 * inverse * inverse - 15 * inverse * inverse * inverse);
}

Status require_delta(double delta) {
  if (delta >= kLeastDelta && delta <= kMostDelta) return {};
  return fail(ErrorCode::invalid_argument, "delta " + std::to_string(delta) + ": 1e-15 to 0.5 are allowed");
}

}  // namespace

double gaussian_delta(double mu, double epsilon) {
  const double near = std::exp(log_normal_cdf(mu / 2 - epsilon / mu));
  const double far = std::exp(epsilon + log_normal_cdf(-mu / 2 - epsilon / mu));
  return std::clamp(near - far, 0.0, 1.0);
}

Result<double> gaussian_sigma(const PrivacyBudget& budget, double sensitivity) {
  if (!(budget.epsilon > 0 && budget.epsilon <= kMostEpsilon))
    return fail(ErrorCode::invalid_argument,
                "epsilon " + std::to_string(budget.epsilon) + ": above 0 and at most 100000 is allowed");
  VULTUS_CHECK(require_delta(budget.delta));
  if (!(sensitivity > 0) || !std::isfinite(sensitivity))
    return fail(ErrorCode::invalid_argument, "the sensitivity of a mechanism must be above 0 and finite");
  // delta falls as the noise grows; these two bounds hold for every budget that is allowed.
  double low = std::log(1e-6), high = std::log(1e18);
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = .5 * (low + high);
    (gaussian_delta(std::exp(-middle), budget.epsilon) > budget.delta ? low : high) = middle;
  }
  return sensitivity * std::exp(high) * (1 + 1e-12);
}

Result<double> gaussian_epsilon(double mu, double delta) {
  if (!(mu > 0) || !std::isfinite(mu))
    return fail(ErrorCode::invalid_argument, "sensitivity over noise must be above 0 and finite");
  VULTUS_CHECK(require_delta(delta));
  if (gaussian_delta(mu, kMostEpsilon) > delta)
    return fail(ErrorCode::invalid_argument, "so little noise gives no epsilon up to 100000");
  double low = 0, high = kMostEpsilon;
  if (gaussian_delta(mu, 0) <= delta) return 0.0;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = .5 * (low + high);
    (gaussian_delta(mu, middle) > delta ? low : high) = middle;
  }
  return high;
}

NoiseSource NoiseSource::secure() { return {true, 0}; }
NoiseSource NoiseSource::seeded(std::uint64_t seed) { return {false, seed}; }

Result<std::uint64_t> NoiseSource::next() {
  if (!secure_) {  // SplitMix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  if (stock_.empty()) {
    stock_.resize(32);  // 256 bytes are the most that one call gives
    if (::getentropy(stock_.data(), stock_.size() * sizeof(std::uint64_t)) != 0)
      return fail(ErrorCode::internal, "the operating system gives no random bytes");
  }
  const std::uint64_t word = stock_.back();
  stock_.pop_back();
  return word;
}

Result<double> NoiseSource::normal() {
  VULTUS_TRY(const std::uint64_t a, next());
  VULTUS_TRY(const std::uint64_t b, next());
  const double u = 1 - static_cast<double>(a >> 11U) * 0x1.0p-53, v = static_cast<double>(b >> 11U) * 0x1.0p-53;
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

Status NoiseSource::add_to(std::vector<double>& values, double sigma) {
  for (double& value : values) {
    VULTUS_TRY(const double noise, normal());
    value += sigma * noise;
  }
  return {};
}

Result<std::uint64_t> fresh_seed() {
  std::uint64_t seed = 0;
  if (::getentropy(&seed, sizeof seed) != 0)
    return fail(ErrorCode::internal, "the operating system gives no random bytes");
  return seed;
}

}  // namespace vultus::protect
