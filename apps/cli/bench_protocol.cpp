// vultus bench audit, metrics and run: protocols as files, and numbers of a table of predictions.
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <vultus/engine/protocol_file.hpp>
#include <vultus/engine/table_file.hpp>
#include <vultus/evaluation/task_plots.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/audit_commands.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kBenchAuditExamples =
    "Looks for what the test data shares with the training data: people, clips, near-duplicate pictures, copies, "
    "partners,\n"
    "fitted parts, encoders that have seen them. Ends with 3 if the split is refused. The form of the file: "
    "docs/evaluation.md.\n\n"
    "Examples:\n"
    "  vultus bench audit protocol.json\n"
    "  vultus bench audit protocol.json --json";
constexpr const char* kBenchRunExamples =
    "The split is audited first; one that leaks is refused, and nothing is measured.\n\n"
    "Examples:\n"
    "  vultus bench run protocol.json\n"
    "  vultus bench run protocol.json --json";
constexpr const char* kBenchMetricsExamples =
    "classification: columns truth and predicted, and p:NAME with probabilities; detection: truth (0 or 1) and score;\n"
    "regression: truth and predicted; attack: score and species (empty = live); text: truth and predicted;\n"
    "verification: score, first and second (names of people; equal = one person), and fold.\n\n"
    "Examples:\n"
    "  vultus bench metrics predictions.csv --task classification --truth mood --groups subject\n"
    "  vultus bench metrics predictions.csv --truth mood --json\n"
    "  vultus bench metrics scored.csv --task verification --plots plots";

struct ProtocolSettings {
  std::string file;
  bool json = false;
};

struct MetricsSettings {
  std::string file;
  std::string task = "classification";
  evaluation::TaskOptions options;
  std::string plots;
  bool json = false;
};

Json finding_json(const evaluation::LeakFinding& finding) {
  return {{"kind", std::string(evaluation::name_of(finding.kind))},
          {"refuses", finding.refuses},
          {"fold", finding.fold},
          {"message", finding.message},
          {"count", finding.count},
          {"items", finding.items}};
}

Json kinds_json(const std::vector<evaluation::LeakKind>& kinds) {
  Json names = Json::array();
  for (const evaluation::LeakKind kind : kinds) names.push_back(std::string(evaluation::name_of(kind)));
  return names;
}

const char* data_name(DataKind data) {
  return data == DataKind::planted ? "planted" : data == DataKind::public_data ? "public" : "user";
}

Json protocol_json(const engine::ProtocolRun& run) {
  Json object;
  object["protocol"] = run.protocol.name;
  object["refused"] = run.leakage.refused();
  object["leaky"] = run.leakage.leaky;
  object["findings"] = Json::array();
  for (const auto& finding : run.leakage.findings) object["findings"].push_back(finding_json(finding));
  object["checked"] = kinds_json(run.leakage.checked);
  object["not_checked"] = kinds_json(run.leakage.not_checked);
  object["split"] = {{"kind", run.split.kind},
                     {"folds", run.split.folds.size()},
                     {"seed", run.split.seed},
                     {"sha256", run.split.sha256}};
  object["figures"] = Json::array();
  for (const auto& figure : run.figures) object["figures"].push_back(figure_json(figure));
  object["evidence"] = {{"data", data_name(run.protocol.data)},
                        {"samples_sha256", run.samples_sha256},
                        {"predictions_sha256", run.predictions_sha256}};
  return object;
}

