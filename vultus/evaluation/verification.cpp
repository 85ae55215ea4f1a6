#include <vultus/evaluation/verification.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

/// Sorted distinct values, and the position of each input in them.
class Numbering {
 public:
  explicit Numbering(std::vector<int> values) : names_(std::move(values)) {
    std::sort(names_.begin(), names_.end());
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
  }
  [[nodiscard]] std::uint32_t of(int value) const {
    return static_cast<std::uint32_t>(std::lower_bound(names_.begin(), names_.end(), value) - names_.begin());
  }
  [[nodiscard]] const std::vector<int>& names() const { return names_; }

 private:
  std::vector<int> names_;
};

Status check(const ScoredPair& pair, std::size_t at) {
  if (!std::isfinite(pair.score))
    return fail(ErrorCode::invalid_argument, fmt::format("pair {}: the score is not a finite number", at));
  if (pair.mated != (pair.first == pair.second))
    return fail(ErrorCode::invalid_argument, fmt::format("pair {}: identities {} and {}, but marked {}", at, pair.first,
                                                         pair.second, pair.mated ? "mated" : "impostor"));
  return {};
}

double just_above(double score) { return std::nextafter(score, std::numeric_limits<double>::infinity()); }

/// Share of sorted values at or above a threshold.
double share_from(const std::vector<double>& sorted, double threshold) {
  const auto first = std::lower_bound(sorted.begin(), sorted.end(), threshold);
  return static_cast<double>(sorted.end() - first) / static_cast<double>(sorted.size());
}

}  // namespace

Status check_measurable(double target_fmr, std::uint64_t impostors) {
  if (!(target_fmr > 0 && target_fmr < 1))
    return fail(ErrorCode::invalid_argument,
                fmt::format("target FMR {}: must be between 0 and 1, both excluded", target_fmr));
  const double needed = 3 / target_fmr;
  if (static_cast<double>(impostors) < needed * (1 - 1e-12))
    return fail(ErrorCode::invalid_argument, fmt::format("target FMR {} needs at least {:.0f} impostor pairs, got {}",
                                                         target_fmr, std::ceil(needed * (1 - 1e-12)), impostors));
  return {};
}

Result<Verification> Verification::of(std::span<const ScoredPair> pairs) {
  std::vector<int> identities;
  std::vector<int> folds;
  identities.reserve(2 * pairs.size());
  folds.reserve(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    VULTUS_CHECK(check(pairs[i], i));
    identities.push_back(pairs[i].first);
    identities.push_back(pairs[i].second);
    folds.push_back(pairs[i].fold);
  }
  const Numbering person(std::move(identities));
  const Numbering fold(std::move(folds));
  Verification made;
  made.rows_.reserve(pairs.size());
  for (const ScoredPair& pair : pairs) {
    made.rows_.push_back(
        {double{pair.score}, person.of(pair.first), person.of(pair.second), fold.of(pair.fold), pair.mated});
    (pair.mated ? made.mated_at_ : made.impostor_at_).push_back(double{pair.score});
  }
  if (made.mated_at_.empty() || made.impostor_at_.empty())
    return fail(ErrorCode::invalid_argument, fmt::format("verification needs mated and impostor pairs, got {} and {}",
                                                         made.mated_at_.size(), made.impostor_at_.size()));
  std::stable_sort(made.rows_.begin(), made.rows_.end(), [](const Row& a, const Row& b) { return a.score < b.score; });
  std::sort(made.mated_at_.begin(), made.mated_at_.end());
  std::sort(made.impostor_at_.begin(), made.impostor_at_.end());
  made.mated_ = made.mated_at_.size();
  made.persons_ = person.names().size();
  made.fold_names_ = fold.names();
  return made;
}

ErrorRates Verification::rates_at(double threshold) const {
  return {threshold, share_from(impostor_at_, threshold), 1 - share_from(mated_at_, threshold)};
}

