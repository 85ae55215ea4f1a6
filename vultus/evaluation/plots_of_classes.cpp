#include <vultus/evaluation/plots_of_classes.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr std::size_t kMostClasses = 40;
constexpr double kLetterWidth = 6.6;  // mean width at 12 px: no font is measured here
constexpr double kCell = 46;
constexpr double kHead = 44;

/// Every selector begins with the class of the plot, because inside HTML a <style> reaches the whole page.
constexpr std::string_view kConfusionStyle = R"(<style>
.vultus-confusion{font:12px system-ui,"DejaVu Sans",sans-serif;max-width:100%;height:auto}
.vultus-confusion .paper{fill:#ffffff}.vultus-confusion text{fill:#1f2328}.vultus-confusion .title{font-size:15px;font-weight:600}
.vultus-confusion .cell{fill:#0969da;stroke:#d8dee4}.vultus-confusion .dark{fill:#ffffff}.vultus-confusion .count{font-size:10px}
@media (prefers-color-scheme:dark){.vultus-confusion .paper{fill:#0d1117}.vultus-confusion text{fill:#e6edf3}
.vultus-confusion .cell{fill:#58a6ff;stroke:#2a313c}.vultus-confusion .dark{fill:#0d1117}}
</style>)";

}  // namespace

Plot reliability_plot(std::string title, std::span<const ReliabilityBin> bins) {
  Plot plot{
      .title = std::move(title),
      .x = {"confidence", Scale::linear, 0, 1},
      .y = {"share that is right", Scale::linear, 0, 1},
      .series = {{.name = "as sure as it should be", .points = {{0, 0}, {1, 1}}}, {.name = "measured", .points = {}}},
      .width = 480,
      .height = 440};
  for (const ReliabilityBin& bin : bins) plot.series.back().points.push_back({bin.confidence, bin.accuracy});
  return plot;
}

Result<std::string> confusion_svg(const std::string& title, const ConfusionMatrix& matrix,
                                  std::span<const std::string> names) {
  const std::size_t n = matrix.classes();
  if (names.size() != n || n > kMostClasses)
    return fail(ErrorCode::invalid_argument,
                fmt::format("confusion matrix of {} classes with {} names: the same number, "
                            "at most {}",
                            n, names.size(), kMostClasses));
  std::size_t longest = 5;
  for (const std::string& name : names) longest = std::max(longest, name.size());
  const double left = 24 + static_cast<double>(longest) * kLetterWidth;
  const double side = kCell * static_cast<double>(n);
  const double width = left + side + 24;
  const double height = kHead + side + left;
  const std::string heading = escape_xml(title);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"vultus-confusion\" role=\"img\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" aria-label=\"{2}\">\n<title>{2}</title>\n<desc>Rows are what "
      "it is, columns what it was called.</desc>\n{3}\n<rect class=\"paper\" width=\"{0:.0f}\" height=\"{1:.0f}\"/>\n"
      "<text class=\"title\" x=\"16\" y=\"24\">{2}</text>\n",
      width, height, heading, kConfusionStyle);
  for (std::size_t truth = 0; truth < n; ++truth) {
    const double y = kHead + kCell * static_cast<double>(truth);
    const std::string name = escape_xml(names[truth]);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", left - 8, y + kCell / 2 + 4,
                       name);
    const double column = left + kCell * (static_cast<double>(truth) + 0.5);
    out += fmt::format("<text transform=\"translate({:.1f} {:.1f}) rotate(-90)\" text-anchor=\"end\">{}</text>\n",
                       column + 4, kHead + side + 8, name);
    const auto support = static_cast<double>(matrix.support(truth));
    for (std::size_t called = 0; called < n; ++called) {
      const double share = support > 0 ? static_cast<double>(matrix.at(truth, called)) / support : 0;
      const double x = left + kCell * static_cast<double>(called);
      out += fmt::format(
          "<rect class=\"cell\" fill-opacity=\"{:.3f}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{}\"/>\n"
          "<text{} x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:.2f}</text>"
          "<text class=\"count{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
          share, x, y, kCell, kCell, share > 0.6 ? " class=\"dark\"" : "", x + kCell / 2, y + kCell / 2, share,
          share > 0.6 ? " dark" : "", x + kCell / 2, y + kCell / 2 + 14, matrix.at(truth, called));
    }
  }
  return out + "</svg>\n";
}

}  // namespace vultus::evaluation
