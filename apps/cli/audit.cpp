// vultus audit: does a classifier or a recogniser treat groups of people alike?
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <vultus/audit/model_bias.hpp>
#include <vultus/engine/audit_page.hpp>
#include <vultus/engine/table_file.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/audit_commands.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kAuditModelExamples =
    "Groups are columns of the file; Vultus guesses none. Metrics: error, OD, CEV, SDE, TTEqOdds, CEqOdds, EqOpp, "
    "DemPar\n"
    "(docs/audit.md). An empty cell of group and class is an error; --only leaves small groups out.\n\n"
    "Examples:\n"
    "  vultus audit model --predictions moods.csv --axis gender\n"
    "  vultus audit model --predictions moods.csv --json --report moods.html";

struct AuditModelSettings {
  std::string predictions;
  std::vector<std::string> axes;
  audit::ModelAuditOptions options;
  std::string report;
  bool json = false;
};

/// Axes that were asked for, or all columns beside truth and prediction.
std::vector<std::string> axes_of(const AuditModelSettings& settings, const evaluation::Table& table) {
  if (!settings.axes.empty()) return settings.axes;
  std::vector<std::string> axes;
  for (const std::string& column : table.columns())
    if (column != settings.options.truth && column != settings.options.predicted && column != settings.options.subjects)
      axes.push_back(column);
  return axes;
}

Json group_json(const audit::GroupRecalls& group, const std::vector<std::string>& classes) {
  Json object{{"name", group.name}, {"members", group.members}, {"error", score_json(group.error)}};
  object["classes"] = Json::array();
  for (std::size_t c = 0; c < classes.size(); ++c)
    object["classes"].push_back(
        {{"name", classes[c]}, {"support", group.support[c]}, {"recall", score_json(group.recall[c])}});
  return object;
}

Json audit_json(const audit::ModelAudit& audit) {
  Json object{{"axis", audit.axis}, {"rows", audit.rows}, {"rows_left_out", audit.rows_left_out}};
  object["metrics"] = Json::object();
  object["intervals"] = Json::object();
  for (const auto& figure : audit.figures) {
    object["metrics"][figure.name] = score_json(figure.value);
    object["intervals"][figure.name] =
        figure.interval ? Json::array({score_json(figure.interval->low), score_json(figure.interval->high)})
                        : Json(nullptr);
  }
  object["undefined"] = Json::object();
  for (const auto& [name, why] : audit.undefined) {
    object["metrics"][name] = nullptr;
    object["intervals"][name] = nullptr;
    object["undefined"][name] = why;
  }
  object["groups"] = Json::array();
  for (const auto& group : audit.groups) object["groups"].push_back(group_json(group, audit.classes));
  object["small_cells"] = audit.small_cells;
  return object;
}

std::string audit_text(const audit::ModelAudit& audit, bool colour) {
  std::string text = fmt::format("{}: {} rows, {} left out\n\n", printable(audit.axis), grouped(audit.rows),
                                 grouped(audit.rows_left_out));
  text += figures_text(audit.figures, colour) + "\n";
  for (const auto& [name, why] : audit.undefined) text += name + " is undefined: " + printable(why) + "\n";
  std::vector<Column> columns{{"GROUP"}, {"ROWS", Align::right}, {"WRONG", Align::right}};
  for (const std::string& name : audit.classes) columns.push_back({name, Align::right});
  std::vector<Row> rows;
  for (const auto& group : audit.groups) {
    Row row{{group.name}, {grouped(group.members)}, {percent(group.error, 1)}};
    for (const double recall : group.recall) row.push_back({percent(recall, 1)});
    rows.push_back(std::move(row));
  }
  text += table_text(std::move(columns), rows, colour);
  for (const std::string& cell : audit.small_cells)
    text += styled("few samples", Style::warn, colour) + ": " + printable(cell) + "\n";
  return text;
}

