#include <vultus/evaluation/plot.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr std::array kDashes{"none", "8 3", "3 3", "10 3 3 3", "1 3", "14 4"};
constexpr double kLeft = 70;  // room for tick labels and the title of the y axis
constexpr double kRight = 22;
constexpr double kBottom = 52;
constexpr double kLegendRow = 20;
constexpr double kLetter = 6.6;  // mean width at 12 px: no font is measured here
constexpr std::size_t kMaxSeries = 24;

/// Colours of text, grid and six series in both settings. Inside HTML a <style> reaches the whole page: every selector
/// begins with the class of the plot.
constexpr std::string_view kStyle = R"(<style>
.vultus-plot{font:12px system-ui,"DejaVu Sans",sans-serif;max-width:100%;height:auto}
.vultus-plot .paper{fill:#ffffff}.vultus-plot text{fill:#1f2328}.vultus-plot .note{fill:#59636e}
.vultus-plot .title{font-size:15px;font-weight:600}.vultus-plot .grid{stroke:#d8dee4;fill:none}
.vultus-plot .frame{stroke:#59636e;fill:none}.vultus-plot .marker{stroke:#1f2328;stroke-dasharray:2 3;fill:none}
.vultus-plot .line{fill:none;stroke-width:1.8;stroke-linejoin:round}.vultus-plot .area{stroke:none;fill-opacity:.22}
.vultus-plot .line.c0{stroke:#0969da}.vultus-plot .line.c1{stroke:#bc4c00}.vultus-plot .line.c2{stroke:#1a7f37}
.vultus-plot .line.c3{stroke:#8250df}.vultus-plot .line.c4{stroke:#bf3989}.vultus-plot .line.c5{stroke:#57606a}
.vultus-plot .area.c0{fill:#0969da}.vultus-plot .area.c1{fill:#bc4c00}.vultus-plot .area.c2{fill:#1a7f37}
.vultus-plot .area.c3{fill:#8250df}.vultus-plot .area.c4{fill:#bf3989}.vultus-plot .area.c5{fill:#57606a}
@media (prefers-color-scheme:dark){
.vultus-plot .paper{fill:#0d1117}.vultus-plot text{fill:#e6edf3}.vultus-plot .note{fill:#9198a1}
.vultus-plot .grid{stroke:#2a313c}.vultus-plot .frame{stroke:#9198a1}.vultus-plot .marker{stroke:#e6edf3}
.vultus-plot .line.c0{stroke:#58a6ff}.vultus-plot .line.c1{stroke:#f0883e}.vultus-plot .line.c2{stroke:#3fb950}
.vultus-plot .line.c3{stroke:#bc8cff}.vultus-plot .line.c4{stroke:#f778ba}.vultus-plot .line.c5{stroke:#9198a1}
.vultus-plot .area.c0{fill:#58a6ff}.vultus-plot .area.c1{fill:#f0883e}.vultus-plot .area.c2{fill:#3fb950}
.vultus-plot .area.c3{fill:#bc8cff}.vultus-plot .area.c4{fill:#f778ba}.vultus-plot .area.c5{fill:#9198a1}}
</style>)";

double on(Scale scale, double value) { return scale == Scale::log10 ? std::log10(value) : value; }

bool can_show(Scale scale, double value) { return std::isfinite(value) && (scale == Scale::linear || value > 0); }

/// Position on an axis, [0, 1] inside it. The ends are clamped far outside, so that no coordinate overflows.
double along(const Axis& axis, double value) {
  const double low = on(axis.scale, axis.low);
  const double high = on(axis.scale, axis.high);
  return std::clamp((on(axis.scale, value) - low) / (high - low), -10.0, 11.0);
}

Status check(const Axis& axis, const char* name) {
  if (!can_show(axis.scale, axis.low) || !can_show(axis.scale, axis.high) || !(axis.high > axis.low) ||
      !std::isfinite(on(axis.scale, axis.high) - on(axis.scale, axis.low)))
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} axis from {} to {}{}: low must be below high{}", name, axis.low, axis.high,
                            axis.scale == Scale::log10 ? " (logarithmic)" : "",
                            axis.scale == Scale::log10 ? " and above 0" : ""));
  return {};
}

Status check(const Plot& plot) {
  VULTUS_CHECK(check(plot.x, "x"));
  VULTUS_CHECK(check(plot.y, "y"));
  if (plot.width < 240 || plot.width > 4096 || plot.height < 200 || plot.height > 4096)
    return fail(ErrorCode::invalid_argument,
                fmt::format("plot of {}x{} pixels: 240x200 to 4096x4096", plot.width, plot.height));
  if (plot.series.size() > kMaxSeries)
    return fail(ErrorCode::invalid_argument,
                fmt::format("plot of {} series, the limit is {}", plot.series.size(), kMaxSeries));
  return {};
}

/// Tick positions: whole decades, or steps of 1, 2 or 5 times a power of ten.
std::vector<double> ticks(const Axis& axis, int wanted) {
  std::vector<double> at;
  if (axis.scale == Scale::log10) {
    // Exponents of double lie within -324 and 308.
    const auto first = static_cast<int>(std::ceil(std::log10(axis.low) - 1e-9));
    const auto last = static_cast<int>(std::floor(std::log10(axis.high) + 1e-9));
    const int step = std::max(1, (last - first + wanted - 1) / wanted);
    for (int exponent = first; exponent <= last; exponent += step) at.push_back(std::pow(10.0, exponent));
    if (at.size() > 1) return at;
    return {axis.low, axis.high};
  }
  const double rough = (axis.high - axis.low) / wanted;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double share = rough / power;
  const double step = power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
  const double first = std::ceil(axis.low / step - 1e-9);
  const double last = std::floor(axis.high / step + 1e-9);
  for (int i = 0; i <= 2 * wanted && first + i <= last; ++i) at.push_back(first + i == 0 ? 0 : (first + i) * step);
  return at;
}

std::string tick_text(const Axis& axis, double value) {
  if (axis.scale == Scale::log10 && value < 0.001) return fmt::format("{:.0e}", value);
  return fmt::format("{:.6g}", value);
}

/// The plotting area in pixels and what is drawn around it.
class Canvas {
 public:
  explicit Canvas(const Plot& plot)
      : plot_(plot),
        top_(plot.note.empty() ? 44 : 62),
        width_(plot.width - kLeft - kRight),
        height_(plot.height - top_ - kBottom) {}

  std::string draw() {
    const std::size_t per_row = legend_columns();
    const std::size_t rows = (plot_.series.size() + per_row - 1) / per_row;
    const double total = plot_.height + static_cast<double>(rows) * kLegendRow + (rows > 0 ? 8 : 0);
    out_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"vultus-plot\" role=\"img\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" aria-label=\"{2}\">\n<title>{2}</title>\n<desc>{3}</desc>\n{4}\n"
        "<rect class=\"paper\" width=\"{0}\" height=\"{1}\"/>\n",
        plot_.width, total, escape_xml(plot_.title), description(), kStyle);
    text(kLeft, 24, "title", "start", plot_.title);
    if (!plot_.note.empty()) text(kLeft, 44, "note", "start", plot_.note);
    axes();
    lines();
    markers();
    legend(per_row);
    return std::move(out_) + "</svg>\n";
  }

 private:
  [[nodiscard]] double px(double x) const { return width_ * along(plot_.x, x); }
  [[nodiscard]] double py(double y) const { return height_ * (1 - along(plot_.y, y)); }

  void text(double x, double y, std::string_view style, std::string_view anchor, std::string_view content) {
    out_ += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", style, x, y,
                        anchor, escape_xml(content));
  }

  [[nodiscard]] std::string description() const {
    std::string all = fmt::format("{} over {}.", plot_.y.label, plot_.x.label);
    for (const Series& one : plot_.series) all += fmt::format(" {}: {} points.", one.name, one.points.size());
    for (const Marker& one : plot_.markers) all += fmt::format(" {} at {:.6g}.", one.label, one.x);
    return escape_xml(all);
  }

  void axes() {
    std::string grid;
    for (const double x : ticks(plot_.x, 8)) {
      const double at = kLeft + px(x);
      grid += fmt::format("M{:.1f} {:.1f}V{:.1f}", at, top_, top_ + height_);
      text(at, top_ + height_ + 17, "tick", "middle", tick_text(plot_.x, x));
    }
    for (const double y : ticks(plot_.y, 6)) {
      const double at = top_ + py(y);
      grid += fmt::format("M{:.1f} {:.1f}H{:.1f}", kLeft, at, kLeft + width_);
      text(kLeft - 8, at + 4, "tick", "end", tick_text(plot_.y, y));
    }
    out_ += fmt::format("<path class=\"grid\" d=\"{}\"/>\n", grid);
    out_ += fmt::format("<rect class=\"frame\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", kLeft,
                        top_, width_, height_);
    text(kLeft + width_ / 2, top_ + height_ + 38, "label", "middle", plot_.x.label);
    out_ += fmt::format(
        "<text class=\"label\" transform=\"translate(16 {:.1f}) rotate(-90)\" text-anchor=\"middle\">{}"
        "</text>\n",
        top_ + height_ / 2, escape_xml(plot_.y.label));
  }

  /// Path data of a series; a point that lands on the tenth of a pixel of the one before adds nothing.
  [[nodiscard]] std::string path_of(const Series& series) const {
    std::string path;
    std::string last;
    double first_x = 0;
    double last_x = 0;
    for (const PlotPoint& point : series.points) {
      if (!can_show(plot_.x.scale, point.x) || !can_show(plot_.y.scale, point.y)) continue;
      last_x = px(point.x);
      std::string next = fmt::format("{:.1f} {:.1f}", last_x, py(point.y));
      if (next == last) continue;
      if (path.empty()) first_x = last_x;
      path += (path.empty() ? "M" : "L") + next;
      last = std::move(next);
    }
    if (series.filled && !path.empty())
      path += fmt::format("L{:.1f} {:.1f}L{:.1f} {:.1f}Z", last_x, height_, first_x, height_);
    return path;
  }

  void lines() {
    // A nested <svg> clips what leaves the axes without an id that could meet another plot's on the same page.
    out_ += fmt::format("<svg x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" overflow=\"hidden\">\n",
                        kLeft, top_, width_, height_);
    for (std::size_t i = 0; i < plot_.series.size(); ++i) {
      const std::string path = path_of(plot_.series[i]);
      if (path.empty()) continue;
      if (plot_.series[i].filled)
        out_ += fmt::format("<path class=\"area c{}\" d=\"{}\"/>\n", i % kDashes.size(), path);
      out_ += fmt::format("<path class=\"line c{}\" stroke-dasharray=\"{}\" d=\"{}\"/>\n", i % kDashes.size(), dash(i),
                          path);
    }
    out_ += "</svg>\n";
  }

  [[nodiscard]] static std::string_view dash(std::size_t series) { return kDashes[series % kDashes.size()]; }

  void markers() {
    double lift = 0;  // neighbours get their names in different heights
    for (const Marker& marker : plot_.markers) {
      if (!can_show(plot_.x.scale, marker.x)) continue;
      const double share = along(plot_.x, marker.x);
      if (share < 0 || share > 1) continue;
      const double at = kLeft + width_ * share;
      out_ += fmt::format("<path class=\"marker\" d=\"M{:.1f} {:.1f}V{:.1f}\"/>\n", at, top_, top_ + height_);
      const bool flip = share > 0.6;
      text(flip ? at - 5 : at + 5, top_ + 14 + lift, "mark", flip ? "end" : "start", marker.label);
      lift = lift > 50 ? 0 : lift + 16;
    }
  }

  [[nodiscard]] std::size_t legend_columns() const {
    std::size_t longest = 1;
    for (const Series& one : plot_.series) longest = std::max(longest, one.name.size());
    const double column = static_cast<double>(longest) * kLetter + 52;
    return std::max<std::size_t>(1, static_cast<std::size_t>(width_ / column));
  }

  void legend(std::size_t per_row) {
    const double column = width_ / static_cast<double>(per_row);
    for (std::size_t i = 0; i < plot_.series.size(); ++i) {
      const double x = kLeft + column * static_cast<double>(i % per_row);
      const std::size_t row = i / per_row;
      const double y = plot_.height + 8 + kLegendRow * static_cast<double>(row);
      out_ += fmt::format("<path class=\"line c{}\" stroke-dasharray=\"{}\" d=\"M{:.1f} {:.1f}h28\"/>\n",
                          i % kDashes.size(), dash(i), x, y - 4);
      text(x + 36, y, "entry", "start", plot_.series[i].name);
    }
  }

  const Plot& plot_;
  double top_;
  double width_;
  double height_;
  std::string out_;
};

}  // namespace

Result<std::string> svg(const Plot& plot) {
  VULTUS_CHECK(check(plot));
  return Canvas(plot).draw();
}

}  // namespace vultus::evaluation
