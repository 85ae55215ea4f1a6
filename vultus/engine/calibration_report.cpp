#include <vultus/engine/calibration_report.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <vultus/core/version.hpp>
#include <vultus/engine/html_page.hpp>
#include <vultus/engine/rate_text.hpp>
#include <vultus/evaluation/plot.hpp>

namespace vultus::engine {
namespace {

using evaluation::Figure;

std::string rate_text(double rate) { return rate == 0 ? "0" : fmt::format("{:.3g} %", rate * 100); }

std::string interval_text(const Figure& figure) {
  if (!figure.interval) return "too few people";
  return rate_text(figure.interval->low) + " to " + rate_text(figure.interval->high);
}

/// Some hundred of the many points of a curve: those that can be told apart in a plot.
std::vector<evaluation::ErrorRates> thinned(const std::vector<evaluation::ErrorRates>& curve) {
  constexpr double kStep = 0.01;  // of the logarithm of a rate
  const auto place = [](double rate) { return std::log10(std::max(rate, 1e-12)); };
  std::vector<evaluation::ErrorRates> kept;
  for (const evaluation::ErrorRates& point : curve)
    if (kept.empty() || std::abs(place(point.fmr) - place(kept.back().fmr)) >= kStep ||
        std::abs(place(point.fnmr) - place(kept.back().fnmr)) >= kStep)
      kept.push_back(point);
  return kept;
}

Status add_curves(HtmlPage& page, const CalibrationResult& result) {
  page.section("curves", "Curves");
  const auto& mated = result.histograms.mated;
  const auto& impostors = result.histograms.impostors;
  evaluation::Plot scores = evaluation::histogram_plot("Similarity of the pairs", mated, impostors);
  scores.note = "pairs of one person, and of different people";
  scores.markers.push_back({double{result.record.at.threshold.value()}, "threshold"});
  std::vector<evaluation::Plot> plots;
  if (mated.count() > 0) {
    VULTUS_TRY(const auto curve, evaluation::curve(mated, impostors));
    const std::vector<evaluation::NamedCurve> curves{{"all pairs", thinned(curve)}};
    const double lowest = std::min(0.1, 1.0 / static_cast<double>(std::max<std::uint64_t>(10, impostors.count())));
    const double lowest_fnmr = std::min(0.1, 1.0 / static_cast<double>(std::max<std::uint64_t>(10, mated.count())));
    plots.push_back(evaluation::det_plot("Misses over false matches (DET)", curves, lowest, lowest_fnmr));
    plots.push_back(evaluation::roc_plot("True accepts over false matches (ROC)", curves, lowest));
    for (evaluation::Plot& plot : plots) plot.markers.push_back({result.options.fmr, "wanted rate"});
  } else {
    page.paragraph("Nobody has two pictures, so there are no pairs of one person and no curves of misses.");
  }
  plots.push_back(std::move(scores));
  page.html("<div class=\"figures\">\n");
  for (const evaluation::Plot& plot : plots) {
    VULTUS_TRY(const std::string svg, evaluation::svg(plot));
    page.html("<figure>" + svg + "</figure>\n");
  }
  page.html("</div>\n");
  return {};
}

void add_numbers(HtmlPage& page, const CalibrationResult& result) {
  page.section("numbers", "Numbers at the threshold");
  page.begin_table("numbers", {"Measure", "Value", "95 % interval"});
  page.row("Different people taken for one (FMR)", {rate_text(result.fmr.value), interval_text(result.fmr)});
  if (result.fnmr)
    page.row("Pairs of one person missed (FNMR)", {rate_text(result.fnmr->value), interval_text(*result.fnmr)});
  else if (result.record.mated_pairs > 0)
    page.row("Pairs of one person missed (FNMR)", {"one person alone has several pictures: two are needed", ""});
  if (result.eer) page.row("Equal error rate, at another threshold", {rate_text(*result.eer), ""});
  if (result.open_set) {
    const OpenSet& open = *result.open_set;
    page.row(fmt::format("Strangers who get a name among {} people (FPIR)", grouped(open.people)),
             {rate_text(open.fpir.value), interval_text(open.fpir)});
    page.row("The same guessed from the FMR alone", {rate_text(open.first_guess), ""});
  }
  page.end_table();
  page.html(
      fmt::format("<p class=\"soft small\">Intervals: bootstrap over {} people, {} draws. Of one person's pictures "
                  "drawn several times, copies are not compared with each other.</p>\n",
                  grouped(result.fmr.groups), grouped(result.options.draws)));
  page.section("thresholds", "Thresholds for other rates");
  page.begin_table("thresholds", {"False match rate", "Threshold"});
  for (const ThresholdRow& one : result.record.rows)
    page.row(fmt::format("{:g}", one.false_match_rate), {fmt::format("{:.4f}", one.threshold.value())});
  page.end_table();
}

void add_groups(HtmlPage& page, const CalibrationResult& result) {
  if (result.groups.empty()) return;
  page.section("groups", "Groups at the threshold of all");
  for (const GroupTable& table : result.groups) {
    page.begin_table("groups", {table.column, "People", "Pictures", "False matches", "FMR", "95 % interval", "FNMR",
                                "95 % interval"});
    for (const evaluation::GroupRates& group : table.groups)
      page.row(group.name,
               {grouped(group.persons), grouped(group.pictures),
                grouped(static_cast<std::int64_t>(group.false_matches)) + " of " +
                    grouped(static_cast<std::int64_t>(group.impostor_pairs)),
                group.fmr ? rate_text(group.fmr->value) : "-", group.fmr ? interval_text(*group.fmr) : "-",
                group.fnmr ? rate_text(group.fnmr->value) : "-", group.fnmr ? interval_text(*group.fnmr) : "-"});
    page.end_table();
    const auto ratio = [](const std::optional<double>& value) {
      return value ? fmt::format("{:.2f}", *value) : std::string("not defined (a rate of 0, or a single group)");
    };
    page.paragraph("Highest over lowest FMR: " + ratio(table.fmr_ratio) + "; FNMR: " + ratio(table.fnmr_ratio) +
                   ". Pairs of two groups are in no row.");
  }
}

void add_evidence(HtmlPage& page, const CalibrationResult& result) {
  page.section("evidence", "What these numbers rest on");
  const Calibration& record = result.record;
  const auto& curve = record.logistic;
  std::vector<std::pair<std::string, std::string>> rows{
      {"Protocol", "every picture against every other; the smallest observed similarity that keeps the rate"},
      {"Data", "the user's own: " + result.faces.what},
      {"SHA-256 of the templates", record.data_sha256},
      {"Templates", result.faces.model.text()},
      {"Pairs of different people", grouped(record.impostor_pairs)},
      {"Pairs of one person", grouped(record.mated_pairs)},
      {"Probability", curve ? fmt::format("1 / (1 + exp(-({:.4f} s {:+.4f}))), prior {:g}", curve->slope,
                                          curve->intercept, curve->prior)
                            : result.no_probability},
      {"Its error on people left out (ECE)", record.ece ? fmt::format("{:.4f}", *record.ece) : "not measured"},
      {"Error of the preset's probability", result.preset_ece ? fmt::format("{:.4f}", *result.preset_ece) : "-"},
      {"Random seed", fmt::format("{}", result.options.seed)},
      {"Program", std::string("vultus ") + kVersion}};
  if (result.open_set) rows.emplace_back("Strangers", result.open_set->protocol);
  if (result.faces.without_face > 0)
    rows.emplace_back("Pictures without a face", grouped(result.faces.without_face) + ", left out");
  if (result.left_out > 0)
    rows.emplace_back("Faces left out", grouped(result.left_out) + ": people were drawn from a very large set");
  page.facts(rows);
}

}  // namespace

Result<std::string> calibration_report(const CalibrationResult& result) {
  if (result.histograms.impostors.count() == 0)
    return fail(ErrorCode::invalid_argument, "a calibration without pairs has no page");
  const Calibration& record = result.record;
  HtmlPage page(fmt::format("Calibration: threshold {:.4f}", record.at.threshold.value()));
  page.subtitle(fmt::format("For a false match rate of {:g}, measured on {}.", result.options.fmr, result.faces.what));
  std::vector<Tile> tiles{{fmt::format("{:.4f}", record.at.threshold.value()), "threshold"},
                          {rate_text(result.fmr.value), "false match rate"}};
  if (result.fnmr) tiles.push_back({rate_text(result.fnmr->value), "pairs of one person missed"});
  if (result.open_set) tiles.push_back({rate_text(result.open_set->fpir.value), "strangers who get a name"});
  tiles.push_back({grouped(result.fmr.groups), "people"});
  page.tiles(tiles);
  add_numbers(page, result);
  add_groups(page, result);
  VULTUS_CHECK(add_curves(page, result));
  add_evidence(page, result);
  return std::move(page).finish();
}

}  // namespace vultus::engine
