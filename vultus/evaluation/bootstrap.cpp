#include <vultus/evaluation/bootstrap.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include <vultus/evaluation/percentile_interval.hpp>

namespace vultus::evaluation {

std::uint64_t Random::below(std::uint64_t n) {
  if (n == 0) return 0;
  // Values from the incomplete last block of n would make small results more likely: draw again.
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t last = kMax - (kMax % n + 1) % n;
  std::uint64_t value = next();
  while (value > last) value = next();
  return value % n;
}

Status validate(const BootstrapOptions& options) {
  if (options.draws < 100 || options.draws > 1000000)
    return fail(ErrorCode::invalid_argument, fmt::format("bootstrap draws {}: 100 to 1000000", options.draws));
  if (!(options.level > 0 && options.level < 1))
    return fail(ErrorCode::invalid_argument,
                fmt::format("bootstrap level {}: must be between 0 and 1, both excluded", options.level));
  return {};
}

void draw_groups(Random& random, std::span<std::uint32_t> weights) {
  std::fill(weights.begin(), weights.end(), 0U);
  for (std::size_t i = 0; i < weights.size(); ++i) ++weights[random.below(weights.size())];
}

double quantile(std::span<const double> sorted, double q) {
  const double at = std::clamp(q, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const std::size_t below = std::min(static_cast<std::size_t>(at), sorted.size() - 1);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Result<Interval> bootstrap_groups(std::size_t groups, const BootstrapOptions& options,
                                  const std::function<std::optional<double>(GroupWeights)>& statistic) {
  VULTUS_CHECK(validate(options));
  if (groups < 2)
    return fail(ErrorCode::invalid_argument, fmt::format("bootstrap over {} groups: at least 2 are needed", groups));
  Random random(options.seed);
  std::vector<std::uint32_t> weights(groups);
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(options.draws));
  for (int draw = 0; draw < options.draws; ++draw) {
    draw_groups(random, weights);
    if (const std::optional<double> value = statistic(weights)) values.push_back(*value);
  }
  const auto draws = static_cast<std::size_t>(options.draws);
  const std::size_t undefined = draws - values.size();
  if (const auto interval = percentile_interval(std::move(values), draws, options.level)) return *interval;
  return fail(ErrorCode::invalid_argument,
              fmt::format("the statistic is undefined in {} of {} bootstrap draws over {} groups, the limit is 5 %",
                          undefined, options.draws, groups));
}

double mcnemar(std::uint32_t only_first, std::uint32_t only_second) {
  const double n = double{1} * only_first + only_second;
  const std::uint32_t fewer = std::min(only_first, only_second);
  if (only_first == only_second) return 1;
  double tail = 0;  // P(X <= fewer) for X ~ Binomial(n, 1/2), smallest terms first
  for (std::uint32_t k = 0; k <= fewer; ++k)
    tail += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1) - n * std::log(2.0));
  return std::min(1.0, 2 * tail);
}

}  // namespace vultus::evaluation
