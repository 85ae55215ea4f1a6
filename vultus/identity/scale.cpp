#include <vultus/identity/scale.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace vultus::identity {
namespace {

OperatingPoint marked(OperatingPoint point, const Scale& scale) {
  point.calibrated = scale.usual.calibrated;
  point.logistic = scale.usual.logistic;
  point.search_logistic = scale.usual.search_logistic;
  point.stale = scale.usual.stale;
  return point;
}

/// Templates of a network that nobody measured: a threshold must come from the user, and its rate is not known.
Result<OperatingPoint> unmeasured(const ModelId& model, const PointWanted& wanted) {
  if (!wanted.threshold)
    return fail(ErrorCode::invalid_argument,
                "model " + model.text() +
                    " has no measured threshold: name one (--threshold), or measure one on a gallery with several "
                    "pictures of each person (vultus calibrate)");
  if (!(wanted.threshold->value() >= -1 && wanted.threshold->value() <= 1))
    return fail(ErrorCode::invalid_argument,
                "threshold " + std::to_string(wanted.threshold->value()) + " is outside [-1, 1]");
  OperatingPoint point{
      *wanted.threshold, 1,
      "a threshold of the user's own; nobody has measured the false match rates of model " + model.text()};
  point.rate_is_bound = true;
  return point;
}

/// What one scale knows; nothing = it was not measured there.
Result<std::optional<OperatingPoint>> known(const Scale& scale, const ModelId& model, const PointWanted& wanted) {
  if (!wanted.threshold && !wanted.fmr) return std::optional(scale.usual);
  if (wanted.fmr && !wanted.threshold && scale.target > 0 && is_same_rate(*wanted.fmr, scale.target))
    return std::optional(scale.usual);
  const auto& rows = scale.thresholds.rows;
  if (rows.empty()) return std::optional<OperatingPoint>();
  if (wanted.threshold) {
    if (*wanted.threshold == scale.usual.threshold) return std::optional(scale.usual);
    if (*wanted.threshold < rows.front().threshold || *wanted.threshold > rows.back().threshold)
      return std::optional<OperatingPoint>();
    VULTUS_TRY(OperatingPoint point, at_threshold(scale.thresholds, model, *wanted.threshold));
    return std::optional(marked(std::move(point), scale));
  }
  const bool below =
      *wanted.fmr < rows.back().false_match_rate && !is_same_rate(*wanted.fmr, rows.back().false_match_rate);
  const bool above =
      *wanted.fmr > rows.front().false_match_rate && !is_same_rate(*wanted.fmr, rows.front().false_match_rate);
  if (below || above) return std::optional<OperatingPoint>();
  VULTUS_TRY(OperatingPoint point, at_false_match_rate(scale.thresholds, model, *wanted.fmr));
  return std::optional(marked(std::move(point), scale));
}

}  // namespace

Result<OperatingPoint> operating_point(const Scale& preset, const std::optional<Scale>& gallery,
                                       const PointWanted& wanted) {
  const ModelId& model = preset.thresholds.model;
  if (gallery) {
    VULTUS_TRY(std::optional<OperatingPoint> point, known(*gallery, model, wanted));
    if (point) {
      // A gallery in which nobody has two pictures has no curve of its own.
      if (!point->logistic) {
        point->logistic = preset.usual.logistic;
        point->search_logistic = preset.usual.search_logistic;
      }
      return *std::move(point);
    }
  }
  if (preset.thresholds.rows.empty()) return unmeasured(model, wanted);
  Result<OperatingPoint> point = preset.usual;
  if (wanted.threshold)
    point = at_threshold(preset.thresholds, model, *wanted.threshold);
  else if (wanted.fmr)
    point = at_false_match_rate(preset.thresholds, model, *wanted.fmr);
  if (!point) return point.error();
  return marked(*std::move(point), preset);
}

void add_probabilities(std::span<Candidate> candidates, const OperatingPoint& at, std::int64_t people) {
  const auto& curve = at.search_logistic ? at.search_logistic : at.logistic;
  if (!curve || candidates.empty()) return;
  const auto number = static_cast<double>(std::max<std::int64_t>(people, static_cast<std::int64_t>(candidates.size())));
  const double each = kPriorOfSomebodyKnown / number;
  // Shares of what is possible, each with its prior; logarithms first, because odds of 1e300 are not.
  std::vector<double> weights;
  weights.reserve(candidates.size());
  double highest = std::log(1 - kPriorOfSomebodyKnown);
  for (const Candidate& candidate : candidates) {
    const double log_odds = curve->slope * double{candidate.similarity.value()} + curve->intercept;
    weights.push_back(std::log(each) + log_odds - std::log(curve->prior / (1 - curve->prior)));
    highest = std::max(highest, weights.back());
  }
  double sum = std::exp(std::log(1 - kPriorOfSomebodyKnown) - highest);
  for (double& weight : weights) sum += weight = std::exp(weight - highest);
  for (std::size_t i = 0; i < candidates.size(); ++i) candidates[i].probability = weights[i] / sum;
}

bool is_stale(std::int64_t subjects_then, std::int64_t subjects_now) {
  return subjects_now > subjects_then && subjects_now * 10 >= subjects_then * 11;
}

double first_guess_fpir(double fmr, std::int64_t people) {
  if (people <= 0) return 0;
  if (fmr >= 1) return 1;
  return -std::expm1(static_cast<double>(people) * std::log1p(-fmr));
}

}  // namespace vultus::identity
