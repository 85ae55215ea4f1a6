// vultus audit dataset, induce and propagate: bias of data, bias put in on purpose, and what of it reaches the model.
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <vultus/audit/dataset_bias.hpp>
#include <vultus/audit/propagation.hpp>
#include <vultus/engine/table_file.hpp>
#include <vultus/media/csv.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/audit_commands.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kDatasetExamples =
    "Examples:\n"
    "  vultus audit dataset moods.csv --group gender\n"
    "  vultus audit dataset moods.csv --group gender --label y_true --json";
constexpr const char* kInduceExamples =
    "Draws rows so that a group has a wanted share and every class keeps its total. Our reading of the paper.\n\n"
    "Examples:\n"
    "  vultus audit induce moods.csv --group gender --label y_true --of Female --fraction 0.8 -o biased.csv\n"
    "  vultus audit induce moods.csv --group gender --label y_true --of Female --in happy --fraction 1 -o biased.csv";
constexpr const char* kPropagateExamples =
    "One row a trained model: how biased its data was, and how biased it is.\n\n"
    "Examples:\n"
    "  vultus audit propagate runs.csv --from bias --to eqopp\n"
    "  vultus audit propagate runs.csv --from bias --to eqopp --kind kind --json";

struct DatasetSettings {
  std::string file;
  std::string group;
  std::string label;
  bool json = false;
};

struct InduceSettings {
  std::string file;
  std::string output;
  audit::InducePlan plan;
  bool json = false;
};

struct PropagateSettings {
  std::string file;
  std::string from;
  std::string to;
  std::string kind;
  evaluation::BootstrapOptions bootstrap;
  bool json = false;
};

Json counts_json(const audit::DatasetBias& bias) {
  Json groups = Json::array();
  for (std::size_t g = 0; g < bias.groups.size(); ++g) {
    Json one{{"name", bias.groups[g]}, {"count", bias.counts[g]}};
    if (!bias.classes.empty()) {
      one["classes"] = Json::array();
      for (std::size_t c = 0; c < bias.classes.size(); ++c)
        one["classes"].push_back(
            {{"name", bias.classes[c]}, {"count", bias.table[g][c]}, {"npmi", score_json(bias.pointwise[g][c])}});
    }
    groups.push_back(std::move(one));
  }
  return groups;
}

Result<ExitCode> dataset(const DatasetSettings& settings, Context& context) {
  VULTUS_TRY(const engine::TableFile file, engine::read_table(settings.file));
  VULTUS_TRY(const audit::DatasetBias bias, audit::dataset_bias(file.table, settings.group, settings.label));
  const audit::Representation& r = bias.representational;
  if (settings.json) {
    Json object{{"group", settings.group}, {"rows", file.table.rows()}};
    object["representational"] = {{"effective_groups", score_json(r.effective_groups)},
                                  {"bias", score_json(r.bias)},
                                  {"imbalance", score_json(r.imbalance)}};
    object["stereotypical"] = nullptr;
    if (bias.stereotypical)
      object["stereotypical"] = {{"nmi", score_json(bias.stereotypical->nmi)},
                                 {"cramers_v", score_json(bias.stereotypical->cramers_v)}};
    object["groups"] = counts_json(bias);
    object["evidence"] = {{"data", "user"}, {"table_sha256", file.sha256}};
    VULTUS_CHECK(context.out.write(json_line(object)));
    return ExitCode::done;
  }
  std::vector<Row> rows{
      {{"effective number of groups"}, {fmt::format("{:.4f} of {}", r.effective_groups, bias.groups.size())}},
      {{"representational bias"}, {fmt::format("{:.6f}", r.bias)}},
      {{"largest group / smallest"}, {fmt::format("{:.3f}", r.imbalance)}}};
  if (bias.stereotypical) {
    rows.push_back({{"stereotypical bias, NMI"}, {fmt::format("{:.6f}", bias.stereotypical->nmi)}});
    rows.push_back({{"stereotypical bias, Cramer's V"}, {fmt::format("{:.6f}", bias.stereotypical->cramers_v)}});
  }
  std::string text = table_text({{"DATA SET"}, {"VALUE", Align::right}}, rows, context.out.colour()) + "\n";
  std::vector<Row> groups;
  for (std::size_t g = 0; g < bias.groups.size(); ++g)
    groups.push_back({{bias.groups[g]}, {grouped(static_cast<std::int64_t>(bias.counts[g]))}});
  text += table_text({{"GROUP"}, {"ROWS", Align::right}}, groups, context.out.colour());
  VULTUS_CHECK(context.out.write(text));
  return ExitCode::done;
}

Result<ExitCode> induce(const InduceSettings& settings, Context& context) {
  VULTUS_CHECK(Originals({&settings.file, 1}).spare(settings.output));
  VULTUS_TRY(const engine::TableFile file, engine::read_table(settings.file));
  audit::InducePlan plan = settings.plan;
  plan.kind = plan.classes.empty() ? audit::BiasKind::representational : audit::BiasKind::stereotypical;
  VULTUS_TRY(const audit::Induced made, audit::induce(file.table, plan));
  std::string csv = media::csv_row(file.table.columns());
  for (const std::size_t row : made.rows) {
    std::vector<std::string> fields;
    for (std::size_t c = 0; c < file.table.columns().size(); ++c) fields.push_back(file.table.at(row, c));
    csv += media::csv_row(fields);
  }
  VULTUS_CHECK(media::write_file_atomically(settings.output, csv));
  if (settings.json) {
    const Json object{{"rows", made.rows.size()},
                      {"per_class", made.per_class},
                      {"kind", plan.classes.empty() ? "representational" : "stereotypical"},
                      {"fraction", plan.fraction},
                      {"seed", plan.seed},
                      {"evidence", {{"data", "user"}, {"table_sha256", file.sha256}}}};
    VULTUS_CHECK(context.out.write(json_line(object)));
    return ExitCode::done;
  }
  VULTUS_CHECK(context.out.write(fmt::format("{} rows, {} of each class; seed {}\n",
                                             grouped(static_cast<std::int64_t>(made.rows.size())),
                                             grouped(made.per_class), plan.seed)));
  return ExitCode::done;
}

