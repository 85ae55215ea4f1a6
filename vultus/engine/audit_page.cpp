#include <vultus/engine/audit_page.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/engine/html_page.hpp>
#include <vultus/engine/rate_text.hpp>
#include <vultus/engine/recogniser_audit.hpp>
#include <vultus/engine/run_facts.hpp>
#include <vultus/evaluation/plot.hpp>

namespace vultus::engine {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 8> kFairnessSentences{
    {{"error", "Share of wrong answers, all groups together."},
     {"od", "Overall disparity: how far the groups fall behind the group that is recognised best."},
     {"cev", "Combined error variance: how unevenly a group's errors are spread over the answers."},
     {"sde", "Symmetric distance error: how far a group's false alarms and misses part from each other."},
     {"tteqodds", "Equalised odds, term by term: mean gap between groups over all pairs of truth and answer."},
     {"ceqodds", "Equalised odds, class by class: mean gap of the right answers and of where the errors go."},
     {"eqopp", "Equal opportunity: mean gap between groups in the share that is recognised."},
     {"dempar", "Demographic parity: mean gap between groups in how often an answer is given."}}};

std::string range_of(const std::optional<evaluation::Interval>& interval, int digits) {
  if (!interval) return "too little data";
  return fmt::format("{:.{}f} to {:.{}f}", interval->low, digits, interval->high, digits);
}

std::string share_range(const std::optional<evaluation::Figure>& figure) {
  if (!figure || !figure->interval) return "too few people";
  return percent(figure->interval->low, 3) + " to " + percent(figure->interval->high, 3);
}

std::string section_name(std::size_t number) { return fmt::format("attribute-{}", number + 1); }

using GroupRate = std::optional<evaluation::Figure> evaluation::GroupRates::*;

/// What is told of one kind of error.
struct ErrorWords {
  bool audit::GroupErrors::*measurable;
  GroupRate rate;
  const char* rates;  // as in "the ranges of the {} of the groups"
  const char* who;    // as in "{} of the group x are {} more often"
  const char* what;
  const char* pairs;
};

/// By how much a 95 % interval becomes wider where so many are held against each other and all shall hold together
/// (Bonferroni, by the normal distribution): 1 for one pair.
double widening(std::size_t pairs) {
  const double outside = 0.05 / static_cast<double>(pairs);
  double low = 0, high = 40;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::sqrt(2.0)) > outside ? low : high) = middle;
  }
  return low / 1.959963984540054;
}

/// What the intervals say about two groups: the plainest sentence that is true.
std::string verdict_of(const audit::RecogniserAudit& rates, const ErrorWords& words) {
  const audit::GroupErrors* worst = nullptr;
  const audit::GroupErrors* best = nullptr;
  std::size_t groups = 0;
  const auto rate_of = [&](const audit::GroupErrors* group) -> const evaluation::Figure& {
    return *(group->rates.*words.rate);
  };
  for (const audit::GroupErrors& group : rates.groups) {
    if (!(group.*words.measurable) || !(group.rates.*words.rate)) continue;
    ++groups;
    if (worst == nullptr || rate_of(&group).value > rate_of(worst).value) worst = &group;
    if (best == nullptr || rate_of(&group).value < rate_of(best).value) best = &group;
  }
  if (groups < 2)
    return fmt::format(
        "Fewer than two groups are large enough to compare their {}. This says nothing about fairness, in "
        "either direction.",
        words.rates);
  const evaluation::Figure &high = rate_of(worst), &low = rate_of(best);
  if (worst == best || !high.interval || !low.interval || high.interval->low <= low.interval->high)
    return fmt::format(
        "The ranges of the {} of the groups meet: this data does not show that {} of one group are {} more "
        "often than those of another.",
        words.rates, words.who, words.what);
  const std::size_t pairs = groups * (groups - 1) / 2;
  const double wider = widening(pairs);
  const bool apart =
      high.value - wider * (high.value - high.interval->low) > low.value + wider * (low.interval->high - low.value);
  std::string text = fmt::format(
      "In this data {} of the group \"{}\" are {} more often than those of the group \"{}\": {} "
      "against {} of the {}. ",
      words.who, worst->rates.name, words.what, best->rates.name, percent(high.value, 3), percent(low.value, 3),
      words.pairs);
  if (pairs == 1) return text + "The ranges do not meet, so this is unlikely to be chance.";
  text += fmt::format("These are the extremes of {} groups. ", groups);
  if (apart)
    return text + fmt::format(
                      "Their ranges do not meet, even when they are widened for the {} pairs of groups that are "
                      "compared, so this is unlikely to be chance.",
                      pairs);
  return text + fmt::format(
                    "Their ranges do not meet, but they do when they are widened for the {} pairs of groups that "
                    "are compared: this may be chance.",
                    pairs);
}

