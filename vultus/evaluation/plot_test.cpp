#include <vultus/evaluation/plot.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::evaluation {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Why a text is not well-formed enough for an XML reader: tags that do not pair, stray < or &. Empty = fine.
std::string fault_of(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < xml.size(); ++at) {
    if (xml[at] == '&' && xml.substr(at, 5) != "&amp;" && xml.substr(at, 4) != "&lt;" && xml.substr(at, 4) != "&gt;" &&
        xml.substr(at, 6) != "&quot;" && xml.substr(at, 5) != "&#39;")
      return "stray & at " + std::to_string(at);
    if (xml[at] != '<') continue;
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos) return "unclosed < at " + std::to_string(at);
    const std::string tag = xml.substr(at + 1, end - at - 1);
    if (tag.find('<') != std::string::npos) return "< inside <" + tag;
    const std::string name = tag.substr(0, tag.find_first_of(" /\n", 1));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return "unexpected <" + tag + ">";
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
    at = end;
  }
  return open.empty() ? "" : "open <" + open.back() + ">";
}

Plot line(std::vector<PlotPoint> points) {
  return Plot{.title = "t",
              .x = {"x", Scale::linear, 0, 1},
              .y = {"y", Scale::linear, 0, 1},
              .series = {{.name = "s", .points = std::move(points)}}};
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(Svg, PutsPointsWhereTheyBelong) {
  // Plotting area: 720 - 70 - 22 = 628 wide, 440 - 44 - 52 = 344 high, y down.
  EXPECT_THAT(svg(line({{0, 0}, {0.5, 0.25}, {1, 1}})).value(), HasSubstr("d=\"M0.0 344.0L314.0 258.0L628.0 0.0\""));
  Plot log = line({{1e-4, 0}, {1e-2, 0.5}, {1, 1}});
  log.x = {"x", Scale::log10, 1e-4, 1};
  EXPECT_THAT(svg(log).value(), HasSubstr("d=\"M0.0 344.0L314.0 172.0L628.0 0.0\""));
}

TEST(Svg, LabelsTheAxesWithRoundNumbers) {
  Plot plot = line({{0, 0}, {1, 1}});
  plot.x = {"false match rate", Scale::log10, 1e-5, 1};
  const std::string drawn = svg(plot).value();
  for (const char* label : {">1e-05<", ">1e-04<", ">0.001<", ">0.01<", ">0.1<", ">1<", ">0.2<", ">0.8<"})
    EXPECT_THAT(drawn, HasSubstr(label));
  EXPECT_EQ(count(drawn, "class=\"tick\""), 12U);  // six decades, and 0 to 1 by .2
}

TEST(Svg, IsWellFormedAndSafeWhateverTheNames) {
  Plot plot = line({{0, 0}, {1, 1}});
  plot.title = "</title><script>alert(\"x\")</script> & 'more'";
  plot.note = "\x01\xff\xC3\x28 \xE2\x82\xAC";
  plot.series[0].name = "<b>";
  plot.markers = {{0.5, "a<b"}};
  plot.y.label = "]]>";
  const std::string drawn = svg(plot).value();
  EXPECT_EQ(fault_of(drawn), "");
  EXPECT_THAT(drawn, Not(HasSubstr("<script")));
  EXPECT_THAT(drawn, HasSubstr("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;more&#39;"));
  EXPECT_THAT(drawn, HasSubstr("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD( \xE2\x82\xAC"));
  EXPECT_EQ(count(drawn, "http"), 1U) << "the name space only: nothing is loaded from elsewhere";
}

TEST(Svg, LeavesOutWhatCannotBeDrawn) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  Plot plot = line({{0, 1}, {0.1, nan}, {0.01, 0.5}, {inf, 0.5}, {1e300, 0.25}});
  plot.x = {"x", Scale::log10, 1e-4, 1};
  const std::string drawn = svg(plot).value();
  EXPECT_EQ(count(drawn, "nan"), 0U);
  EXPECT_EQ(count(drawn, "inf"), 0U);
  EXPECT_THAT(drawn, HasSubstr("d=\"M314.0 172.0L"));
  EXPECT_EQ(fault_of(svg(line({})).value()), "");
}

