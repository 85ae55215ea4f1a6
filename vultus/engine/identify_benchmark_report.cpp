// Plots and the page of the identification benchmark.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/html_page.hpp>
#include <vultus/engine/identify_benchmark.hpp>
#include <vultus/engine/rate_text.hpp>
#include <vultus/engine/run_facts.hpp>

namespace vultus::engine {
namespace {

std::string range_text(const evaluation::OverSplits& over) { return percent(over.low) + " to " + percent(over.high); }

std::string interval_text(const evaluation::Figure& figure) {
  if (!figure.interval) return "too few people";
  return percent(figure.interval->low) + " to " + percent(figure.interval->high);
}

void add_numbers(HtmlPage& page, const IdentifyBenchResult& result) {
  page.section("numbers", "Numbers");
  page.begin_table("numbers", {"Measure", "Mean over the splits", "Middle 95 % of the splits"});
  page.row("The right person comes first (rank 1)", {percent(result.rank1.mean), range_text(result.rank1)});
  for (const DirRow& one : result.dir) {
    const std::string name =
        fmt::format("... and is named, where {} strangers is (FPIR {:g})", one_of(one.fpir), one.fpir);
    if (one.dir)
      page.row(name, {percent(one.dir->mean), range_text(*one.dir)});
    else
      page.row(name, {"-", "too few strangers"});
  }
  page.end_table();
  page.paragraph(
      "The splits share people: the range shows how much the choice of people matters, not what other data would "
      "give.");
}

Status add_degraded(HtmlPage& page, const IdentifyBenchResult& result) {
  if (result.degraded.empty()) return {};
  page.section("degraded", "Degraded probes");
  page.paragraph(
      fmt::format("Gallery as it is; threshold {:.4f}, chosen on undegraded strangers for a share of {} who "
                  "get a name. Intervals: 95 %, bootstrap over people.",
                  result.degraded_threshold, percent(result.degraded_fpir)));
  page.html("<div class=\"figures\">\n");
  for (const DegradedCurve& curve : result.degraded) {
    VULTUS_TRY(const std::string svg, evaluation::svg(degraded_plot(result, curve)));
    page.html("<figure>" + svg + "</figure>\n");
  }
  page.html("</div>\n");
  for (const DegradedCurve& curve : result.degraded) {
    page.begin_table("degraded", {std::string(level_unit(curve.kind)), "Named rightly", "95 % interval", "Rank 1",
                                  "Strangers named", "No face"});
    for (const DegradedRow& one : curve.rows)
      page.row(one.clean ? "as it is" : fmt::format("{:g}", one.level),
               {percent(one.dir.value), interval_text(one.dir), percent(one.rank1), percent(one.fpir.value),
                fmt::format("{} of {}", one.without_face, one.mated + one.strangers)});
    page.end_table();
  }
  return {};
}

void add_evidence(HtmlPage& page, const IdentifyBenchResult& result, const Engine& engine) {
  page.section("evidence", "What these numbers rest on");
  std::vector<std::pair<std::string, std::string>> rows{
      {"Protocol",
       fmt::format("{} random splits of people (seed {}): {} enrolled with one picture each, {} probes of them, {} "
                   "probes of strangers",
                   result.options.splits, result.options.seed, grouped(result.enrolled), grouped(result.mated),
                   grouped(result.strangers))},
      {"Error of the preset's probability (ECE)",
       result.probability_ece ? fmt::format("{:.4f}, on the first split", *result.probability_ece) : "no probability"},
      {"Data", result.options.images},
      {"SHA-256 of people and pictures", result.data_sha256},
      {"Pictures without a face",
       fmt::format("{}; as probes they are missed, they raise no alarm", result.without_face.size())}};
  add_run_facts(rows, engine, result.seconds, static_cast<std::size_t>(result.pictures));
  page.facts(rows);
}

}  // namespace

evaluation::Plot identify_plot(const IdentifyBenchResult& result) {
  evaluation::Plot plot{.title = "Known people named over strangers named",
                        .note = fmt::format("{} people enrolled with one picture, mean and middle 95 % of {} splits",
                                            grouped(result.enrolled), result.options.splits),
                        .x = {"share of strangers who get a name (FPIR)", evaluation::Scale::log10,
                              std::max(1e-6, result.smallest_fpir), 0.5},
                        .y = {"known people named rightly (DIR)", evaluation::Scale::linear, 0, 1}};
  evaluation::Series mean{.name = "mean", .points = {}};
  evaluation::Series low{.name = "lower end", .points = {}};
  evaluation::Series high{.name = "upper end", .points = {}};
  double lowest = 1;
  for (const DirRow& one : result.curve) {
    if (!one.dir) continue;
    mean.points.push_back({one.fpir, one.dir->mean});
    low.points.push_back({one.fpir, one.dir->low});
    high.points.push_back({one.fpir, one.dir->high});
    lowest = std::min(lowest, one.dir->low);
  }
  for (const double start : {0.95, 0.9, 0.8, 0.5})
    if (lowest >= start) {
      plot.y.low = start;
      break;
    }
  plot.series = {std::move(mean), std::move(low), std::move(high)};
  return plot;
}

evaluation::Plot degraded_plot(const IdentifyBenchResult& result, const DegradedCurve& curve) {
  evaluation::Plot plot{.title = "Probes with " + std::string(name_of(curve.kind)),
                        .note = fmt::format("at the threshold where {} of undegraded strangers get a name",
                                            percent(result.degraded_fpir)),
                        .x = {std::string(level_unit(curve.kind)), evaluation::Scale::linear, 0, 1},
                        .y = {"share", evaluation::Scale::linear, 0, 1}};
  evaluation::Series dir{.name = "known people named rightly", .points = {}};
  evaluation::Series low{.name = "lower end", .points = {}};
  evaluation::Series high{.name = "upper end", .points = {}};
  evaluation::Series alarms{.name = "strangers named", .points = {}};
  double first = 1e9;
  double last = -1e9;
  for (const DegradedRow& one : curve.rows) {
    const bool starts_at_zero = curve.kind == Degradation::blur || curve.kind == Degradation::occlusion;
    if (one.clean && !starts_at_zero) continue;  // the quality and size of the pictures as they are have no one number
    const double level = one.clean ? 0 : one.level;
    first = std::min(first, level);
    last = std::max(last, level);
    dir.points.push_back({level, one.dir.value});
    if (one.dir.interval) {
      low.points.push_back({level, one.dir.interval->low});
      high.points.push_back({level, one.dir.interval->high});
    }
    alarms.points.push_back({level, one.fpir.value});
  }
  if (last > first) {
    plot.x.low = first;
    plot.x.high = last;
  }
  plot.series = {std::move(dir), std::move(low), std::move(high), std::move(alarms)};
  return plot;
}

Result<std::string> identify_benchmark_report(const IdentifyBenchResult& result, const Engine& engine) {
  HtmlPage page("Identification: rank 1 " + percent(result.rank1.mean));
  page.subtitle("Who is it, or is it a stranger? Preset " + engine.preset().id + ", " + engine.backend() + ".");
  std::vector<Tile> tiles{{percent(result.rank1.mean), "rank 1"}};
  for (const DirRow& one : result.dir)
    if (one.fpir < 0.05)
      tiles.push_back({one.dir ? percent(one.dir->mean) : "-", fmt::format("named at FPIR {:g}", one.fpir)});
  tiles.push_back({grouped(result.enrolled), "people enrolled"});
  tiles.push_back({grouped(result.pictures), "pictures"});
  page.tiles(tiles);
  add_numbers(page, result);
  if (!result.curve.empty()) {
    page.section("curve", "Curve");
    VULTUS_TRY(const std::string svg, evaluation::svg(identify_plot(result)));
    page.html("<div class=\"figures\">\n<figure>" + svg + "</figure>\n</div>\n");
  }
  VULTUS_CHECK(add_degraded(page, result));
  add_evidence(page, result, engine);
  return std::move(page).finish();
}

}  // namespace vultus::engine