std::string protocol_text(const engine::ProtocolRun& run, bool colour) {
  std::string text =
      fmt::format("{}: {}, {}, split {}\n", printable(run.protocol.name), printable(run.split.kind),
                  counted(static_cast<std::int64_t>(run.split.folds.size()), "fold"), run.split.sha256.substr(0, 12));
  if (run.protocol.data == DataKind::planted) text += "PLANTED DATA: these numbers say nothing about people.\n";
  if (run.leakage.leaky)
    text += styled("LEAKY PROTOCOL: windows of one clip are in training and test.\n", Style::bad, colour);
  for (const auto& finding : run.leakage.findings) {
    text += styled(finding.refuses ? "refused" : "warning", finding.refuses ? Style::bad : Style::warn, colour);
    text +=
        ": " + printable(finding.message) + (finding.fold.empty() ? "" : " (" + printable(finding.fold) + ")") + "\n";
    for (const std::string& item : finding.items) text += "  " + printable(item) + "\n";
    if (finding.count > finding.items.size())
      text += fmt::format("  and {} more\n", finding.count - finding.items.size());
  }
  if (!run.leakage.refused() && run.leakage.findings.empty()) text += "Nothing leaks that could be looked at.\n";
  std::string open;
  for (const auto kind : run.leakage.not_checked)
    open += (open.empty() ? "" : ", ") + std::string(evaluation::name_of(kind));
  if (!open.empty()) text += "Not looked at, for the protocol says nothing of it: " + open + ".\n";
  if (!run.figures.empty()) text += "\n" + figures_text(run.figures, colour);
  return text;
}

Result<ExitCode> protocol(const ProtocolSettings& settings, bool measure, Context& context) {
  VULTUS_TRY(const engine::ProtocolRun run, engine::run_protocol(settings.file, measure));
  VULTUS_CHECK(
      context.out.write(settings.json ? json_line(protocol_json(run)) : protocol_text(run, context.out.colour())));
  return run.leakage.refused() ? ExitCode::invalid_argument : ExitCode::done;
}

Status write_plots(const MetricsSettings& settings, const std::vector<evaluation::TaskPlot>& plots) {
  std::error_code failed;
  std::filesystem::create_directories(settings.plots, failed);
  if (failed)
    return fail(ErrorCode::resource_limit, settings.plots + ": the folder cannot be made: " + failed.message());
  for (const evaluation::TaskPlot& plot : plots) {
    const std::string path = (std::filesystem::path(settings.plots) / (plot.name + ".svg")).string();
    VULTUS_CHECK(Originals({&settings.file, 1}).spare(path, "--plots"));
    VULTUS_CHECK(media::write_file_atomically(path, plot.svg));
  }
  return {};
}

Result<ExitCode> metrics(const MetricsSettings& settings, Context& context) {
  evaluation::TaskOptions options = settings.options;
  VULTUS_TRY(options.task, evaluation::task_of(settings.task));
  VULTUS_TRY(const engine::TableFile file, engine::read_table(settings.file));
  std::vector<evaluation::TaskPlot> plots;
  if (!settings.plots.empty()) {
    VULTUS_TRY(plots, evaluation::task_plots(file.table, options));
  }
  VULTUS_TRY(const auto figures, evaluation::measure_task(file.table, options));
  if (!plots.empty()) VULTUS_CHECK(write_plots(settings, plots));
  if (!settings.json) {
    VULTUS_CHECK(context.out.write(figures_text(figures, context.out.colour())));
    return ExitCode::done;
  }
  Json object;
  object["task"] = settings.task;
  object["figures"] = Json::array();
  for (const auto& figure : figures) object["figures"].push_back(figure_json(figure));
  object["evidence"] = {{"data", "user"}, {"predictions_sha256", file.sha256}};
  VULTUS_CHECK(context.out.write(json_line(object)));
  return ExitCode::done;
}

void add_protocol(CLI::App& bench, Commands& commands, const char* name, const char* help, const char* examples,
                  bool measure) {
  CLI::App* command = bench.add_subcommand(name, help);
  auto settings = std::make_shared<ProtocolSettings>();
  command->add_option("PROTOCOL", settings->file, "a protocol file")->type_name("")->required();
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(examples);
  commands.push_back(
      {command, [settings, measure](Context& context) { return protocol(*settings, measure, context); }});
}

}  // namespace