std::vector<ErrorRates> Verification::curve() const {
  std::vector<ErrorRates> points;
  const auto mated = static_cast<double>(mated_at_.size());
  const auto impostor = static_cast<double>(impostor_at_.size());
  std::size_t mated_below = 0;
  std::size_t impostors_below = 0;
  for (std::size_t i = 0; i < rows_.size();) {
    const double score = rows_[i].score;
    points.push_back({score, static_cast<double>(impostor_at_.size() - impostors_below) / impostor,
                      static_cast<double>(mated_below) / mated});
    for (; i < rows_.size() && rows_[i].score == score; ++i) ++(rows_[i].mated ? mated_below : impostors_below);
  }
  points.push_back({just_above(rows_.back().score), 0, 1});
  return points;
}

Result<ErrorRates> Verification::at_fmr(double target_fmr) const {
  VULTUS_CHECK(check_measurable(target_fmr, impostor_at_.size()));
  const auto impostors = static_cast<double>(impostor_at_.size());
  // A product like 0.29 * 100 may fall just below the whole number it stands for.
  const auto allowed = static_cast<std::size_t>(target_fmr * impostors * (1 + 1e-12));
  // The highest impostor score that would be one match too many; what is above it is allowed.
  const double excluded = impostor_at_[impostor_at_.size() - 1 - allowed];
  const auto next = std::upper_bound(rows_.begin(), rows_.end(), excluded,
                                     [](double value, const Row& row) { return value < row.score; });
  return rates_at(next == rows_.end() ? just_above(rows_.back().score) : next->score);
}

double Verification::weight_of(const Row& row, GroupWeights weights) {
  if (weights.empty()) return 1;
  return row.mated ? double{1} * weights[row.first] : double{1} * weights[row.first] * weights[row.second];
}

Verification::Totals Verification::totals(GroupWeights weights) const {
  Totals sum;  // whole numbers below 2^53: exact in double
  for (const Row& row : rows_) (row.mated ? sum.mated : sum.impostor) += weight_of(row, weights);
  return sum;
}

double Verification::equal_error_rate() const { return eer({}).value_or(0); }

std::optional<double> Verification::eer(GroupWeights weights) const {
  const Totals all = totals(weights);
  if (all.mated <= 0 || all.impostor <= 0) return std::nullopt;
  Totals below;
  double fmr_before = 1;  // accepting everything
  double fnmr_before = 0;
  for (std::size_t i = 0; i < rows_.size();) {
    const double score = rows_[i].score;
    for (; i < rows_.size() && rows_[i].score == score; ++i)
      (rows_[i].mated ? below.mated : below.impostor) += weight_of(rows_[i], weights);
    const double fmr = 1 - below.impostor / all.impostor;
    const double fnmr = below.mated / all.mated;
    if (fnmr >= fmr) {
      const double gap_before = fmr_before - fnmr_before;  // > 0
      const double gap = fmr - fnmr;                       // <= 0
      return fmr_before + gap_before / (gap_before - gap) * (fmr - fmr_before);
    }
    fmr_before = fmr;
    fnmr_before = fnmr;
  }
  return std::nullopt;  // not reached: the last step has FMR 0 and FNMR 1
}

std::optional<double> Verification::tar(double far, GroupWeights weights) const {
  const Totals all = totals(weights);
  if (all.mated <= 0 || all.impostor <= 0) return std::nullopt;
  const double allowed = far * all.impostor * (1 + 1e-12);
  Totals above;  // from the highest score down, as long as the impostors allow it
  double accepted = 0;
  for (std::size_t i = rows_.size(); i > 0;) {
    const double score = rows_[i - 1].score;
    for (; i > 0 && rows_[i - 1].score == score; --i)
      (rows_[i - 1].mated ? above.mated : above.impostor) += weight_of(rows_[i - 1], weights);
    if (above.impostor > allowed) break;
    accepted = above.mated;
  }
  return accepted / all.mated;
}

