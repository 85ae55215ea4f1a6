#include <vultus/learn/token_budget.hpp>

#include <algorithm>
#include <numeric>
#include <string>

namespace vultus::learn {

Result<std::vector<double>> step_means(std::span<const float> mask, std::size_t steps) {
  if (steps == 0 || mask.empty() || mask.size() % steps != 0)
    return fail(ErrorCode::invalid_argument, "token mask: " + std::to_string(mask.size()) +
                                                 " values are not a whole number of places for " +
                                                 std::to_string(steps) + " steps");
  const std::size_t places = mask.size() / steps;
  std::vector<double> means;
  for (std::size_t t = 0; t < steps; ++t) {
    const auto step = mask.subspan(t * places, places);
    means.push_back(std::accumulate(step.begin(), step.end(), 0.0) / static_cast<double>(places));
  }
  return means;
}

Result<ClipInterval> peak_interval(std::span<const double> weights, double share) {
  if (weights.empty() || !(share > 0 && share <= 1))
    return fail(ErrorCode::invalid_argument, "peak: " + std::to_string(weights.size()) + " weights, share " +
                                                 std::to_string(share) +
                                                 "; at least one weight and a share within (0, 1] are needed");
  const auto [least, highest] = std::ranges::minmax_element(weights);
  const double level = *least + share * (*highest - *least);
  const auto peak = static_cast<std::size_t>(highest - weights.begin());
  ClipInterval interval{peak, peak};
  while (interval.first > 0 && weights[interval.first - 1] >= level) --interval.first;
  while (interval.last + 1 < weights.size() && weights[interval.last + 1] >= level) ++interval.last;
  return interval;
}

double overlap(const ClipInterval& a, const ClipInterval& b) {
  const std::size_t first = std::max(a.first, b.first), last = std::min(a.last, b.last);
  const double both = last >= first ? static_cast<double>(last - first + 1) : 0;
  const double all = static_cast<double>((a.last - a.first + 1) + (b.last - b.first + 1)) - both;
  return both / all;
}

double encoder_multiplications(const EncoderShape& shape, std::size_t tokens) {
  const auto n = static_cast<double>(tokens), d = static_cast<double>(shape.width);
  return static_cast<double>(shape.layers) *
         (4 * n * d * d + 2 * n * n * d + 2 * n * d * static_cast<double>(shape.hidden));
}

}  // namespace vultus::learn
