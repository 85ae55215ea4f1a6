#include <vultus/evaluation/confidence.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <vultus/evaluation/probability.hpp>

namespace vultus::evaluation {
namespace {

constexpr double kSmallest = 1e-15;
constexpr double kSumTolerance = 1e-3;

Status check_forecasts(std::span<const ClassForecast> forecasts) {
  if (forecasts.empty()) return fail(ErrorCode::invalid_argument, "there are no forecasts");
  const std::size_t classes = forecasts.front().probabilities.size();
  if (classes < 2) return fail(ErrorCode::invalid_argument, fmt::format("{} classes: at least 2", classes));
  for (std::size_t i = 0; i < forecasts.size(); ++i) {
    const ClassForecast& one = forecasts[i];
    if (one.probabilities.size() != classes || one.truth >= classes)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("forecast {}: {} probabilities and true class {}, there are {} classes from 0", i,
                              one.probabilities.size(), one.truth, classes));
    double sum = 0;
    for (const double p : one.probabilities) {
      if (!(p >= 0 && p <= 1))
        return fail(ErrorCode::invalid_argument, fmt::format("forecast {}: probability {} is outside [0, 1]", i, p));
      sum += p;
    }
    if (std::abs(sum - 1) > kSumTolerance)
      return fail(ErrorCode::invalid_argument, fmt::format("forecast {}: probabilities sum to {}, not 1", i, sum));
  }
  return {};
}

std::size_t predicted_class(const ClassForecast& forecast) {
  const auto& p = forecast.probabilities;
  return static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
}

double likelihood_loss(std::span<const ClassForecast> forecasts, double temperature) {
  double loss = 0;
  for (const ClassForecast& one : forecasts) {
    double highest = std::log(kSmallest);
    for (const double p : one.probabilities) highest = std::max(highest, std::log(std::max(p, kSmallest)));
    double sum = 0;
    for (const double p : one.probabilities)
      sum += std::exp((std::log(std::max(p, kSmallest)) - highest) / temperature);
    loss += std::log(sum) - (std::log(std::max(one.probabilities[one.truth], kSmallest)) - highest) / temperature;
  }
  return loss / static_cast<double>(forecasts.size());
}

}  // namespace

Result<ConfidenceScores> confidence_scores(std::span<const ClassForecast> forecasts, int bins) {
  VULTUS_CHECK(check_forecasts(forecasts));
  if (bins < 1 || bins > 1000)
    return fail(ErrorCode::invalid_argument, fmt::format("{} calibration bins: 1 to 1000", bins));
  const auto n = static_cast<double>(forecasts.size());
  std::vector<std::pair<double, bool>> sure;  // confidence, right
  ConfidenceScores scores;
  for (const ClassForecast& one : forecasts) {
    const std::size_t called = predicted_class(one);
    sure.emplace_back(one.probabilities[called], called == one.truth);
    scores.accuracy += called == one.truth ? 1 / n : 0;
    scores.nll -= std::log(std::max(one.probabilities[one.truth], kSmallest)) / n;
    for (std::size_t c = 0; c < one.probabilities.size(); ++c) {
      const double gap = one.probabilities[c] - (c == one.truth ? 1 : 0);
      scores.brier += gap * gap / n;
    }
  }
  std::stable_sort(sure.begin(), sure.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const std::size_t parts = std::min(static_cast<std::size_t>(bins), sure.size());
  std::size_t at = 0;
  for (std::size_t b = 0; b < parts; ++b) {
    ReliabilityBin bin{.samples = sure.size() / parts + (b < sure.size() % parts ? 1 : 0)};
    const auto count = static_cast<double>(bin.samples);
    for (std::size_t i = 0; i < bin.samples; ++i, ++at) {
      bin.confidence += sure[at].first / count;
      bin.accuracy += sure[at].second ? 1 / count : 0;
    }
    scores.ece += count / n * std::abs(bin.accuracy - bin.confidence);
    scores.bins.push_back(bin);
  }
  return scores;
}

Result<double> fit_temperature(std::span<const ClassForecast> forecasts) {
  VULTUS_CHECK(check_forecasts(forecasts));
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double low = std::log(0.01);
  double high = std::log(100.0);
  double a = high - golden * (high - low);
  double b = low + golden * (high - low);
  double loss_a = likelihood_loss(forecasts, std::exp(a));
  double loss_b = likelihood_loss(forecasts, std::exp(b));
  while (high - low > 1e-7) {
    if (loss_a <= loss_b) {
      high = b, b = a, loss_b = loss_a;
      a = high - golden * (high - low);
      loss_a = likelihood_loss(forecasts, std::exp(a));
    } else {
      low = a, a = b, loss_a = loss_b;
      b = low + golden * (high - low);
      loss_b = likelihood_loss(forecasts, std::exp(b));
    }
  }
  return std::exp((low + high) / 2);
}

std::vector<double> tempered(std::span<const double> probabilities, double temperature) {
  std::vector<double> all(probabilities.begin(), probabilities.end());
  double highest = 0;
  for (const double p : probabilities) highest = std::max(highest, p);
  for (double& p : all)
    p = std::exp((std::log(std::max(p, kSmallest)) - std::log(std::max(highest, kSmallest))) / temperature);
  const double sum = std::accumulate(all.begin(), all.end(), 0.0);
  for (double& p : all) p /= sum;
  return all;
}

Result<double> conformal_limit(std::span<const ClassForecast> calibration, double alpha) {
  VULTUS_CHECK(check_forecasts(calibration));
  VULTUS_TRY(const std::size_t rank, conformal_rank(calibration.size(), alpha));
  std::vector<double> scores;
  for (const ClassForecast& one : calibration) scores.push_back(1 - one.probabilities[one.truth]);
  std::sort(scores.begin(), scores.end());
  return scores[rank - 1];
}

Result<ConformalCoverage> conformal_coverage(std::span<const ClassForecast> forecasts, double limit) {
  VULTUS_CHECK(check_forecasts(forecasts));
  const auto n = static_cast<double>(forecasts.size());
  ConformalCoverage all;
  for (const ClassForecast& one : forecasts) {
    all.coverage += 1 - one.probabilities[one.truth] <= limit ? 1 / n : 0;
    for (const double p : one.probabilities) all.mean_size += 1 - p <= limit ? 1 / n : 0;
  }
  return all;
}

}  // namespace vultus::evaluation
