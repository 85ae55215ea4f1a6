// Plots as self-contained SVG: for a file of its own or inside an HTML page, in light and dark.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/score_histogram.hpp>
#include <vultus/evaluation/verification.hpp>

namespace vultus::evaluation {

enum class Scale : std::uint8_t { linear, log10 };

struct Axis {
  std::string label;
  Scale scale = Scale::linear;
  double low = 0;   ///< at the origin; > 0 on a logarithmic axis
  double high = 1;  ///< > low
  bool operator==(const Axis&) const = default;
};

struct PlotPoint {
  double x = 0;
  double y = 0;
  bool operator==(const PlotPoint&) const = default;
};

/// A line through points in their order. Points that are not finite, or not above 0 on a logarithmic axis, are left
/// out.
struct Series {
  std::string name;  ///< for the legend
  std::vector<PlotPoint> points;
  bool filled = false;  ///< shade the area down to the x axis
  bool operator==(const Series&) const = default;
};

/// A vertical line with a name, for example a threshold.
struct Marker {
  double x = 0;
  std::string label;
  bool operator==(const Marker&) const = default;
};

struct Plot {
  std::string title;
  std::string note;  ///< under the title: data and protocol; may be empty
  Axis x;
  Axis y;
  std::vector<Series> series;
  std::vector<Marker> markers;
  int width = 720;   ///< pixels, [240, 4096]
  int height = 440;  ///< pixels without the legend, [200, 4096]
  bool operator==(const Plot&) const = default;
};

/// Draws a plot: axes, ticks, grid, legend, and a text alternative. Series differ in colour and in dashes. Colours
/// follow the reader's light or dark setting; a page can set its own through the classes `vultus-plot ...`.
/// @return one SVG element without XML declaration, UTF-8; the same plot gives the same bytes
/// @error invalid_argument  an axis without room (low, high, scale), a size out of range, more than 24 series
/// @thread no state
[[nodiscard]] Result<std::string> svg(const Plot& plot);

/// Text as it may stand in XML and HTML: the five special characters escaped, control characters and bytes that are not
/// UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string escape_xml(std::string_view text);

/// Rates with a name for the legend.
struct NamedCurve {
  std::string name;
  std::vector<ErrorRates> rates;
};

/// True accept rate over false match rate; the false match rate on a logarithmic axis from `lowest_fmr` to 1.
/// @param lowest_fmr  (0, 0.1]; usually 1 / impostor pairs
[[nodiscard]] Plot roc_plot(std::string title, std::span<const NamedCurve> curves, double lowest_fmr);

/// False non-match rate over false match rate, both logarithmic, down to `lowest_fmr` and `lowest_fnmr`.
/// @param lowest_fmr, lowest_fnmr  (0, 0.1]
[[nodiscard]] Plot det_plot(std::string title, std::span<const NamedCurve> curves, double lowest_fmr,
                            double lowest_fnmr);

/// Share of mated and of impostor scores per bar over the range that holds scores.
/// @param bars  over [-1, 1]: a power of two, [16, 1024]; other values are moved to one of those
[[nodiscard]] Plot histogram_plot(std::string title, const ScoreHistogram& mated, const ScoreHistogram& impostors,
                                  int bars = 128);

}  // namespace vultus::evaluation