void add_rates(HtmlPage& page, const std::string& section, const audit::RecogniserAudit& rates) {
  page.begin_table(section, {"Group", "People", "Pictures", "Strangers confused", "Range (95 %)", "Same person missed",
                             "Range (95 %)"});
  for (const audit::GroupErrors& group : rates.groups) {
    const evaluation::GroupRates& r = group.rates;
    const bool fmr = group.fmr_measurable && r.fmr;
    const bool fnmr = group.fnmr_measurable && r.fnmr;
    page.row(r.name, {grouped(r.persons), grouped(r.pictures), fmr ? percent(r.fmr->value, 3) : "not measurable",
                      fmr ? share_range(r.fmr) : "too few pairs", fnmr ? percent(r.fnmr->value, 3) : "not measurable",
                      fnmr ? share_range(r.fnmr) : "too few pairs"});
  }
  page.end_table();
  for (const audit::GroupErrors& group : rates.groups)
    if (!group.fmr_measurable)
      page.paragraph(
          fmt::format("Warning: \"{}\" has {} pairs of strangers, {} are needed for a rate of {:g}. It is not "
                      "measurable, which is not the same as free of errors.",
                      group.rates.name, grouped(static_cast<std::int64_t>(group.rates.impostor_pairs)),
                      grouped(std::llround(3 / rates.target_fmr)), rates.target_fmr));
  if (rates.cross_pairs > 0)
    page.paragraph(fmt::format(
        "Strangers of different groups are confused in {} of {} pairs ({}).",
        grouped(static_cast<std::int64_t>(rates.cross_false_matches)),
        grouped(static_cast<std::int64_t>(rates.cross_pairs)),
        percent(static_cast<double>(rates.cross_false_matches) / static_cast<double>(rates.cross_pairs), 4)));
}

Status add_det(HtmlPage& page, const audit::RecogniserAudit& rates) {
  std::vector<evaluation::NamedCurve> curves;
  double lowest = 0.1;
  for (const audit::GroupErrors& group : rates.groups) {
    if (group.det.empty() || !group.fnmr_measurable || curves.size() >= 24) continue;
    curves.push_back({group.rates.name, group.det});
    lowest = std::min(lowest, 1 / static_cast<double>(std::max<std::uint64_t>(10, group.rates.impostor_pairs)));
  }
  if (curves.size() < 2) return {};
  VULTUS_TRY(const std::string svg,
             evaluation::svg(evaluation::det_plot("Errors of each group at every threshold", curves, lowest, 1e-3)));
  page.html("<figure>" + svg + "</figure>\n");
  return {};
}

void add_summary(HtmlPage& page, const audit::RecogniserAudit& rates) {
  const auto text = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.3f}", *value) : "undefined";
  };
  const std::vector<std::pair<std::string, std::string>> rows{
      {"Strangers confused: largest rate / smallest", text(rates.fmr_ratio)},
      {"Strangers confused: largest rate / geometric mean", text(rates.fmr_to_mean)},
      {"Same person missed: largest rate / smallest", text(rates.fnmr_ratio)},
      {"Fairness discrepancy rate (1 = no difference)", text(rates.fdr)},
      {"GARBE (0 = no difference)", text(rates.garbe)}};
  page.facts(rows);
}

}  // namespace

std::string fairness_sentence(const std::string& metric) {
  for (const auto& [name, sentence] : kFairnessSentences)
    if (metric == name) return sentence;
  return metric;
}

std::string recogniser_verdict(const audit::RecogniserAudit& rates) {
  constexpr ErrorWords kStrangers{&audit::GroupErrors::fmr_measurable,
                                  &evaluation::GroupRates::fmr,
                                  "false match rates",
                                  "strangers",
                                  "confused",
                                  "pairs"};
  constexpr ErrorWords kSamePerson{
      &audit::GroupErrors::fnmr_measurable,  &evaluation::GroupRates::fnmr, "false non-match rates", "people",
      "missed in another picture of theirs", "pairs of one person"};
  return verdict_of(rates, kStrangers) + " " + verdict_of(rates, kSamePerson);
}

