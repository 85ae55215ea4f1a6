#include <vultus/evaluation/probability.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

namespace vultus::evaluation {

Result<ForecastScores> forecast_scores(std::span<const BinaryForecast> forecasts, int bins) {
  if (forecasts.empty()) return fail(ErrorCode::invalid_argument, "there are no forecasts");
  if (bins < 1 || bins > 1000)
    return fail(ErrorCode::invalid_argument, fmt::format("{} calibration bins: 1 to 1000", bins));
  constexpr double kFloor = 1e-15;
  const auto n = static_cast<double>(forecasts.size());
  std::vector<double> gap(static_cast<std::size_t>(bins));  // sum of (y - p) per bin
  ForecastScores scores;
  for (std::size_t i = 0; i < forecasts.size(); ++i) {
    const double p = forecasts[i].probability;
    if (!(p >= 0 && p <= 1))
      return fail(ErrorCode::invalid_argument, fmt::format("forecast {}: probability {} is outside [0, 1]", i, p));
    const double y = forecasts[i].happened ? 1 : 0;
    scores.brier += (p - y) * (p - y) / n;
    scores.nll -= std::log(std::clamp(forecasts[i].happened ? p : 1 - p, kFloor, 1 - kFloor)) / n;
    gap[std::min(static_cast<std::size_t>(p * bins), gap.size() - 1)] += y - p;
  }
  for (const double g : gap) scores.ece += std::abs(g) / n;
  return scores;
}

Result<std::size_t> conformal_rank(std::size_t n, double alpha) {
  if (!(alpha > 0 && alpha < 1))
    return fail(ErrorCode::invalid_argument,
                fmt::format("miss rate {}: must be between 0 and 1, both excluded", alpha));
  // 20 * 0.9 is 18.000000000000004 for some alpha: a hair above a whole number is that number.
  const double rank = std::ceil(static_cast<double>(n + 1) * (1 - alpha) * (1 - 1e-12));
  if (rank > static_cast<double>(n))
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} calibration scores are too few for a miss rate of {}", n, alpha));
  return static_cast<std::size_t>(std::max(rank, 1.0));
}

}  // namespace vultus::evaluation
