#include <vultus/evaluation/ranking.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

/// The items by falling score, and how many are positive.
struct Ranking {
  std::vector<RankedItem> items;
  double positives = 0;
};

Result<Ranking> ranked(std::span<const RankedItem> items) {
  if (items.empty()) return fail(ErrorCode::invalid_argument, "there are no scored items");
  Ranking ranking{.items = {items.begin(), items.end()}};
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!std::isfinite(items[i].score))
      return fail(ErrorCode::invalid_argument, fmt::format("score {} is not a finite number", i));
    ranking.positives += items[i].positive ? 1 : 0;
  }
  if (ranking.positives <= 0) return fail(ErrorCode::invalid_argument, "no scored item is a positive one");
  std::stable_sort(ranking.items.begin(), ranking.items.end(),
                   [](const RankedItem& a, const RankedItem& b) { return a.score > b.score; });
  return ranking;
}

}  // namespace

Result<double> average_precision(std::span<const RankedItem> items) {
  VULTUS_TRY(const Ranking ranking, ranked(items));
  double sum = 0;
  double hits = 0;
  for (std::size_t i = 0; i < ranking.items.size();) {
    double positive_here = 0;
    const double score = ranking.items[i].score;
    for (; i < ranking.items.size() && ranking.items[i].score == score; ++i)
      positive_here += ranking.items[i].positive ? 1 : 0;
    hits += positive_here;
    sum += positive_here / ranking.positives * hits / static_cast<double>(i);
  }
  return sum;
}

Result<double> average_precision_1000(std::span<const RankedItem> items) {
  VULTUS_TRY(const Ranking ranking, ranked(items));
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].score < 0 || items[i].score > 1)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("score {}: probability {} is outside [0, 1]", i, items[i].score));
  double area = 0;
  double last_recall = 0;
  double last_precision = 0;
  double hits = 0;
  std::size_t taken = 0;
  for (int step = 999; step >= 0; --step) {  // recall rises as the threshold falls
    const double threshold = step / 1000.0;
    for (; taken < ranking.items.size() && ranking.items[taken].score >= threshold; ++taken)
      hits += ranking.items[taken].positive ? 1 : 0;
    const double recall = hits / ranking.positives;
    const double precision = taken == 0 ? 0 : hits / static_cast<double>(taken);
    if (step < 999) area += (recall - last_recall) * (precision + last_precision) / 2;
    last_recall = recall;
    last_precision = precision;
  }
  return area;
}

Result<double> roc_auc(std::span<const RankedItem> items) {
  VULTUS_TRY(const Ranking ranking, ranked(items));
  const double negatives = static_cast<double>(items.size()) - ranking.positives;
  if (negatives <= 0) return fail(ErrorCode::invalid_argument, "no scored item is a negative one");
  double won = 0;
  double above = 0;  // positives with a higher score
  for (std::size_t i = 0; i < ranking.items.size();) {
    double positive_here = 0;
    double negative_here = 0;
    const double score = ranking.items[i].score;
    for (; i < ranking.items.size() && ranking.items[i].score == score; ++i)
      (ranking.items[i].positive ? positive_here : negative_here) += 1;
    won += negative_here * (above + positive_here / 2);
    above += positive_here;
  }
  return won / (ranking.positives * negatives);
}

Result<double> top_k_accuracy(std::span<const std::vector<double>> scores, std::span<const std::size_t> truth,
                              std::size_t k) {
  if (scores.size() != truth.size() || scores.empty())
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("{} rows of scores and {} true classes: the same number, at least 1", scores.size(), truth.size()));
  const std::size_t classes = scores.front().size();
  if (k < 1 || k > classes)
    return fail(ErrorCode::invalid_argument, fmt::format("top {}: 1 to the number of classes, {}", k, classes));
  double hits = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i].size() != classes || truth[i] >= classes)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("sample {}: {} scores and true class {}, there are {} classes from 0", i,
                              scores[i].size(), truth[i], classes));
    const double own = scores[i][truth[i]];
    std::size_t not_below = 0;  // the true class is one of them
    for (const double score : scores[i]) {
      if (!std::isfinite(score))
        return fail(ErrorCode::invalid_argument, fmt::format("sample {}: a score is not a finite number", i));
      not_below += score >= own ? 1 : 0;
    }
    hits += not_below <= k ? 1 : 0;
  }
  return hits / static_cast<double>(scores.size());
}

}  // namespace vultus::evaluation
