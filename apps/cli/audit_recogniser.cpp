// vultus audit recogniser: error rates of groups of people, on the user's own pictures and attributes.
#include <memory>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <vultus/engine/recogniser_audit.hpp>
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

constexpr const char* kRecogniserExamples =
    "The CSV has a column `subject` (a folder below FOLDER) or `file` (a picture below it; without `subject` every "
    "file is\n"
    "a person), and columns of attributes. One threshold for all groups; small groups are listed as not measurable.\n\n"
    "Examples:\n"
    "  vultus audit recogniser faces/ --attributes attributes.csv --fmr 0.3\n"
    "  vultus audit recogniser faces/ --attributes attributes.csv --fmr 0.3 --json --report groups.html\n"
    "  vultus audit recogniser faces/ --attributes attributes.csv --fmr 0.3 --attribute group --pairs measured.csv";

struct RecogniserSettings {
  EngineSettings engine;
  engine::RecogniserAuditPlan plan;
  std::string report;
  std::string pairs;
  bool json = false;
  bool quiet = false;
};

Json rate_of(const std::optional<evaluation::Figure>& figure, bool measurable) {
  if (!figure || !measurable) return nullptr;
  Json object{{"value", number_json(figure->value, 9)}, {"interval", nullptr}};
  if (figure->interval)
    object["interval"] = Json::array({number_json(figure->interval->low, 9), number_json(figure->interval->high, 9)});
  return object;
}

Json optional_json(const std::optional<double>& value) { return value ? score_json(*value) : Json(nullptr); }

/// A few points of the curve: from one to the next the false match rate at least halves; the first of zero is the last.
Json det_json(const std::vector<evaluation::ErrorRates>& det) {
  Json points = Json::array();
  double wanted = 1;
  for (const evaluation::ErrorRates& rates : det) {  // thresholds rise, false match rates fall
    if (rates.fmr > wanted) continue;
    points.push_back({{"fmr", number_json(rates.fmr, 9)},
                      {"fnmr", number_json(rates.fnmr, 9)},
                      {"threshold", score_json(rates.threshold)}});
    if (rates.fmr <= 0) break;  // higher thresholds lose matches and win nothing
    wanted = rates.fmr / 2;
  }
  return points;
}

Json attribute_json(const engine::AttributeAudit& one) {
  const audit::RecogniserAudit& rates = one.rates;
  Json object{{"attribute", one.attribute},        {"threshold", score_json(rates.threshold)},
              {"target_fmr", rates.target_fmr},    {"fmr", rate_of(rates.fmr, true)},
              {"fnmr", rate_of(rates.fnmr, true)}, {"persons_left_out", one.persons_left_out}};
  object["groups"] = Json::array();
  for (const audit::GroupErrors& group : rates.groups) {
    const evaluation::GroupRates& r = group.rates;
    Json row{{"name", r.name},
             {"persons", r.persons},
             {"pictures", r.pictures},
             {"impostor_pairs", r.impostor_pairs},
             {"mated_pairs", r.mated_pairs},
             {"false_matches", r.false_matches},
             {"false_non_matches", r.false_non_matches},
             {"fmr_measurable", group.fmr_measurable},
             {"fnmr_measurable", group.fnmr_measurable},
             {"fmr", rate_of(r.fmr, group.fmr_measurable)},
             {"fnmr", rate_of(r.fnmr, group.fnmr_measurable)}};
    row["det"] = det_json(group.det);
    for (const engine::DetectionRow& found : one.detection)
      if (found.value == r.name) row["without_face"] = found.without_face;
    object["groups"].push_back(std::move(row));
  }
  object["cross_group"] = {{"impostor_pairs", rates.cross_pairs}, {"false_matches", rates.cross_false_matches}};
  object["fmr_ratio"] = optional_json(rates.fmr_ratio);
  object["fnmr_ratio"] = optional_json(rates.fnmr_ratio);
  object["fmr_to_geometric_mean"] = optional_json(rates.fmr_to_mean);
  object["fnmr_to_geometric_mean"] = optional_json(rates.fnmr_to_mean);
  object["fdr"] = optional_json(rates.fdr);
  object["garbe"] = optional_json(rates.garbe);
  return object;
}

std::string rate_text(const std::optional<evaluation::Figure>& figure, bool measurable) {
  if (!figure || !measurable) return "not measurable";
  if (!figure->interval) return percent(figure->value, 3);
  return fmt::format("{} [{}, {}]", percent(figure->value, 3), percent(figure->interval->low, 3),
                     percent(figure->interval->high, 3));
}