std::vector<Verification::Weighed> Verification::weighed(GroupWeights weights) const {
  std::vector<Weighed> rows;
  rows.reserve(rows_.size());
  for (const Row& row : rows_)
    if (const double weight = weight_of(row, weights); weight > 0) rows.push_back({row, weight});
  return rows;
}

std::optional<double> Verification::threshold_without(std::uint32_t fold, std::span<const Weighed> rows) {
  double correct = 0;  // accepting everything, relative to the number of mated pairs
  double best = 0;
  std::optional<double> lower;  // neighbours of the best cut
  std::optional<double> upper;
  std::optional<double> last;
  for (std::size_t i = 0; i < rows.size();) {
    const double score = rows[i].row.score;
    double gain = 0;
    bool present = false;
    for (; i < rows.size() && rows[i].row.score == score; ++i) {
      if (rows[i].row.fold == fold) continue;
      present = true;
      gain += rows[i].row.mated ? -rows[i].weight : rows[i].weight;
    }
    if (!present) continue;
    if (!upper) upper = score;
    last = score;
    correct += gain;
    if (correct > best) {
      best = correct;
      lower = score;
      upper.reset();
    }
  }
  if (!last) return std::nullopt;
  if (!lower) return upper;              // accept all that those folds have seen
  if (!upper) return just_above(*last);  // reject all
  return *lower + (*upper - *lower) / 2;
}

std::vector<FoldResult> Verification::test_folds(GroupWeights weights) const {
  const std::vector<Weighed> rows = weighed(weights);
  const std::size_t folds = fold_names_.size();
  std::vector<std::optional<double>> thresholds(folds);
  for (std::uint32_t fold = 0; fold < folds; ++fold) thresholds[fold] = threshold_without(fold, rows);
  std::vector<double> right(folds);
  std::vector<double> tested(folds);
  for (const auto& [row, weight] : rows) {
    tested[row.fold] += weight;
    if ((row.score >= thresholds[row.fold].value_or(0)) == row.mated) right[row.fold] += weight;
  }
  std::vector<FoldResult> results;
  results.reserve(folds);
  for (std::size_t fold = 0; fold < folds; ++fold)
    if (tested[fold] > 0 && thresholds[fold])
      results.push_back(
          {fold_names_[fold], *thresholds[fold], right[fold] / tested[fold], static_cast<std::uint64_t>(tested[fold])});
  return results;
}

Result<FoldAccuracy> Verification::fold_accuracy() const {
  if (fold_names_.size() < 2)
    return fail(ErrorCode::invalid_argument,
                fmt::format("fold accuracy needs at least 2 folds, got {}", fold_names_.size()));
  FoldAccuracy result;
  result.folds = test_folds({});
  const auto n = static_cast<double>(result.folds.size());
  for (const FoldResult& fold : result.folds) result.mean += fold.accuracy / n;
  double squares = 0;
  for (const FoldResult& fold : result.folds) squares += (fold.accuracy - result.mean) * (fold.accuracy - result.mean);
  result.standard_deviation = std::sqrt(squares / (n - 1));
  result.standard_error = result.standard_deviation / std::sqrt(n);
  return result;
}

std::optional<double> Verification::value(const VerificationMetric& metric, GroupWeights weights) const {
  switch (metric.kind) {
    case VerificationMetric::Kind::equal_error_rate: return eer(weights);
    case VerificationMetric::Kind::tar_at_far: return tar(metric.far, weights);
    case VerificationMetric::Kind::fold_accuracy: break;
  }
  if (fold_names_.size() < 2) return std::nullopt;
  const std::vector<FoldResult> folds = test_folds(weights);
  if (folds.empty()) return std::nullopt;
  double sum = 0;
  for (const FoldResult& fold : folds) sum += fold.accuracy;
  return sum / static_cast<double>(folds.size());
}

}  // namespace vultus::evaluation