Result<std::string> recogniser_audit_page(const RecogniserAuditRun& run, const Engine& engine) {
  HtmlPage page("Does the recogniser treat groups alike?");
  page.subtitle("Preset " + engine.preset().id + ", " + engine.backend() + ".");
  const std::vector<Tile> tiles{{grouped(run.pictures), "pictures"},
                                {grouped(run.persons), "people"},
                                {grouped(run.without_face), "pictures without a face"}};
  page.tiles(tiles);
  page.section("reading", "How to read this page");
  page.paragraph(fmt::format(
      "All groups are judged with one threshold, chosen so that {} pairs of strangers of all groups together "
      "are taken for one person.",
      one_of(run.plan.options.target_fmr)));
  page.paragraph(
      "The ranges are 95 % intervals: measured again on other people, ranges that are made in this way hold the true "
      "number "
      "about 19 times out of 20. Where ranges of two groups meet, the data does not show a difference.");
  page.paragraph(
      "The groups are those of the file of attributes. Vultus does not guess them, and a difference between groups may "
      "come "
      "from age, light or cameras that differ with them.");
  for (std::size_t i = 0; i < run.attributes.size(); ++i) {
    const AttributeAudit& one = run.attributes[i];
    page.section(section_name(i), one.attribute);
    page.paragraph(recogniser_verdict(one.rates));
    add_rates(page, section_name(i), one.rates);
    if (one.persons_left_out > 0)
      page.paragraph(
          fmt::format("{} people have no value, or several, and are in no group.", grouped(one.persons_left_out)));
    VULTUS_CHECK(add_det(page, one.rates));
    add_summary(page, one.rates);
    page.begin_table(section_name(i), {"Group", "Pictures", "No face found", "Share"});
    for (const DetectionRow& row : one.detection)
      page.row(row.value, {grouped(row.pictures), grouped(row.without_face),
                           percent(static_cast<double>(row.without_face) /
                                   static_cast<double>(std::max<std::int64_t>(1, row.pictures)))});
    page.end_table();
  }
  page.section("evidence", "What these numbers rest on");
  std::vector<std::pair<std::string, std::string>> rows{
      {"Protocol", fmt::format("all pairs, one threshold at a false match rate of {:g}", run.plan.options.target_fmr)},
      {"Intervals", fmt::format("bootstrap over people, {} draws", run.plan.options.bootstrap.draws)},
      {"SHA-256 of the attributes", run.attributes_sha256},
      {"Rows without a picture", grouped(run.not_listed)}};
  add_run_facts(rows, engine, run.seconds, static_cast<std::size_t>(run.pictures));
  page.facts(rows);
  return std::move(page).finish();
}

Result<std::string> model_audit_page(const audit::ModelAudit& audit, const std::string& source,
                                     const std::string& sha256) {
  HtmlPage page("Does the classifier treat groups alike?");
  page.subtitle("Groups of \"" + audit.axis + "\" in " + source);
  if (!audit.small_cells.empty())
    page.banner(
        fmt::format("{} cells of group and answer have fewer than {} samples: what is said about them is uncertain.",
                    audit.small_cells.size(), audit::kSmallCell));
  page.section("reading", "How to read this page");
  page.paragraph(
      "Every number but the share of wrong answers is a gap between groups: 0 means that they are treated alike. A gap "
      "is measured too large, because chance alone moves groups apart, the more so the fewer people there are. The "
      "ranges know that: they hold the gaps that explain the measured one, 0 among them where chance alone does, and "
      "the measured gap may lie above its range.");
  page.section("numbers", "Numbers");
  page.begin_table("numbers", {"Measure", "Value", "95 % interval"});
  for (const evaluation::Figure& figure : audit.figures)
    page.row(fairness_sentence(figure.name), {fmt::format("{:.4f}", figure.value), range_of(figure.interval, 4)});
  for (const audit::UndefinedFigure& one : audit.undefined)
    page.row(fairness_sentence(one.name), {"undefined", one.why});
  page.end_table();
  page.section("groups", "How often each group is recognised");
  std::vector<std::string> columns{"Group", "Rows", "Wrong"};
  columns.insert(columns.end(), audit.classes.begin(), audit.classes.end());
  page.begin_table("groups", columns);
  for (const audit::GroupRecalls& group : audit.groups) {
    std::vector<std::string> values{grouped(group.members), percent(group.error)};
    for (std::size_t c = 0; c < group.recall.size(); ++c)
      values.push_back(fmt::format("{} of {}", percent(group.recall[c], 1), group.support[c]));
    page.row(group.name, values);
  }
  page.end_table();
  if (!audit.small_cells.empty()) {
    page.section("small", "Cells with few samples");
    for (const std::string& cell : audit.small_cells) page.paragraph(cell);
  }
  page.section("evidence", "What these numbers rest on");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"Rows compared", grouped(audit.rows)},
      {"Rows left out", grouped(audit.rows_left_out)},
      {"Intervals", fmt::format("bootstrap over {} {}, {} draws", audit.figures.front().groups,
                                audit.figures.front().group_kind, audit.figures.front().draws)},
      {"SHA-256 of the predictions", sha256}};
  page.facts(rows);
  return std::move(page).finish();
}

}  // namespace vultus::engine