Result<ExitCode> audit_model(const AuditModelSettings& settings, Context& context) {
  VULTUS_CHECK(Originals({&settings.predictions, 1}).spare(settings.report, "--report"));
  VULTUS_TRY(const engine::TableFile file, engine::read_table(settings.predictions));
  std::vector<audit::ModelAudit> audits;
  Json skipped = Json::array();
  for (const std::string& axis : axes_of(settings, file.table)) {
    audit::ModelAuditOptions options = settings.options;
    options.axis = axis;
    auto one = audit::audit_model(file.table, options);
    // Of axes that nobody asked for by name, one that cannot be compared does not stop the others.
    if (!one && !settings.axes.empty()) return one.error();
    if (one)
      audits.push_back(*std::move(one));
    else
      skipped.push_back({{"axis", axis}, {"reason", one.error().message}});
  }
  if (audits.empty())
    return fail(ErrorCode::invalid_argument,
                skipped.empty() ? settings.predictions + ": no column of groups beside truth and prediction"
                                : skipped.front()["reason"].get<std::string>());
  if (!settings.report.empty()) {
    VULTUS_TRY(const std::string page, engine::model_audit_page(audits.front(), settings.predictions, file.sha256));
    VULTUS_CHECK(media::write_file_atomically(settings.report, page));
  }
  if (settings.json) {
    Json object;
    object["axes"] = Json::array();
    for (const auto& audit : audits) object["axes"].push_back(audit_json(audit));
    object["not_compared"] = skipped;
    object["draws"] = settings.options.bootstrap.draws;
    object["seed"] = settings.options.bootstrap.seed;
    object["evidence"] = {{"data", "user"}, {"predictions_sha256", file.sha256}};
    VULTUS_CHECK(context.out.write(json_line(object)));
    return ExitCode::done;
  }
  std::string text;
  for (const auto& audit : audits) text += (text.empty() ? "" : "\n") + audit_text(audit, context.out.colour());
  for (const Json& one : skipped) text += "\nNot compared: " + printable(one["reason"].get<std::string>()) + "\n";
  VULTUS_CHECK(context.out.write(text));
  return ExitCode::done;
}

}  // namespace

void add_audit(CLI::App& app, Commands& commands) {
  CLI::App* audit = app.add_subcommand("audit", "are groups of people treated alike?");
  audit->require_subcommand(1);
  audit->footer("Examples:\n  vultus audit model --predictions moods.csv --axis gender");
  CLI::App* command = audit->add_subcommand("model", "fairness of a classifier of many classes, from its predictions");
  auto settings = std::make_shared<AuditModelSettings>();
  audit::ModelAuditOptions& options = settings->options;
  command->add_option("--predictions", settings->predictions, "CSV, or a JSON list of objects")
      ->type_name("FILE")
      ->required();
  command->add_option("--axis", settings->axes, "column of groups; may be repeated; every column unless told")
      ->type_name("COLUMN");
  command->add_option("--only", options.only, "compare these groups alone; may be repeated")->type_name("GROUP");
  command->add_option("--truth", options.truth, "column of the truth; y_true unless told")->type_name("COLUMN");
  command->add_option("--predicted", options.predicted, "column of the predictions; y_pred unless told")
      ->type_name("COLUMN");
  command->add_option("--class", options.classes, "labels that there are; those of the truth unless told")
      ->type_name("NAME");
  command->add_option("--subjects", options.subjects, "column of the people, who are drawn for the intervals")
      ->type_name("COLUMN");
  command->add_option("--draws", options.bootstrap.draws, "bootstrap draws; 1000 unless told")
      ->type_name("N")
      ->check(within(100, 1000000));
  command->add_option("--seed", options.bootstrap.seed, "of the draws; 1 unless told")->type_name("N");
  command->add_option("--report", settings->report, "write a page about the first axis")->type_name("FILE.html");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kAuditModelExamples);
  commands.push_back({command, [settings](Context& context) { return audit_model(*settings, context); }});
  add_audit_dataset(*audit, commands);
  add_audit_attributes(*audit, commands);
  add_audit_recogniser(*audit, commands);
  add_audit_frequency(*audit, commands);
}

}  // namespace vultus::cli
