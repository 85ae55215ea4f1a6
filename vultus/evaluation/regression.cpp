#include <vultus/evaluation/regression.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

/// Running sum with the rounding error carried along (Neumaier): long series keep their digits.
class Sum {
 public:
  void add(double value) {
    const double next = sum_ + value;
    carry_ += std::abs(sum_) >= std::abs(value) ? (sum_ - next) + value : (value - next) + sum_;
    sum_ = next;
  }
  [[nodiscard]] double value() const { return sum_ + carry_; }

 private:
  double sum_ = 0;
  double carry_ = 0;
};

double mean_of(std::span<const double> values) {
  Sum sum;
  for (const double v : values) sum.add(v);
  return sum.value() / static_cast<double>(values.size());
}

bool constant(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
}

}  // namespace

Result<RegressionScores> regression_scores(std::span<const double> truth, std::span<const double> predicted) {
  if (truth.size() != predicted.size() || truth.empty())
    return fail(ErrorCode::invalid_argument, fmt::format("{} true and {} predicted values: the same number, at least 1",
                                                         truth.size(), predicted.size()));
  for (std::size_t i = 0; i < truth.size(); ++i)
    if (!std::isfinite(truth[i]) || !std::isfinite(predicted[i]))
      return fail(ErrorCode::invalid_argument, fmt::format("value {} is not a finite number", i));
  const auto n = static_cast<double>(truth.size());
  const double mean_x = mean_of(truth);
  const double mean_y = mean_of(predicted);
  Sum absolute, squared, xx, yy, xy;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double error = predicted[i] - truth[i];
    absolute.add(std::abs(error));
    squared.add(error * error);
    xx.add((truth[i] - mean_x) * (truth[i] - mean_x));
    yy.add((predicted[i] - mean_y) * (predicted[i] - mean_y));
    xy.add((truth[i] - mean_x) * (predicted[i] - mean_y));
  }
  RegressionScores scores{.mae = absolute.value() / n, .rmse = std::sqrt(squared.value() / n)};
  const double spread = (xx.value() + yy.value()) / n + (mean_x - mean_y) * (mean_x - mean_y);
  const bool flat = constant(truth) || constant(predicted);
  if (!flat) scores.pearson = std::clamp(xy.value() / (std::sqrt(xx.value()) * std::sqrt(yy.value())), -1.0, 1.0);
  if (!(constant(truth) && constant(predicted) && truth.front() == predicted.front()))
    scores.ccc = flat ? 0 : 2 * xy.value() / n / spread;
  return scores;
}

Result<BlandAltman> bland_altman(std::span<const double> truth, std::span<const double> predicted) {
  if (truth.size() != predicted.size() || truth.size() < 2)
    return fail(ErrorCode::invalid_argument, fmt::format("{} true and {} predicted values: the same number, at least 2",
                                                         truth.size(), predicted.size()));
  Sum sum;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (!std::isfinite(truth[i]) || !std::isfinite(predicted[i]))
      return fail(ErrorCode::invalid_argument, fmt::format("value {} is not a finite number", i));
    sum.add(predicted[i] - truth[i]);
  }
  const auto n = static_cast<double>(truth.size());
  BlandAltman all{.bias = sum.value() / n};
  Sum squares;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double gap = predicted[i] - truth[i] - all.bias;
    squares.add(gap * gap);
  }
  constexpr double kNormal = 1.96;  // two-sided 95 % of a normal distribution, as published
  all.deviation = std::sqrt(squares.value() / (n - 1));
  all.low = all.bias - kNormal * all.deviation;
  all.high = all.bias + kNormal * all.deviation;
  return all;
}

}  // namespace vultus::evaluation
