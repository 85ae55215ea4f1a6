// Intervals of verification metrics: bootstrap over persons, single and paired.
#include <fmt/format.h>

#include <vultus/evaluation/verification.hpp>

namespace vultus::evaluation {
namespace {

std::string name_of(const VerificationMetric& metric) {
  switch (metric.kind) {
    case VerificationMetric::Kind::tar_at_far: return fmt::format("TAR at FAR {}", metric.far);
    case VerificationMetric::Kind::equal_error_rate: return "EER";
    case VerificationMetric::Kind::fold_accuracy: break;
  }
  return "accuracy";
}

/// The value over everybody, or why it has none.
Result<double> point(const Verification& verification, const VerificationMetric& metric) {
  if (metric.kind == VerificationMetric::Kind::tar_at_far)
    VULTUS_CHECK(check_measurable(metric.far, verification.impostor_pairs()));
  if (metric.kind == VerificationMetric::Kind::fold_accuracy) {
    VULTUS_TRY(const FoldAccuracy folds, verification.fold_accuracy());
    return folds.mean;
  }
  return verification.value(metric).value_or(0);  // mated and impostor pairs exist by construction
}

Figure figure_of(std::string name, double value, const Interval& interval, const Verification& verification,
                 const BootstrapOptions& options) {
  return Figure{.name = std::move(name),
                .value = value,
                .interval = interval,
                .groups = static_cast<std::int64_t>(verification.persons()),
                .group_kind = "persons",
                .samples = static_cast<std::int64_t>(verification.pairs()),
                .draws = options.draws,
                .seed = options.seed};
}

Status check_same_pairs(std::span<const ScoredPair> a, std::span<const ScoredPair> b) {
  if (a.size() != b.size())
    return fail(ErrorCode::invalid_argument,
                fmt::format("a paired comparison needs the same pairs, got {} and {}", a.size(), b.size()));
  for (std::size_t i = 0; i < a.size(); ++i) {
    ScoredPair twin = b[i];
    twin.score = a[i].score;
    if (!(twin == a[i]))
      return fail(ErrorCode::invalid_argument,
                  fmt::format("a paired comparison needs the same pairs in the same order: pair {} differs", i));
  }
  return {};
}

}  // namespace

Result<Figure> measure(const Verification& verification, const VerificationMetric& metric,
                       const BootstrapOptions& options) {
  VULTUS_TRY(const double value, point(verification, metric));
  VULTUS_TRY(const Interval interval, bootstrap_groups(verification.persons(), options, [&](GroupWeights weights) {
               return verification.value(metric, weights);
             }));
  return figure_of(name_of(metric), value, interval, verification, options);
}

Result<Figure> measure_difference(std::span<const ScoredPair> a, std::span<const ScoredPair> b,
                                  const VerificationMetric& metric, const BootstrapOptions& options) {
  VULTUS_TRY(const Verification first, Verification::of(a));
  VULTUS_TRY(const Verification second, Verification::of(b));
  VULTUS_CHECK(check_same_pairs(a, b));
  VULTUS_TRY(const double value_a, point(first, metric));
  VULTUS_TRY(const double value_b, point(second, metric));
  VULTUS_TRY(const Interval interval,
             bootstrap_groups(first.persons(), options, [&](GroupWeights weights) -> std::optional<double> {
               const auto of_a = first.value(metric, weights);
               const auto of_b = second.value(metric, weights);
               if (!of_a || !of_b) return std::nullopt;
               return *of_a - *of_b;
             }));
  return figure_of("difference of " + name_of(metric), value_a - value_b, interval, first, options);
}

}  // namespace vultus::evaluation