std::string attribute_text(const engine::AttributeAudit& one, bool colour) {
  std::vector<Row> rows;
  for (const audit::GroupErrors& group : one.rates.groups) {
    std::int64_t without_face = 0;
    for (const engine::DetectionRow& found : one.detection)
      if (found.value == group.rates.name) without_face = found.without_face;
    rows.push_back({{group.rates.name},
                    {grouped(group.rates.persons)},
                    {grouped(group.rates.pictures)},
                    {grouped(without_face)},
                    {rate_text(group.rates.fmr, group.fmr_measurable)},
                    {rate_text(group.rates.fnmr, group.fnmr_measurable)}});
  }
  const auto value = [](const std::optional<double>& v) {
    return v ? fmt::format("{:.3f}", *v) : std::string("undefined");
  };
  std::string text = table_text({{one.attribute},
                                 {"PEOPLE", Align::right},
                                 {"PICTURES", Align::right},
                                 {"NO FACE", Align::right},
                                 {"FALSE MATCHES [95 %]", Align::right},
                                 {"FALSE NON-MATCHES [95 %]", Align::right}},
                                rows, colour);
  text += fmt::format("\nThreshold {:.4f} for all, FMR {:g}. Largest / smallest FMR {}, FNMR {}; FDR {}, GARBE {}.\n",
                      one.rates.threshold, one.rates.target_fmr, value(one.rates.fmr_ratio),
                      value(one.rates.fnmr_ratio), value(one.rates.fdr), value(one.rates.garbe));
  text += fmt::format("Across groups: {} false matches in {} pairs.\n",
                      grouped(static_cast<std::int64_t>(one.rates.cross_false_matches)),
                      grouped(static_cast<std::int64_t>(one.rates.cross_pairs)));
  if (one.persons_left_out > 0)
    text += counted(one.persons_left_out, "person", "people") + " without one value: in no group.\n";
  return text;
}

Result<ExitCode> recogniser(const RecogniserSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  Originals originals(std::span(&settings.plan.attributes, 1));
  originals.add_pictures(settings.plan.folder);
  VULTUS_CHECK(originals.spare(settings.report, "--report"));
  VULTUS_CHECK(originals.spare(settings.pairs, "--pairs"));
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  engine::RecogniserAuditPlan plan = settings.plan;
  plan.measured_pairs = !settings.pairs.empty();
  const auto run = with_progress(context, "audit recogniser", [&](const Progress& progress) {
    return engine::run_recogniser_audit(engine, plan, progress, context.stop);
  });
  if (!run) return run.error();
  if (!settings.report.empty()) {
    VULTUS_TRY(const std::string page, engine::recogniser_audit_page(*run, engine));
    VULTUS_CHECK(media::write_file_atomically(settings.report, page));
  }
  if (!settings.pairs.empty()) VULTUS_CHECK(media::write_file_atomically(settings.pairs, run->measured_pairs));
  if (!settings.json) {
    std::string text;
    for (const auto& one : run->attributes)
      text += (text.empty() ? "" : "\n") + attribute_text(one, context.out.colour());
    VULTUS_CHECK(context.out.write(text));
    return ExitCode::done;
  }
  Json object{{"pictures", run->pictures},
              {"persons", run->persons},
              {"without_face", run->without_face},
              {"rows_without_picture", run->not_listed}};
  object["attributes"] = Json::array();
  for (const auto& one : run->attributes) object["attributes"].push_back(attribute_json(one));
  object["seconds"] = number_json(run->seconds, 2);
  object["evidence"] = {{"data", "user"},
                        {"protocol", "all pairs, one threshold"},
                        {"attributes_sha256", run->attributes_sha256},
                        {"template_model", engine.preset().template_model().text()},
                        {"template_sha256", engine.template_sha256()},
                        {"backend", engine.backend()},
                        {"draws", settings.plan.options.bootstrap.draws},
                        {"seed", settings.plan.options.bootstrap.seed}};
  VULTUS_CHECK(context.out.write(json_line(object)));
  return ExitCode::done;
}

}  // namespace

void add_audit_recogniser(CLI::App& audit, Commands& commands) {
  CLI::App* command = audit.add_subcommand("recogniser", "error rates of groups of people on pictures of your own");
  auto settings = std::make_shared<RecogniserSettings>();
  command->add_option("FOLDER", settings->plan.folder, "the pictures")->type_name("")->required();
  command->add_option("--attributes", settings->plan.attributes, "CSV with attributes of files or subjects")
      ->type_name("FILE.csv")
      ->required();
  command->add_option("--attribute", settings->plan.columns, "audit this column alone; may be repeated")
      ->type_name("COLUMN");
  command
      ->add_option("--fmr", settings->plan.options.target_fmr,
                   "false match rate of all groups together; 0.001 unless told")
      ->type_name("RATE")
      ->check(within(1e-9, 0.5));
  command->add_option("--draws", settings->plan.options.bootstrap.draws, "bootstrap draws; 1000 unless told")
      ->type_name("N")
      ->check(within(100, 1000000));
  command
      ->add_option("--pairs", settings->pairs,
                   "write the mated pairs, with what is measured on the pictures, for vultus audit attributes")
      ->type_name("FILE.csv");
  command->add_option("--report", settings->report, "write a page for people who are not statisticians")
      ->type_name("FILE.html");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kRecogniserExamples);
  commands.push_back({command, [settings](Context& context) { return recogniser(*settings, context); }});
}

}  // namespace vultus::cli
