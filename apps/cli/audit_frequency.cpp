// vultus audit frequency: which spatial frequencies the recogniser rests on, for groups of people.
#include <cmath>
#include <memory>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <vultus/engine/frequency_audit.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/audit_commands.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kFrequencyExamples =
    "The CSV has a column `subject` (a folder below FOLDER) or `file` (a picture below it; without `subject` every "
    "file is\n"
    "a person), and columns of attributes. Bands are rings of the Fourier transform of the aligned face; importance is "
    "how\n"
    "much a score changes without a band. The permutation test and the rings are our reading of the paper "
    "(docs/audit.md).\n\n"
    "Examples:\n"
    "  vultus audit frequency faces/ --attributes attributes.csv --bands 7\n"
    "  vultus audit frequency faces/ --attributes attributes.csv --bands 7 --json --report bands.html";

struct FrequencySettings {
  EngineSettings engine;
  engine::FrequencyAuditPlan plan;
  std::string report;
  bool probe_only = false;
  bool scaled = false;
  bool json = false;
  bool quiet = false;
};

Json profile_json(const audit::FrequencyProfile& group) {
  Json row{{"name", group.name},
           {"units", group.units},
           {"measurable", group.measurable},
           {"few", group.measurable && group.units < audit::kFewFrequencyUnits}};
  row["score"] = group.most_important ? score_json(group.score) : Json(nullptr);
  row["most_important"] = group.most_important ? Json(*group.most_important) : Json(nullptr);
  row["importance"] = Json::array();
  for (const evaluation::Figure& band : group.bands) {
    Json one{{"value", number_json(band.value, 6)}, {"interval", nullptr}};
    if (band.interval)
      one["interval"] = Json::array({number_json(band.interval->low, 6), number_json(band.interval->high, 6)});
    row["importance"].push_back(std::move(one));
  }
  return row;
}

Json band_comparison_json(const audit::FrequencyAudit& audit, const audit::FrequencyComparison& one) {
  Json object{{"groups", {audit.groups[one.first].name, audit.groups[one.second].name}},
              {"statistic", number_json(one.statistic, 6)},
              {"band", one.band},
              {"p", number_json(one.p, 6)},
              {"p_corrected", number_json(one.p_corrected, 6)},
              {"differs", one.differs}};
  object["difference"] = Json::array();
  for (const double value : one.difference) object["difference"].push_back(number_json(value, 6));
  object["band_p"] = Json::array();
  for (const double value : one.band_p) object["band_p"].push_back(number_json(value, 6));
  return object;
}

Json frequencies_json(const engine::AttributeFrequencies& one) {
  Json object{{"attribute", one.attribute}, {"persons_left_out", one.persons_left_out}};
  object["kinds"] = Json::array();
  for (const engine::FrequencyKind& kind : one.kinds) {
    Json row{{"pairs", engine::name_of(kind.pairs)}};
    if (!kind.audit) {
      row["reason"] = kind.reason;
      object["kinds"].push_back(std::move(row));
      continue;
    }
    row["groups"] = Json::array();
    for (const auto& group : kind.audit->groups) row["groups"].push_back(profile_json(group));
    row["comparisons"] = Json::array();
    for (const auto& pair : kind.audit->comparisons)
      row["comparisons"].push_back(band_comparison_json(*kind.audit, pair));
    object["kinds"].push_back(std::move(row));
  }
  return object;
}

Json frequency_run_json(const engine::FrequencyAuditRun& run, const engine::Engine& engine) {
  const engine::FrequencyAuditPlan& plan = run.plan;
  Json object{{"pictures", run.pictures},
              {"persons", run.persons},
              {"without_face", run.without_face},
              {"rows_without_picture", run.not_listed},
              {"not_looked_at", run.not_looked_at}};
  object["bands"] = Json::array();
  for (const engine::BandFacts& band : run.bands)
    object["bands"].push_back({{"from", band.from},
                               {"to", band.to},
                               {"energy", number_json(band.energy, 6)},
                               {"clipped", number_json(band.clipped, 6)}});
  object["attributes"] = Json::array();
  for (const auto& one : run.attributes) object["attributes"].push_back(frequencies_json(one));
  object["seconds"] = number_json(run.seconds, 2);
  object["evidence"] = {
      {"data", "user"},
      {"protocol", "rings of the aligned face taken away, group labels dealt out anew over people"},
      {"masked", plan.masked == audit::MaskedSide::both ? "both" : "probe"},
      {"importance", plan.directed ? "directed" : "absolute"},
      {"statistic", plan.options.statistic == audit::FrequencyStatistic::scaled ? "scaled" : "difference"},
      {"mean_removed", plan.remove_mean},
      {"attributes_sha256", run.attributes_sha256},
      {"template_model", engine.preset().template_model().text()},
      {"template_sha256", engine.template_sha256()},
      {"backend", engine.backend()},
      {"permutations", plan.options.permutations},
      {"draws", plan.options.bootstrap.draws},
      {"seed", plan.options.bootstrap.seed}};
  return object;
}

std::string band_text(const engine::FrequencyAuditRun& run, std::size_t band) {
  const engine::BandFacts& facts = run.bands[band];
  return band + 1 == run.bands.size() ? fmt::format("{:g}+", facts.from)
                                      : fmt::format("{:g}-{:g}", facts.from, facts.to);
}

