// The page of the frequency audit.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/engine/frequency_audit.hpp>
#include <vultus/engine/html_page.hpp>
#include <vultus/engine/rate_text.hpp>
#include <vultus/engine/run_facts.hpp>
#include <vultus/evaluation/plot.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kMostCurves = 24;  // of a plot

std::string frequency_heading(audit::FrequencyPairs pairs) {
  switch (pairs) {
    case audit::FrequencyPairs::mated: return "two pictures of one person";
    case audit::FrequencyPairs::strangers: return "two strangers of one group";
    case audit::FrequencyPairs::self: break;
  }
  return "a picture against itself without the band";
}

std::string cycles_of(const BandFacts& band, bool last) {
  return last ? fmt::format("{:g} and more", band.from) : fmt::format("{:g} to {:g}", band.from, band.to);
}

std::string cycles_of(const FrequencyAuditRun& run, std::size_t band) {
  return cycles_of(run.bands[band], band + 1 == run.bands.size());
}

std::string unit_of(audit::FrequencyPairs pairs) {
  return pairs == audit::FrequencyPairs::strangers ? "pairs of people" : "people";
}

/// The plainest sentence that is true of two groups.
std::string frequency_verdict(const FrequencyAuditRun& run, const audit::FrequencyAudit& audit) {
  if (audit.comparisons.empty())
    return "Fewer than two groups are large enough to be compared. This says nothing about a difference, in either "
           "direction.";
  std::string text;
  for (const audit::FrequencyComparison& one : audit.comparisons) {
    if (!one.differs) continue;
    const std::string& more = audit.groups[one.difference[one.band] > 0 ? one.first : one.second].name;
    const std::string& less = audit.groups[one.difference[one.band] > 0 ? one.second : one.first].name;
    text += fmt::format(
        "The groups \"{}\" and \"{}\" differ most in the band of {} cycles, which counts more for \"{}\": by {:.4f} of "
        "the "
        "score (p = {:.4f} after correction). ",
        more, less, cycles_of(run, one.band), more, std::abs(one.difference[one.band]), one.p_corrected);
  }
  if (!text.empty()) return text + "If the labels of the groups meant nothing, differences this large would be rare.";
  return "The profiles differ no more than those of groups dealt out by chance: this data does not show that the "
         "recogniser rests on other frequencies in one group than in another.";
}

void add_frequency_groups(HtmlPage& page, const std::string& section, const FrequencyAuditRun& run,
                          const FrequencyKind& kind) {
  const std::string unit = unit_of(kind.pairs);
  page.begin_table(section, {"Group", "Drawn: " + unit, "Mean score", "Top band", "Importance", "Range (95 %)"});
  for (const audit::FrequencyProfile& group : kind.audit->groups) {
    if (!group.most_important) {
      page.row(group.name, {"0", "not measurable", "", "", ""});
      continue;
    }
    const evaluation::Figure& top = group.bands[*group.most_important];
    page.row(group.name,
             {grouped(group.units), fmt::format("{:.3f}", group.score), cycles_of(run, *group.most_important),
              fmt::format("{:.4f}", top.value),
              top.interval ? fmt::format("{:.4f} to {:.4f}", top.interval->low, top.interval->high) : "too few"});
  }
  page.end_table();
  for (const audit::FrequencyProfile& group : kind.audit->groups) {
    if (!group.measurable) {
      page.paragraph(
          fmt::format("Warning: \"{}\" has {} {}, {} are needed. It was not compared, which is not the same "
                      "as being like the others.",
                      group.name, grouped(group.units), unit, audit::kLeastFrequencyUnits));
    } else if (group.units < audit::kFewFrequencyUnits) {
      page.paragraph(
          fmt::format("Warning: \"{}\" has only {} {}: its ranges are too narrow rather than too wide, and a "
                      "difference may well stay hidden.",
                      group.name, grouped(group.units), unit));
    }
  }
}

Status add_profiles(HtmlPage& page, const FrequencyAuditRun& run, const audit::FrequencyAudit& audit) {
  evaluation::Plot plot{.title = "What each band is worth to the score",
                        .x = {.label = "cycles a face crop", .low = 0, .high = run.bands.back().to},
                        .y = {.label = "importance", .low = 0, .high = 1e-6}};
  for (const audit::FrequencyProfile& group : audit.groups) {
    if (!group.measurable || plot.series.size() >= kMostCurves) continue;
    evaluation::Series curve{.name = group.name, .points = {}};
    for (std::size_t b = 0; b < group.bands.size(); ++b) {
      const double value = group.bands[b].value;
      curve.points.push_back({(run.bands[b].from + run.bands[b].to) / 2, value});
      plot.y.low = std::min(plot.y.low, value * 1.1);
      plot.y.high = std::max(plot.y.high, value * 1.1);
    }
    plot.series.push_back(std::move(curve));
  }
  if (plot.series.empty()) return {};
  VULTUS_TRY(const std::string drawn, evaluation::svg(plot));
  page.html("<figure>" + drawn + "</figure>\n");
  return {};
}

