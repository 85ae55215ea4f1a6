#include <vultus/audit/propagation.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <vultus/evaluation/row_bootstrap.hpp>

namespace vultus::audit {
namespace {

/// Ranks from 1; equal values share their mean rank.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) ranks[order[k]] = static_cast<double>(i + end + 1) / 2;
    i = end;
  }
  return ranks;
}

struct Line {
  std::optional<double> slope;
  std::optional<double> correlation;
};

Line line_through(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  const double mx = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double my = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
    xy += (x[i] - mx) * (y[i] - my);
  }
  Line line;
  if (xx > 0) line.slope = xy / xx;
  if (xx > 0 && yy > 0) line.correlation = std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
  return line;
}

}  // namespace

Result<Propagation> propagation(std::span<const TrainedRun> runs, const evaluation::BootstrapOptions& options) {
  if (runs.size() < 3)
    return fail(ErrorCode::invalid_argument, fmt::format("{} runs: at least 3 are needed", runs.size()));
  for (const TrainedRun& run : runs)
    if (!std::isfinite(run.dataset_bias) || !std::isfinite(run.model_bias))
      return fail(ErrorCode::invalid_argument, fmt::format("run \"{}\": a bias is not a finite number", run.name));
  const auto statistics = [&](std::span<const std::uint32_t> weights) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      x.insert(x.end(), weights[i], runs[i].dataset_bias);
      y.insert(y.end(), weights[i], runs[i].model_bias);
    }
    const Line line = line_through(x, y);
    const Line ranked = line_through(ranks_of(x), ranks_of(y));
    return std::vector<std::optional<double>>{line.slope, line.correlation, ranked.correlation};
  };
  const std::vector<std::uint32_t> once(runs.size(), 1);
  const auto values = statistics(once);
  if (!values[0] || !values[1])
    return fail(ErrorCode::invalid_argument, "all runs have the same bias: nothing can be correlated");
  VULTUS_TRY(const auto intervals,
             evaluation::bootstrap_rows(evaluation::RowGroups::each(runs.size()), options, statistics));
  Propagation all;
  constexpr std::array kNames{"slope", "Pearson", "Spearman"};
  for (std::size_t i = 0; i < values.size(); ++i)
    all.figures.push_back({.name = kNames.at(i),
                           .value = *values[i],
                           .interval = intervals[i],
                           .groups = static_cast<std::int64_t>(runs.size()),
                           .group_kind = "runs",
                           .samples = static_cast<std::int64_t>(runs.size()),
                           .draws = intervals[i] ? options.draws : 0,
                           .seed = options.seed});
  return all;
}

}  // namespace vultus::audit