std::string kind_text(const engine::FrequencyAuditRun& run, const std::string& attribute,
                      const engine::FrequencyKind& kind, bool colour) {
  const std::string name = attribute + ", " + std::string(engine::name_of(kind.pairs));
  if (!kind.audit) return printable(name) + ": not measured, " + kind.reason + ".\n";
  std::vector<Row> rows;
  for (const audit::FrequencyProfile& group : kind.audit->groups) {
    const evaluation::Figure* top = group.most_important ? &group.bands[*group.most_important] : nullptr;
    rows.push_back(
        {{group.name},
         {grouped(group.units)},
         {top != nullptr ? fmt::format("{:.3f}", group.score) : "-"},
         {top != nullptr ? band_text(run, *group.most_important) : "-"},
         {top == nullptr  ? std::string("not measurable")
          : top->interval ? fmt::format("{:.4f} [{:.4f}, {:.4f}]", top->value, top->interval->low, top->interval->high)
                          : fmt::format("{:.4f}, too few to compare", top->value)}});
  }
  std::string text = table_text({{name},
                                 {kind.pairs == audit::FrequencyPairs::strangers ? "PAIRS" : "PEOPLE", Align::right},
                                 {"SCORE", Align::right},
                                 {"TOP BAND", Align::right},
                                 {"IMPORTANCE [95 %]", Align::right}},
                                rows, colour);
  for (const audit::FrequencyComparison& one : kind.audit->comparisons)
    text += fmt::format("{} less {}: {:+.4f} at {} cycles, p {:.4f}, corrected {:.4f}: {}.\n",
                        printable(kind.audit->groups[one.first].name), printable(kind.audit->groups[one.second].name),
                        one.difference[one.band], band_text(run, one.band), one.p, one.p_corrected,
                        one.differs ? "they differ" : "no difference shown");
  for (const audit::FrequencyProfile& group : kind.audit->groups)
    if (group.measurable && group.units < audit::kFewFrequencyUnits)
      text += fmt::format("Warning: {} has {} only; a difference may stay hidden.\n", printable(group.name),
                          kind.pairs == audit::FrequencyPairs::strangers ? counted(group.units, "pair", "pairs")
                                                                         : counted(group.units, "person", "people"));
  return text;
}

std::string run_text(const engine::FrequencyAuditRun& run, bool colour) {
  std::string text;
  for (const engine::AttributeFrequencies& one : run.attributes) {
    for (const engine::FrequencyKind& kind : one.kinds)
      text += (text.empty() ? "" : "\n") + kind_text(run, one.attribute, kind, colour);
    if (one.persons_left_out > 0)
      text += counted(one.persons_left_out, "person", "people") + " without one value: in no group.\n";
  }
  return text;
}

Result<ExitCode> frequency(FrequencySettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  Originals originals(std::span(&settings.plan.attributes, 1));
  originals.add_pictures(settings.plan.folder);
  VULTUS_CHECK(originals.spare(settings.report, "--report"));
  if (settings.probe_only) settings.plan.masked = audit::MaskedSide::probe;
  if (settings.scaled) settings.plan.options.statistic = audit::FrequencyStatistic::scaled;
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  const auto run = with_progress(context, "audit frequency", [&](const Progress& progress) {
    return engine::run_frequency_audit(engine, settings.plan, progress, context.stop);
  });
  if (!run) return run.error();
  if (!settings.report.empty()) {
    VULTUS_TRY(const std::string page, engine::frequency_audit_page(*run, engine));
    VULTUS_CHECK(media::write_file_atomically(settings.report, page));
  }
  VULTUS_CHECK(context.out.write(settings.json ? json_line(frequency_run_json(*run, engine))
                                               : run_text(*run, context.out.colour())));
  return ExitCode::done;
}

}  // namespace

void add_audit_frequency(CLI::App& audit, Commands& commands) {
  CLI::App* command =
      audit.add_subcommand("frequency", "which spatial frequencies the recogniser rests on, for groups of people");
  auto settings = std::make_shared<FrequencySettings>();
  engine::FrequencyAuditPlan& plan = settings->plan;
  command->add_option("FOLDER", plan.folder, "the pictures")->type_name("")->required();
  command->add_option("--attributes", plan.attributes, "CSV with attributes of files or subjects")
      ->type_name("FILE.csv")
      ->required();
  command->add_option("--attribute", plan.columns, "audit this column alone; may be repeated")->type_name("COLUMN");
  command->add_option("--bands", plan.bands, "rings of the 112 x 112 face; 28 unless told")
      ->type_name("N")
      ->check(within(2, 56));
  command->add_option("--pictures", plan.pictures, "of a person, the first ones; 2 unless told")
      ->type_name("N")
      ->check(within(1, 100));
  command->add_flag("--probe-only", settings->probe_only, "take bands out of one picture of a pair, not of both");
  command->add_flag("--directed", plan.directed, "score less score without the band, not its absolute value");
  command->add_flag("--scaled", settings->scaled, "compare bands in units of their deviation: quiet ones count alike");
  command->add_flag("--remove-mean", plan.remove_mean, "the lowest band takes the mean brightness with it");
  command->add_option("--permutations", plan.options.permutations, "of the group labels; 2000 unless told")
      ->type_name("N")
      ->check(within(100, 1000000));
  command->add_option("--draws", plan.options.bootstrap.draws, "bootstrap draws; 1000 unless told")
      ->type_name("N")
      ->check(within(100, 1000000));
  command->add_option("--seed", plan.options.bootstrap.seed, "of pairs, permutations and draws; 1 unless told")
      ->type_name("N");
  command->add_option("--report", settings->report, "write a page for people who are not statisticians")
      ->type_name("FILE.html");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kFrequencyExamples);
  commands.push_back({command, [settings](Context& context) { return frequency(*settings, context); }});
}

}  // namespace vultus::cli
