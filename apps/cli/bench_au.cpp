// vultus bench au: action units against people's codes.
#include <memory>
#include <optional>

#include <fmt/format.h>

#include <vultus/engine/unit_benchmark.hpp>

#include <apps/cli/bench_commands.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kBenchAuExamples =
    "The table names recordings of `vultus track` (column timeline), whose they are (subject), and their codes "
    "(labels): files\nof DISFA (a folder of SN001_au1.txt ...) and BP4D (F001_T1.csv, F001_T1_AU06.csv), or CSV with "
    "the columns frame,\nAU01, AU02 ... Frames count from 1; the person who is seen longest counts. FITTED: line and "
    "threshold fitted on the\nsubjects of the other folds; SAID: the readings as they are. ICC is ICC(3,1). Intervals: "
    "95 %, bootstrap over subjects.\n\n"
    "Examples:\n"
    "  vultus bench au coded.csv --folds 2\n"
    "  vultus bench au coded.csv --folds 2 --json";

struct BenchAuSettings {
  engine::UnitBenchmarkOptions options;
  std::optional<double> present_from;  ///< absent = by the kind of codes
  bool json = false;
};

Json figure_json(const std::optional<evaluation::UnitFigure>& figure) {
  if (!figure) return nullptr;
  Json object{{"value", score_json(figure->value)}, {"interval", nullptr}};
  if (figure->interval)
    object["interval"] = Json::array({score_json(figure->interval->low), score_json(figure->interval->high)});
  return object;
}

Json figures_json(const evaluation::UnitFigures& figures) {
  return {{"icc", figure_json(figures.icc)},
          {"pearson", figure_json(figures.pearson)},
          {"mae", figure_json(figures.mae)},
          {"f1", figure_json(figures.f1)}};
}

std::string unit_json(const engine::UnitBenchmark& run, const engine::UnitBenchmarkOptions& options) {
  Json object{{"recordings", run.recordings}, {"folds", options.protocol.folds}, {"planted", run.planted}};
  object["present_from"] = options.protocol.present_from;
  Json& units = object["units"] = Json::array();
  for (const engine::UnitBenchmarkRow& row : run.rows)
    units.push_back({{"unit", row.unit},
                     {"frames", row.scores.frames},
                     {"subjects", row.scores.subjects},
                     {"present", row.scores.present},
                     {"said", figures_json(row.scores.as_said)},
                     {"fitted", figures_json(row.scores.fitted)}});
  object["left_out"] = run.left_out;
  object["evidence"] = {{"samples_sha256", run.samples_sha256},
                        {"protocol", "subject-exclusive folds; ICC(3,1), Pearson, MAE, F1; bootstrap over subjects"}};
  return json_line(object);
}

std::string unit_text(const engine::UnitBenchmark& run, const engine::UnitBenchmarkOptions& options, bool colour) {
  const std::vector<Column> columns{{"UNIT"},
                                    {"FRAMES", Align::right},
                                    {"PRESENT", Align::right},
                                    {"ICC SAID", Align::right},
                                    {"ICC FITTED", Align::right},
                                    {"PCC SAID", Align::right},
                                    {"MAE FITTED", Align::right},
                                    {"F1 SAID", Align::right},
                                    {"F1 FITTED", Align::right}};
  const auto cell = [](const std::optional<evaluation::UnitFigure>& figure) {
    if (!figure) return std::string("-");
    return figure->interval
               ? fmt::format("{:.3f} ({:.3f} to {:.3f})", figure->value, figure->interval->low, figure->interval->high)
               : fmt::format("{:.3f}", figure->value);
  };
  std::vector<Row> rows;
  for (const engine::UnitBenchmarkRow& row : run.rows)
    rows.push_back({{fmt::format("AU{:02}", row.unit)},
                    {grouped(static_cast<std::int64_t>(row.scores.frames))},
                    {grouped(static_cast<std::int64_t>(row.scores.present))},
                    {cell(row.scores.as_said.icc)},
                    {cell(row.scores.fitted.icc)},
                    {cell(row.scores.as_said.pearson)},
                    {cell(row.scores.fitted.mae)},
                    {cell(row.scores.as_said.f1)},
                    {cell(row.scores.fitted.f1)}});
  std::string text = table_text(columns, rows, colour);
  for (const std::string& left : run.left_out) text += "Left out: " + left + "\n";
  return text + fmt::format("\n{}, {} folds of subjects{}.\n",
                            counted(static_cast<std::int64_t>(run.recordings), "recording"), options.protocol.folds,
                            run.planted ? "; planted data" : "");
}

Result<ExitCode> bench_au(const BenchAuSettings& settings, Context& context) {
  engine::UnitBenchmarkOptions options = settings.options;
  if (settings.present_from && !(*settings.present_from > 0))
    return fail(ErrorCode::invalid_argument, "--present-from 0: every unit would be there always; above 0 is wanted");
  if (settings.present_from)
    options.protocol.present_from = *settings.present_from;
  else if (options.protocol.occurrence)
    options.protocol.present_from = 1;
  VULTUS_TRY(const auto run, engine::run_unit_benchmark(options));
  VULTUS_CHECK(
      context.out.write(settings.json ? unit_json(run, options) : unit_text(run, options, context.out.colour())));
  return ExitCode::done;
}

}  // namespace

void add_bench_au(CLI::App& bench, Commands& commands) {
  CLI::App* command = bench.add_subcommand("au", "action units against people's codes (DISFA, BP4D, your own)");
  auto settings = std::make_shared<BenchAuSettings>();
  command->add_option("SAMPLES", settings->options.samples, "table with subject, timeline and labels")->required();
  command->add_option("--folds", settings->options.protocol.folds, "of subjects, each tested once")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--occurrence", settings->options.protocol.occurrence, "codes are 0 and 1: F1 alone");
  command
      ->add_option("--present-from", settings->present_from,
                   "code from which a unit is there; 2 unless told, 1 with --occurrence")
      ->type_name("X")
      ->check(within(0.0, 5.0));
  command->add_option("--seed", settings->options.protocol.bootstrap.seed, "of the bootstrap")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kBenchAuExamples);
  commands.push_back({command, [settings](Context& context) { return bench_au(*settings, context); }});
}

}  // namespace vultus::cli