Json figure_json(const evaluation::Figure& figure) {
  Json object;
  object["name"] = figure.name;
  object["value"] = score_json(figure.value);
  object["interval"] = nullptr;
  if (figure.interval)
    object["interval"] = Json::array({score_json(figure.interval->low), score_json(figure.interval->high)});
  object["level"] = figure.interval ? Json(figure.interval->level) : Json(nullptr);
  object["groups"] = figure.groups;
  object["group_kind"] = figure.group_kind;
  object["samples"] = figure.samples;
  object["draws"] = figure.draws;
  object["seed"] = figure.seed;
  object["baseline"] = figure.baseline ? score_json(*figure.baseline) : Json(nullptr);
  return object;
}

std::string figures_text(const std::vector<evaluation::Figure>& figures, bool colour) {
  std::vector<Row> rows;
  for (const auto& figure : figures) {
    std::string note;
    if (figure.baseline) note = fmt::format("baseline {:.4f}", *figure.baseline);
    rows.push_back({{figure.name},
                    {fmt::format("{:.6f}", figure.value)},
                    {figure.interval ? fmt::format("{:.4f} to {:.4f}", figure.interval->low, figure.interval->high)
                                     : std::string("too few groups")},
                    {note, Style::dim}});
  }
  std::string text =
      table_text({{"METRIC"}, {"VALUE", Align::right}, {"95 % INTERVAL", Align::right}, {""}}, rows, colour);
  if (!figures.empty())
    text += fmt::format("\n{} rows, intervals over {} {}.\n", grouped(figures.front().samples),
                        grouped(figures.front().groups), printable(figures.front().group_kind));
  return text;
}

void add_bench_protocol(CLI::App& bench, Commands& commands) {
  add_protocol(bench, commands, "audit", "does the test data of a protocol leak into its training data?",
               kBenchAuditExamples, false);
  add_protocol(bench, commands, "run", "run a protocol file: audit its split, then measure predictions",
               kBenchRunExamples, true);
  CLI::App* command = bench.add_subcommand("metrics", "all numbers of a table of predictions, with intervals");
  auto settings = std::make_shared<MetricsSettings>();
  evaluation::TaskOptions& options = settings->options;
  command->add_option("FILE", settings->file, "CSV, or a JSON list of objects")->type_name("")->required();
  command
      ->add_option("--task", settings->task,
                   "classification, detection, regression, attack, text or verification; classification unless told")
      ->type_name("TASK");
  command->add_option("--truth", options.truth, "column of the truth")->type_name("COLUMN");
  command->add_option("--predicted", options.predicted, "column of the predictions")->type_name("COLUMN");
  command->add_option("--score", options.score, "column of the scores")->type_name("COLUMN");
  command->add_option("--species", options.species, "column of the kind of attack")->type_name("COLUMN");
  command->add_option("--first", options.first, "column of the person in the first picture")->type_name("COLUMN");
  command->add_option("--second", options.second, "column of the person in the second picture")->type_name("COLUMN");
  command->add_option("--fold", options.fold, "column of the folds of the task verification")->type_name("COLUMN");
  command
      ->add_option("--plots", settings->plots,
                   "write confusion.svg and reliability.svg (classification) or roc.svg and det.svg here")
      ->type_name("DIR");
  command->add_option("--threshold", options.threshold, "of the task attack, chosen on other data")->type_name("T");
  command
      ->add_option("--groups", options.groups,
                   "column of what is drawn for the intervals, e.g. subject; every row unless told")
      ->type_name("COLUMN");
  command->add_option("--draws", options.bootstrap.draws, "bootstrap draws; 1000 unless told")
      ->type_name("N")
      ->check(within(100, 1000000));
  command->add_option("--seed", options.bootstrap.seed, "of the draws; 1 unless told")->type_name("N");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kBenchMetricsExamples);
  commands.push_back({command, [settings](Context& context) { return metrics(*settings, context); }});
}

}  // namespace vultus::cli