void add_comparisons(HtmlPage& page, const std::string& section, const FrequencyAuditRun& run,
                     const audit::FrequencyAudit& audit) {
  if (audit.comparisons.empty()) return;
  page.begin_table(section, {"Groups", "Largest difference", "In the band of", "p", "p, corrected", "Shown to differ"});
  for (const audit::FrequencyComparison& one : audit.comparisons)
    page.row(audit.groups[one.first].name + " less " + audit.groups[one.second].name,
             {fmt::format("{:+.4f}", one.difference[one.band]), cycles_of(run, one.band), fmt::format("{:.4f}", one.p),
              fmt::format("{:.4f}", one.p_corrected), one.differs ? "yes" : "no"});
  page.end_table();
}

void add_bands(HtmlPage& page, const std::string& section, const FrequencyAuditRun& run,
               const audit::FrequencyAudit& audit) {
  std::vector<std::string> columns{"Cycles"};
  for (const audit::FrequencyProfile& group : audit.groups)
    if (group.measurable) columns.push_back(group.name + " (95 %)");
  if (columns.size() == 1) return;
  page.begin_table(section, columns);
  for (std::size_t b = 0; b < run.bands.size(); ++b) {
    std::vector<std::string> values;
    for (const audit::FrequencyProfile& group : audit.groups) {
      if (!group.measurable) continue;
      const evaluation::Figure& figure = group.bands[b];
      values.push_back(fmt::format("{:.4f} ({:.4f} to {:.4f})", figure.value,
                                   figure.interval ? figure.interval->low : 0,
                                   figure.interval ? figure.interval->high : 0));
    }
    page.row(cycles_of(run, b), values);
  }
  page.end_table();
}

void explain(HtmlPage& page, const FrequencyAuditRun& run) {
  page.section("reading", "How to read this page");
  page.paragraph(
      "A picture is a sum of waves: few cycles across the face are its large shapes and shades, many cycles its edges "
      "and its skin. Here one band of waves after the other is taken out of the aligned faces. How much a score "
      "changes "
      "without a band is the importance of that band.");
  page.paragraph(
      "The top band of a group is the one whose importance is largest. The ranges are 95 % intervals over people. "
      "Whether two groups differ is told by a permutation test: people are "
      "dealt out anew among the two groups, and p is how often the largest difference of all bands is then at least as "
      "large as the one that was measured. It is corrected for the number of pairs of groups of one attribute, and not "
      "for the number of attributes and of kinds of scores on this page.");
  page.paragraph(
      "A difference is no error rate. It may come from light, cameras, sharpness or compression that differ with the "
      "groups, and a band that counts more is not worse. The groups are those of the file of attributes.");
  if (run.plan.options.statistic == audit::FrequencyStatistic::difference)
    page.paragraph(
        "Bands in which people differ much decide the test: a small difference in a quiet band stays hidden.");
}

}  // namespace

Result<std::string> frequency_audit_page(const FrequencyAuditRun& run, const Engine& engine) {
  HtmlPage page("Which spatial frequencies does the recogniser rest on?");
  page.subtitle("Preset " + engine.preset().id + ", " + engine.backend() + ".");
  const std::vector<Tile> tiles{{grouped(run.pictures), "pictures"},
                                {grouped(run.persons), "people"},
                                {grouped(run.without_face), "pictures without a face"}};
  page.tiles(tiles);
  explain(page, run);
  for (std::size_t i = 0; i < run.attributes.size(); ++i)
    for (const FrequencyKind& kind : run.attributes[i].kinds) {
      const std::string section = fmt::format("attribute-{}-{}", i + 1, name_of(kind.pairs));
      page.section(section, run.attributes[i].attribute + ": " + frequency_heading(kind.pairs));
      if (!kind.audit) {
        page.paragraph("Not measured: " + kind.reason + ".");
        continue;
      }
      page.paragraph(frequency_verdict(run, *kind.audit));
      add_frequency_groups(page, section, run, kind);
      VULTUS_CHECK(add_profiles(page, run, *kind.audit));
      add_comparisons(page, section, run, *kind.audit);
      add_bands(page, section, run, *kind.audit);
    }
  page.section("bands", "The bands");
  page.begin_table("bands", {"Cycles", "Share of the pictures' energy", "Values cut to 8 bits without it"});
  for (std::size_t b = 0; b < run.bands.size(); ++b)
    page.row(cycles_of(run, b), {percent(run.bands[b].energy, 3), percent(run.bands[b].clipped, 2)});
  page.end_table();
  page.section("evidence", "What these numbers rest on");
  const FrequencyAuditPlan& plan = run.plan;
  std::vector<std::pair<std::string, std::string>> rows{
      {"Masked", plan.masked == audit::MaskedSide::both ? "both pictures" : "the probe alone"},
      {"Importance", plan.directed ? "score less score without the band" : "absolute change of the score"},
      {"Statistic", plan.options.statistic == audit::FrequencyStatistic::scaled
                        ? "largest difference, each band in units of its deviation"
                        : "largest difference"},
      {"Permutations", grouped(plan.options.permutations)},
      {"Intervals", fmt::format("bootstrap over people, {} draws", plan.options.bootstrap.draws)},
      {"SHA-256 of the attributes", run.attributes_sha256},
      {"Rows without a picture", grouped(run.not_listed)},
      {"Pictures not looked at", grouped(run.not_looked_at)}};
  for (const AttributeFrequencies& one : run.attributes)
    rows.emplace_back(fmt::format("People in no group of \"{}\"", one.attribute), grouped(one.persons_left_out));
  add_run_facts(rows, engine, run.seconds, static_cast<std::size_t>(run.pictures));
  page.facts(rows);
  return std::move(page).finish();
}

}  // namespace vultus::engine
