#include <vultus/engine/lfw_report.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/engine/html_page.hpp>
#include <vultus/engine/rate_text.hpp>
#include <vultus/engine/run_facts.hpp>
#include <vultus/evaluation/plot.hpp>
#include <vultus/evaluation/score_histogram.hpp>

namespace vultus::engine {
namespace {

constexpr const char* kProtocol = "LFW View 2: ten folds, the threshold of each fold from the nine others";

Result<evaluation::Plot> roc_of(const LfwResult& result) {
  VULTUS_TRY(const auto verification, evaluation::Verification::of(result.scores));
  const std::vector<evaluation::NamedCurve> curves{{"Vultus", verification.curve()}};
  const double lowest =
      std::min(0.1, 1.0 / static_cast<double>(std::max<std::size_t>(10, verification.impostor_pairs())));
  evaluation::Plot plot = evaluation::roc_plot("True accepts over false accepts", curves, lowest);
  plot.note = fmt::format("LFW View 2, {} pairs", result.pairs);
  return plot;
}

Result<std::string> scores_svg(const LfwResult& result) {
  evaluation::ScoreHistogram mated;
  evaluation::ScoreHistogram impostors;
  for (const evaluation::ScoredPair& pair : result.scores) (pair.mated ? mated : impostors).add(pair.score);
  evaluation::Plot plot = evaluation::histogram_plot("Similarity of the pairs", mated, impostors);
  plot.note = "the same person, and different people";
  return evaluation::svg(plot);
}

void add_numbers(HtmlPage& page, const LfwResult& result) {
  page.section("numbers", "Numbers");
  page.html(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"numbers\"><table><thead><tr><th "
      "scope=\"col\">Measure</th>"
      "<th scope=\"col\" class=\"number\">Value</th><th scope=\"col\" class=\"number\">95 % "
      "interval</th></tr></thead><tbody>\n");
  const auto row = [&](std::string_view name, double value, const WithInterval& figure) {
    const std::string interval =
        figure.interval ? percent(figure.interval->low) + " to " + percent(figure.interval->high) : "too few people";
    page.html(
        fmt::format("<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
                    html_text(name), percent(value), interval));
  };
  row("Accuracy, mean of ten folds", result.accuracy, result.accuracy_interval);
  row("Equal error rate", result.eer.value, result.eer);
  if (result.tar_at_far_1e2)
    row("True accepts where 1 of 100 strangers passes", result.tar_at_far_1e2->value, *result.tar_at_far_1e2);
  if (result.tar_at_far_1e3)
    row("True accepts where 1 of 1000 strangers passes", result.tar_at_far_1e3->value, *result.tar_at_far_1e3);
  page.html("</tbody></table></div>\n");
  page.html(
      fmt::format("<p class=\"soft small\">Standard error of the accuracy over the folds: {}. Intervals: bootstrap "
                  "over {} persons.</p>\n",
                  percent(result.accuracy_std), result.identities));
}

void add_evidence(HtmlPage& page, const LfwResult& result, const Engine& engine) {
  page.section("evidence", "What these numbers rest on");
  std::vector<std::pair<std::string, std::string>> rows{
      {"Protocol", kProtocol},
      {"Data", "Labeled Faces in the Wild, public data"},
      {"SHA-256 of the pairs", result.pairs_sha256},
      {"Pictures without a face",
       fmt::format("{}; their pairs count as different people", result.without_face.size())}};
  add_run_facts(rows, engine, result.seconds, static_cast<std::size_t>(result.pictures));
  page.facts(rows);
  if (result.without_face.empty()) return;
  page.section("without-face", "Pictures without a face");
  for (const std::string& path : result.without_face) page.paragraph(path);
}

}  // namespace

Result<std::string> lfw_roc_svg(const LfwResult& result) {
  VULTUS_TRY(const evaluation::Plot plot, roc_of(result));
  return evaluation::svg(plot);
}

Result<std::string> lfw_report(const LfwResult& result, const Engine& engine) {
  VULTUS_TRY(const std::string roc, lfw_roc_svg(result));
  VULTUS_TRY(const std::string scores, scores_svg(result));
  HtmlPage page("Labeled Faces in the Wild: " + percent(result.accuracy));
  page.subtitle("Do two pictures show the same person? Preset " + engine.preset().id + ", " + engine.backend() + ".");
  const std::vector<Tile> tiles{
      {percent(result.accuracy), "accuracy"},
      {result.tar_at_far_1e3 ? percent(result.tar_at_far_1e3->value) : "-", "true accepts at FAR 1e-3"},
      {grouped(result.pairs), "pairs"},
      {grouped(result.pictures), "pictures"},
      {fmt::format("{}", result.without_face.size()), "pictures without a face"}};
  page.tiles(tiles);
  add_numbers(page, result);
  page.section("curves", "Curves");
  page.html("<div class=\"figures\">\n<figure>" + roc + "</figure>\n<figure>" + scores + "</figure>\n</div>\n");
  add_evidence(page, result, engine);
  return std::move(page).finish();
}

}  // namespace vultus::engine
