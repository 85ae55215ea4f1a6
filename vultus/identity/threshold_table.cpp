#include <vultus/identity/threshold_table.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace vultus::identity {
namespace {

Status check(const ThresholdTable& table, const ModelId& model) {
  VULTUS_CHECK(validate(table));
  if (table.model != model)
    return fail(ErrorCode::model_mismatch,
                fmt::format("thresholds of model {} cannot be used for model {}", table.model.text(), model.text()));
  return {};
}

/// The point between two rows where the threshold has come `share` of the way.
double rate_between(const ThresholdRow& low, const ThresholdRow& high, double share) {
  return std::exp(std::lerp(std::log(low.false_match_rate), std::log(high.false_match_rate), share));
}

}  // namespace

bool is_same_rate(double a, double b) {
  constexpr double kShare = 1e-9;
  return std::abs(a - b) <= kShare * std::max(a, b);
}

Status validate(const ThresholdTable& table) {
  if (table.model.empty()) return fail(ErrorCode::invalid_argument, "threshold table without a model");
  const std::string name = "threshold table of " + table.model.text();
  if (table.source.empty()) return fail(ErrorCode::invalid_argument, name + " does not say where it comes from");
  if (table.rows.empty()) return fail(ErrorCode::invalid_argument, name + " has no rows");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto [rate, threshold] = table.rows[i];
    if (!(rate > 0 && rate < 1))
      return fail(
          ErrorCode::invalid_argument,
          fmt::format("{}: row {}: false match rate {}, must be between 0 and 1, both excluded", name, i, rate));
    if (!(threshold.value() >= -1 && threshold.value() <= 1))
      return fail(ErrorCode::invalid_argument,
                  fmt::format("{}: row {}: threshold {} is outside [-1, 1]", name, i, threshold.value()));
    if (i > 0 && !(threshold > table.rows[i - 1].threshold && rate < table.rows[i - 1].false_match_rate))
      return fail(ErrorCode::invalid_argument,
                  fmt::format("{}: row {}: thresholds must rise and false match rates fall from row to row", name, i));
  }
  return {};
}

Result<OperatingPoint> at_false_match_rate(const ThresholdTable& table, const ModelId& model, double wanted) {
  VULTUS_CHECK(check(table, model));
  for (const ThresholdRow& row : table.rows)
    if (is_same_rate(wanted, row.false_match_rate))
      return OperatingPoint{row.threshold, row.false_match_rate, table.source};
  const double highest = table.rows.front().false_match_rate;
  const double lowest = table.rows.back().false_match_rate;
  if (!(wanted > lowest && wanted < highest))
    return fail(ErrorCode::invalid_argument,
                fmt::format("false match rate {}: model {} was measured from {} to {} ({})", wanted, model.text(),
                            lowest, highest, table.source));
  const auto high = std::find_if(table.rows.begin(), table.rows.end(),
                                 [&](const ThresholdRow& row) { return row.false_match_rate < wanted; });
  const ThresholdRow& low = *(high - 1);
  const double share =
      std::log(wanted / low.false_match_rate) / std::log(high->false_match_rate / low.false_match_rate);
  const double threshold = std::lerp(double{low.threshold.value()}, double{high->threshold.value()}, share);
  return OperatingPoint{Cosine(static_cast<float>(threshold)), wanted, table.source};
}

Result<FmrEstimate> estimate_fmr(const ThresholdTable& table, const ModelId& model, Cosine threshold) {
  VULTUS_CHECK(check(table, model));
  if (!(threshold.value() >= -1 && threshold.value() <= 1))
    return fail(ErrorCode::invalid_argument, fmt::format("threshold {} is outside [-1, 1]", threshold.value()));
  const ThresholdRow& first = table.rows.front();
  const ThresholdRow& last = table.rows.back();
  if (threshold < first.threshold) return FmrEstimate{std::nullopt, first.false_match_rate, 1};
  if (threshold > last.threshold) return FmrEstimate{std::nullopt, 0, last.false_match_rate};
  const auto high = std::find_if(table.rows.begin(), table.rows.end(),
                                 [&](const ThresholdRow& row) { return row.threshold >= threshold; });
  if (high->threshold == threshold)
    return FmrEstimate{high->false_match_rate, high->false_match_rate, high->false_match_rate};
  const ThresholdRow& low = *(high - 1);
  const double share = (double{threshold.value()} - double{low.threshold.value()}) /
                       (double{high->threshold.value()} - double{low.threshold.value()});
  const double rate = rate_between(low, *high, share);
  return FmrEstimate{rate, rate, rate};
}

Result<OperatingPoint> at_threshold(const ThresholdTable& table, const ModelId& model, Cosine threshold) {
  VULTUS_TRY(const FmrEstimate estimate, estimate_fmr(table, model, threshold));
  if (estimate.rate) return OperatingPoint{threshold, *estimate.rate, table.source};
  const bool below = threshold < table.rows.front().threshold;
  OperatingPoint point{threshold, estimate.at_most,
                       below ? fmt::format("threshold below the measured range, false match rate above {}: {}",
                                           estimate.at_least, table.source)
                             : fmt::format("threshold above the measured range, false match rate at most {}: {}",
                                           estimate.at_most, table.source)};
  point.rate_is_bound = true;
  return point;
}

}  // namespace vultus::identity
