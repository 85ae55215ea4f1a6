// The plots of verification: ROC, DET, score histograms.
#include <algorithm>
#include <bit>
#include <cmath>

#include <vultus/evaluation/plot.hpp>

namespace vultus::evaluation {
namespace {

/// A curve as points, rates rising from left to right.
template <class Y>
Series series_of(const NamedCurve& curve, Y y) {
  Series series{.name = curve.name, .points = {}};
  series.points.reserve(curve.rates.size());
  for (const ErrorRates& rate : curve.rates) series.points.push_back({rate.fmr, y(rate)});
  std::reverse(series.points.begin(), series.points.end());
  return series;
}

double usable(double lowest) { return std::isfinite(lowest) && lowest > 0 ? std::min(lowest, 0.1) : 1e-3; }

/// Shares per bar as the outline of the bars.
Series bars_of(std::string name, const ScoreHistogram& scores, std::size_t bars) {
  Series series{.name = std::move(name), .points = {}, .filled = true};
  const std::size_t per_bar = ScoreHistogram::kBins / bars;
  const double whole = std::max(1.0, static_cast<double>(scores.count()));
  for (std::size_t bar = 0; bar < bars; ++bar) {
    std::uint64_t count = 0;
    for (std::size_t bin = bar * per_bar; bin < (bar + 1) * per_bar; ++bin) count += scores.bins()[bin];
    const double share = static_cast<double>(count) / whole;
    series.points.push_back({ScoreHistogram::edge(bar * per_bar), share});
    series.points.push_back({ScoreHistogram::edge((bar + 1) * per_bar), share});
  }
  return series;
}

}  // namespace

Plot roc_plot(std::string title, std::span<const NamedCurve> curves, double lowest_fmr) {
  Plot plot{.title = std::move(title),
            .x = {"false match rate", Scale::log10, usable(lowest_fmr), 1},
            .y = {"true accept rate", Scale::linear, 0, 1}};
  double lowest_tar = 1;
  for (const NamedCurve& curve : curves) {
    plot.series.push_back(series_of(curve, [](const ErrorRates& rate) { return 1 - rate.fnmr; }));
    for (const ErrorRates& rate : curve.rates)
      if (rate.fmr >= plot.x.low) lowest_tar = std::min(lowest_tar, 1 - rate.fnmr);
  }
  // A good system fills only the top: the axis begins at a round value below the curve.
  for (const double start : {0.99, 0.98, 0.95, 0.9, 0.8, 0.5})
    if (lowest_tar >= start) {
      plot.y.low = start;
      break;
    }
  return plot;
}

Plot det_plot(std::string title, std::span<const NamedCurve> curves, double lowest_fmr, double lowest_fnmr) {
  Plot plot{.title = std::move(title),
            .x = {"false match rate", Scale::log10, usable(lowest_fmr), 1},
            .y = {"false non-match rate", Scale::log10, usable(lowest_fnmr), 1}};
  for (const NamedCurve& curve : curves)
    plot.series.push_back(series_of(curve, [](const ErrorRates& rate) { return rate.fnmr; }));
  return plot;
}

Plot histogram_plot(std::string title, const ScoreHistogram& mated, const ScoreHistogram& impostors, int bars) {
  const std::size_t count = std::bit_floor(static_cast<std::size_t>(std::clamp(bars, 16, 1024)));
  Plot plot{.title = std::move(title),
            .x = {"score", Scale::linear, -1, 1},
            .y = {"share of the pairs per bar", Scale::linear, 0, 1},
            .series = {bars_of("mated pairs", mated, count), bars_of("impostor pairs", impostors, count)}};
  double highest = 0;
  double low = 1;
  double high = -1;
  for (const Series& series : plot.series)
    for (const PlotPoint& point : series.points) {
      highest = std::max(highest, point.y);
      if (point.y > 0) low = std::min(low, point.x), high = std::max(high, point.x);
    }
  if (high > low) {
    plot.x.low = low;
    plot.x.high = high;
    plot.y.high = highest * 1.05;
  }
  return plot;
}

}  // namespace vultus::evaluation