TEST(Svg, DoesNotRepeatPointsOnOnePixel) {
  std::vector<PlotPoint> dense;
  dense.reserve(200001);
  for (int i = 0; i <= 200000; ++i) dense.push_back({i / 200000.0, 0.5});
  EXPECT_LT(svg(line(dense)).value().size(), 120000U);  // 6,280 places of a tenth of a pixel
}

TEST(Svg, RefusesAxesWithoutRoom) {
  Plot plot = line({});
  plot.x.high = 0;
  EXPECT_EQ(svg(plot).error().message, "x axis from 0 to 0: low must be below high");
  plot = line({});
  plot.y.scale = Scale::log10;
  EXPECT_EQ(svg(plot).error().message, "y axis from 0 to 1 (logarithmic): low must be below high and above 0");
  plot = line({});
  plot.width = 100;
  EXPECT_EQ(svg(plot).error().message, "plot of 100x440 pixels: 240x200 to 4096x4096");
  plot = line({});
  plot.series.resize(25);
  EXPECT_FALSE(svg(plot));
}

TEST(EscapeXml, KeepsTextAndReplacesWhatXmlForbids) {
  EXPECT_EQ(escape_xml("Zo\xC3\xAB \xF0\x9F\x98\x80\n\t"), "Zo\xC3\xAB \xF0\x9F\x98\x80\n\t");
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(escape_xml(std::string_view("a\0b", 3)), "a" + bad + "b");
  EXPECT_EQ(escape_xml("\xC0\x80"), bad + bad);                      // overlong
  EXPECT_EQ(escape_xml("\xED\xA0\x80"), bad + bad + bad);            // surrogate
  EXPECT_EQ(escape_xml("\xF4\x90\x80\x80"), bad + bad + bad + bad);  // beyond U+10FFFF
  EXPECT_EQ(escape_xml("\xE2\x82"), bad + bad);                      // cut off
  EXPECT_EQ(escape_xml("\xEF\xBF\xBF"), bad);                        // no character
}

TEST(RocPlot, ShowsTrueAcceptsOverFalseMatches) {
  // Two points by hand: threshold .2: FMR .1, FNMR .5; threshold .1: FMR 1, FNMR 0.
  const std::vector<NamedCurve> curves{{"model", {{0.1, 1, 0}, {0.2, 0.1, 0.5}}}};
  const Plot plot = roc_plot("ROC", curves, 1e-3);
  EXPECT_EQ(plot.series[0].points, (std::vector<PlotPoint>{{0.1, 0.5}, {1, 1}}));
  EXPECT_EQ(plot.y.low, 0.5);
  EXPECT_TRUE(svg(plot));
  EXPECT_EQ(det_plot("DET", curves, 1e-3, 1e-3).series[0].points, (std::vector<PlotPoint>{{0.1, 0.5}, {1, 0}}));
  EXPECT_TRUE(svg(det_plot("DET", curves, 0, -1))) << "odd limits give a plot with usual ones";
}

TEST(HistogramPlot, HasTheSharesAsBars) {
  ScoreHistogram mated, impostors;
  for (int i = 0; i < 3; ++i) mated.add(0.51F);
  mated.add(0.9F);
  impostors.add(0.01F);
  const Plot plot = histogram_plot("scores", mated, impostors, 16);  // bars of 1/8
  double highest = 0;
  for (const PlotPoint& p : plot.series[0].points) {
    if (p.y > 0 && p.x < 0.7) {
      EXPECT_DOUBLE_EQ(p.y, 0.75) << p.x;  // three of four lie in [.5, .625)
      EXPECT_TRUE(p.x == 0.5 || p.x == 0.625);
    }
    highest = std::max(highest, p.y);
  }
  EXPECT_DOUBLE_EQ(highest, 0.75);
  EXPECT_DOUBLE_EQ(plot.x.low, 0);
  EXPECT_DOUBLE_EQ(plot.x.high, 1);
  EXPECT_TRUE(svg(plot));
  EXPECT_TRUE(svg(histogram_plot("nothing", {}, {})));
}

}  // namespace
}  // namespace vultus::evaluation