Result<std::vector<std::pair<std::string, std::vector<audit::TrainedRun>>>> runs_of(const PropagateSettings& settings,
                                                                                    const evaluation::Table& table) {
  VULTUS_TRY(const std::size_t from, table.column(settings.from));
  VULTUS_TRY(const std::size_t to, table.column(settings.to));
  std::optional<std::size_t> kind;
  if (!settings.kind.empty()) {
    VULTUS_TRY(kind, table.column(settings.kind));
  }
  std::vector<std::pair<std::string, std::vector<audit::TrainedRun>>> kinds;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string name = kind ? table.at(row, *kind) : "all runs";
    auto at = std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return one.first == name; });
    if (at == kinds.end()) at = kinds.insert(kinds.end(), {name, {}});
    VULTUS_TRY(const double x, table.number(row, from));
    VULTUS_TRY(const double y, table.number(row, to));
    at->second.push_back({fmt::format("line {}", table.line(row)), x, y});
  }
  return kinds;
}

Result<ExitCode> propagate(const PropagateSettings& settings, Context& context) {
  VULTUS_TRY(const engine::TableFile file, engine::read_table(settings.file));
  VULTUS_TRY(const auto kinds, runs_of(settings, file.table));
  Json list = Json::array();
  std::string text;
  for (const auto& [name, runs] : kinds) {
    VULTUS_TRY(const audit::Propagation found, audit::propagation(runs, settings.bootstrap).with_context(name));
    Json one{{"kind", name}, {"runs", runs.size()}};
    one["figures"] = Json::array();
    for (const auto& figure : found.figures) one["figures"].push_back(figure_json(figure));
    list.push_back(std::move(one));
    text += (text.empty() ? "" : "\n") + printable(name) + "\n" + figures_text(found.figures, context.out.colour());
  }
  const Json object{{"from", settings.from},
                    {"to", settings.to},
                    {"kinds", list},
                    {"evidence", {{"data", "user"}, {"table_sha256", file.sha256}}}};
  VULTUS_CHECK(context.out.write(settings.json ? json_line(object) : text));
  return ExitCode::done;
}

void add_dataset(CLI::App& audit, Commands& commands) {
  CLI::App* command = audit.add_subcommand("dataset", "who is in a data set, and in which classes");
  auto settings = std::make_shared<DatasetSettings>();
  command->add_option("FILE", settings->file, "CSV, or a JSON list of objects")->type_name("")->required();
  command->add_option("--group", settings->group, "column of groups")->type_name("COLUMN")->required();
  command
      ->add_option("--label", settings->label,
                   "column of classes: also what groups and classes have to do with each other")
      ->type_name("COLUMN");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kDatasetExamples);
  commands.push_back({command, [settings](Context& context) { return dataset(*settings, context); }});
}

void add_induce(CLI::App& audit, Commands& commands) {
  CLI::App* command = audit.add_subcommand("induce", "a data set with a bias that is put in on purpose");
  auto settings = std::make_shared<InduceSettings>();
  audit::InducePlan& plan = settings->plan;
  command->add_option("FILE", settings->file, "CSV, or a JSON list of objects")->type_name("")->required();
  command->add_option("--group", plan.group_column, "column of groups")->type_name("COLUMN")->required();
  command->add_option("--label", plan.label_column, "column of classes")->type_name("COLUMN")->required();
  command->add_option("--of", plan.group, "group whose share is set")->type_name("GROUP")->required();
  command->add_option("--in", plan.classes, "only in this class; may be repeated; in every class unless told")
      ->type_name("CLASS");
  command->add_option("--fraction", plan.fraction, "share of the group")
      ->type_name("F")
      ->check(within(0.0, 1.0))
      ->required();
  command->add_option("--per-class", plan.per_class, "rows of each class; the most that every share allows unless told")
      ->type_name("N");
  command->add_option("--seed", plan.seed, "of the draw; 1 unless told")->type_name("N");
  command->add_option("-o,--output", settings->output, "the CSV file to write")->type_name("FILE.csv")->required();
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kInduceExamples);
  commands.push_back({command, [settings](Context& context) { return induce(*settings, context); }});
}

}  // namespace

void add_audit_dataset(CLI::App& audit, Commands& commands) {
  add_dataset(audit, commands);
  add_induce(audit, commands);
  CLI::App* command = audit.add_subcommand("propagate", "does bias of the data reach the models?");
  auto settings = std::make_shared<PropagateSettings>();
  command->add_option("FILE", settings->file, "CSV, or a JSON list of objects, one row a model")
      ->type_name("")
      ->required();
  command->add_option("--from", settings->from, "column of the bias of the data")->type_name("COLUMN")->required();
  command->add_option("--to", settings->to, "column of the bias of the model")->type_name("COLUMN")->required();
  command->add_option("--kind", settings->kind, "column of kinds that are told apart")->type_name("COLUMN");
  command->add_option("--draws", settings->bootstrap.draws, "bootstrap draws; 1000 unless told")
      ->type_name("N")
      ->check(within(100, 1000000));
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kPropagateExamples);
  commands.push_back({command, [settings](Context& context) { return propagate(*settings, context); }});
}

}  // namespace vultus::cli
