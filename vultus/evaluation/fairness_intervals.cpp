#include <algorithm>
#include <array>

#include <vultus/evaluation/fairness_cells.hpp>
#include <vultus/evaluation/percentile_interval.hpp>

namespace vultus::evaluation {
namespace {

/// The truths that are tried, in multiples of the differences that were measured: dense where intervals begin.
constexpr std::array kMultiples{0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75,
                                0.8, 0.85, 0.9, 0.95, 1.0, 1.1,  1.2, 1.3,  1.4, 1.5,  1.6, 1.8,  2.0, 2.25, 2.5, 3.0};

/// What one draw changes in the shares of each group.
using SharesMoved = std::vector<std::vector<double>>;

struct FairnessDraws {
  std::vector<SharesMoved> moved;
  std::vector<double> errors;  ///< share of wrong predictions
};

FairnessDraws draw_all(const GroupedPredictions& predictions, const AllFairnessCells& measured, const RowGroups& drawn,
                       const BootstrapOptions& options) {
  FairnessDraws draws;
  std::vector<std::uint32_t> weights(drawn.group_of.size());
  std::vector<std::uint32_t> times(drawn.groups);
  Random random(options.seed);
  for (int draw = 0; draw < options.draws; ++draw) {
    draw_groups(random, times);
    for (std::size_t row = 0; row < weights.size(); ++row) weights[row] = times[drawn.group_of[row]];
    const auto cells = fairness_cells(predictions, weights);
    if (!cells) continue;  // a group has lost a class
    SharesMoved moved;
    for (std::size_t g = 0; g < cells->groups.size(); ++g) {
      std::vector<double> of_group = cells->groups[g].shares;
      for (std::size_t cell = 0; cell < of_group.size(); ++cell) of_group[cell] -= measured.groups[g].shares[cell];
      moved.push_back(std::move(of_group));
    }
    draws.moved.push_back(std::move(moved));
    draws.errors.push_back(scores_of(*cells, predictions).error);
  }
  return draws;
}

/// The scores where the groups differ `multiple` times as much as was measured, and chance moves their shares.
FairnessScores scores_under(const GroupedPredictions& named, const AllFairnessCells& measured, double multiple,
                            const SharesMoved* moved) {
  const std::size_t classes = measured.all.classes;
  AllFairnessCells cells{.groups = {}, .all = FairnessCells(classes)};
  for (std::size_t g = 0; g < measured.groups.size(); ++g) {
    const FairnessCells& from = measured.groups[g];
    FairnessCells group(classes);
    for (std::size_t c = 0; c < classes; ++c) {
      double sum = 0;
      for (std::size_t at = c * classes; at < (c + 1) * classes; ++at) {
        const double alike = measured.all.shares[at];
        const double chance = moved == nullptr ? 0 : (*moved)[g][at];
        group.counts[at] = std::clamp(alike + multiple * (from.shares[at] - alike) + chance, 0.0, 1.0);
        sum += group.counts[at];
      }
      const double samples = from.row(c);
      for (std::size_t at = c * classes; at < (c + 1) * classes; ++at) {
        group.counts[at] *= samples / sum;
        cells.all.counts[at] += group.counts[at];
      }
    }
    group.derive();
    cells.groups.push_back(std::move(group));
  }
  cells.all.derive();
  return scores_of(cells, named);
}

/// Of one metric under one truth: the gap itself, and the middle of the draws.
struct Tried {
  std::optional<double> gap;
  std::optional<Interval> middle;
};

/// @return of each multiple, of each metric
std::vector<std::vector<Tried>> try_all(const GroupedPredictions& predictions, const AllFairnessCells& measured,
                                        const std::vector<SharesMoved>& moved, const BootstrapOptions& options) {
  const auto names = fairness_names();
  // In which direction the groups differ is measured, too, and what is tried lies along it alone. Half the tails make
  // up for that (measured: FairnessIntervals.* in the tests).
  const double wide = (1 + options.level) / 2;
  std::vector<std::vector<Tried>> tried;
  for (const double multiple : kMultiples) {
    const FairnessScores truth = scores_under(predictions, measured, multiple, nullptr);
    std::vector<std::vector<double>> values(names.size());
    for (const SharesMoved& one : moved) {
      const FairnessScores scores = scores_under(predictions, measured, multiple, &one);
      for (std::size_t m = 0; m < names.size(); ++m)
        if (const auto value = names[m].value(scores)) values[m].push_back(*value);
    }
    std::vector<Tried> metrics;
    for (std::size_t m = 0; m < names.size(); ++m)
      metrics.push_back({names[m].value(truth),
                         percentile_interval(std::move(values[m]), static_cast<std::size_t>(options.draws), wide)});
    tried.push_back(std::move(metrics));
  }
  return tried;
}

/// Where a limit that grows with the multiple crosses the value, as the gap there; linear between those tried.
double crossing(double value, double limit_before, double limit, double gap_before, double gap) {
  const double part = limit > limit_before ? (value - limit_before) / (limit - limit_before) : 0;
  return gap_before + std::clamp(part, 0.0, 1.0) * (gap - gap_before);
}

std::optional<Interval> accepted(const std::vector<std::vector<Tried>>& tried, std::size_t metric, double value,
                                 double level) {
  Interval interval{.low = 0, .high = 0, .level = level};
  for (const auto& metrics : tried)
    if (!metrics[metric].gap || !metrics[metric].middle) return std::nullopt;
  const auto at = [&](std::size_t i) -> const Tried& { return tried[i][metric]; };
  // From no difference on: the first truth whose draws reach up to the value, and the last whose draws reach down to
  // it.
  std::size_t first = 0;
  while (first < tried.size() && at(first).middle->high < value) ++first;
  if (first == tried.size()) return std::nullopt;
  interval.low = first == 0 ? *at(0).gap
                            : crossing(value, at(first - 1).middle->high, at(first).middle->high, *at(first - 1).gap,
                                       *at(first).gap);
  std::size_t last = tried.size();
  while (last > 0 && at(last - 1).middle->low > value) --last;
  if (last == 0)
    interval.high = *at(0).gap;  // smaller than chance alone makes it nearly always
  else if (last == tried.size())
    interval.high = *at(last - 1).gap;
  else
    interval.high = crossing(value, at(last - 1).middle->low, at(last).middle->low, *at(last - 1).gap, *at(last).gap);
  interval.high = std::max(interval.high, interval.low);
  return interval;
}

}  // namespace

Result<std::vector<std::optional<Interval>>> fairness_intervals(const GroupedPredictions& predictions,
                                                                const RowGroups& drawn,
                                                                const BootstrapOptions& options) {
  VULTUS_CHECK(validate(options));
  if (drawn.group_of.size() != predictions.rows.size())
    return fail(ErrorCode::invalid_argument, "what is drawn: " + std::to_string(drawn.group_of.size()) + " rows for " +
                                                 std::to_string(predictions.rows.size()) + " predictions");
  VULTUS_TRY(const AllFairnessCells measured, fairness_cells(predictions, {}));
  const auto names = fairness_names();
  std::vector<std::optional<Interval>> intervals(names.size());
  if (drawn.groups < 2) return intervals;
  const FairnessScores scores = scores_of(measured, predictions);
  const FairnessDraws draws = draw_all(predictions, measured, drawn, options);
  const auto all = static_cast<std::size_t>(options.draws);
  if ((all - draws.moved.size()) * 20 > all) return intervals;
  const auto tried = try_all(predictions, measured, draws.moved, options);
  for (std::size_t m = 0; m < names.size(); ++m) {
    const auto value = names[m].value(scores);
    if (!value) continue;
    intervals[m] = std::string_view(names[m].name) == "error" ? percentile_interval(draws.errors, all, options.level)
                                                              : accepted(tried, m, *value, options.level);
  }
  return intervals;
}

}  // namespace vultus::evaluation
