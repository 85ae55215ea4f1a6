// vultus models list | show | path | verify: which networks are known, and whether they are there.
#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/engine.hpp>
#include <vultus/media/csv.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/model_shelf.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

using runtime::ModelManifest;

struct ModelsSettings {
  PlaceSettings places;
  FormatSettings format;
  std::vector<std::string> ids;
  bool commercial_only = false;
};

std::int64_t bytes_of(const ModelManifest& model) {
  std::int64_t bytes = 0;
  for (const runtime::ModelFile& file : model.files) bytes += file.bytes;
  return bytes;
}

std::string package_of(const ModelManifest& model) {
  if (model.source.registry == runtime::Registry::local) return "local file";
  return std::string(runtime::name_of(model.source.registry)) + " " + model.source.package + " " + model.source.version;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Json model_json(const ModelShelf& shelf, const ModelManifest& model) {
  Json object;
  object["model"] = model.id.text();
  object["task"] = model.task;
  object["present"] = shelf.store.present(model);
  object["presets"] = shelf.presets_with(model.id);
  object["commercial"] = std::string(runtime::name_of(model.licence.commercial));
  object["licence"] = model.licence.package;
  object["weights"] = model.licence.weights;
  object["registry"] = std::string(runtime::name_of(model.source.registry));
  object["package"] = model.source.package;
  object["version"] = model.source.version;
  object["format"] = std::string(runtime::name_of(model.format));
  object["bytes"] = bytes_of(model);
  object["sha256"] = model.files.front().sha256;
  object["path"] = shelf.store.path_of(model, model.files.front()).string();
  if (!model.measured.empty()) object["measured"] = model.measured;
  return object;
}

Result<ExitCode> list_models(const ModelsSettings& settings, Context& context) {
  VULTUS_TRY(const ModelShelf shelf, open_shelf(settings.places));
  const Format format = settings.format.format();
  if (format == Format::csv)
    VULTUS_CHECK(context.out.write(media::csv_row(
        std::vector<std::string>{"model", "task", "presets", "licence", "commercial", "bytes", "present", "sha256"})));
  std::vector<Row> rows;
  std::int64_t left_out = 0;
  for (const ModelManifest& model : shelf.catalogue.models()) {
    const bool free = model.licence.commercial == runtime::Commercial::yes;
    if (settings.commercial_only && !free) {
      ++left_out;
      continue;
    }
    const bool present = shelf.store.present(model);
    const std::string presets = joined(shelf.presets_with(model.id));
    const std::string commercial(runtime::name_of(model.licence.commercial));
    if (format == Format::json)
      VULTUS_CHECK(context.out.write(json_line(model_json(shelf, model))));
    else if (format == Format::csv)
      VULTUS_CHECK(context.out.write(media::csv_row(std::vector<std::string>{
          model.id.text(), model.task, presets, model.licence.package, commercial, fmt::format("{}", bytes_of(model)),
          present ? "yes" : "no", model.files.front().sha256})));
    else
      rows.push_back({{model.id.text()},
                      {model.task},
                      {presets, Style::dim},
                      {model.licence.package},
                      {commercial, free ? Style::good : Style::warn},
                      {bytes_text(bytes_of(model))},
                      {present ? "here" : "not fetched", present ? Style::good : Style::warn}});
  }
  if (format == Format::table) {
    if (!rows.empty())
      VULTUS_CHECK(context.out.write(table_text(
          {{"MODEL"}, {"TASK"}, {"PRESETS"}, {"LICENCE"}, {"COMMERCIAL USE"}, {"SIZE", Align::right}, {"FILE"}}, rows,
          context.out.colour())));
    VULTUS_CHECK(context.out.write("\n" + printable_lines(shelf.preset_text())));
  }
  if (left_out > 0)
    context.console.note(counted(left_out, "model") +
                         " left out: commercial use is forbidden or not stated. `vultus models list` shows all.");
  return ExitCode::done;
}

std::string shape_text(const runtime::InputSpec& input) {
  return fmt::format("{}x{} {}{}", input.width(), input.height(),
                     input.channels() == 1                  ? "grey"
                     : input.colour == runtime::Colour::bgr ? "BGR"
                                                            : "RGB",
                     input.resizable ? ", other sizes possible" : "");
}

Result<ExitCode> show_model(const ModelsSettings& settings, Context& context) {
  VULTUS_TRY(const ModelShelf shelf, open_shelf(settings.places));
  VULTUS_TRY(const ModelManifest* model, shelf.catalogue.find(ModelId(settings.ids.front())));
  if (settings.format.json) {
    VULTUS_CHECK(context.out.write(json_line(model_json(shelf, *model))));
    return ExitCode::done;
  }
  std::string text = fmt::format(
      "{}: {}\n  presets     {}\n  input       {}\n  package     {}\n  licence     {}\n  weights     {}\n  commercial  "
      "{}\n",
      model->id.text(), model->task, joined(shelf.presets_with(model->id)), shape_text(model->input),
      package_of(*model), model->licence.package, model->licence.weights, runtime::name_of(model->licence.commercial));
  if (!model->measured.empty()) text += "  measured    " + model->measured + "\n";
  for (const runtime::ModelFile& file : model->files)
    text += fmt::format("  file        {}\n  SHA-256     {}\n  size        {}\n",
                        shelf.store.path_of(*model, file).string(), file.sha256, bytes_text(file.bytes));
  text += shelf.store.present(*model) ? "" : "  not fetched yet: vultus models fetch " + model->id.text() + "\n";
  VULTUS_CHECK(context.out.write(printable_lines(text)));
  return ExitCode::done;
}

Result<ExitCode> path(const ModelsSettings& settings, Context& context) {
  VULTUS_TRY(const ModelShelf shelf, open_shelf(settings.places));
  VULTUS_TRY(const ModelManifest* model, shelf.catalogue.find(ModelId(settings.ids.front())));
  // Bytes as they are: a script goes on with the answer.
  VULTUS_CHECK(context.out.write(shelf.store.path_of(*model, model->files.front()).string() + "\n"));
  return ExitCode::done;
}

Result<ExitCode> verify(const ModelsSettings& settings, Context& context) {
  VULTUS_TRY(const ModelShelf shelf, open_shelf(settings.places));
  VULTUS_TRY(const auto chosen, shelf.chosen(settings.ids, {}));
  std::optional<Error> first;
  for (const ModelManifest& model : chosen) {
    const auto checked = shelf.store.verified(model);
    if (!checked && !first) first = checked.error();
    if (settings.format.json) {
      Json object{{"model", model.id.text()}, {"ok", checked.has_value()}};
      if (!checked)
        object["error"] = {{"code", std::string(name_of(checked.error().code))}, {"message", checked.error().message}};
      VULTUS_CHECK(context.out.write(json_line(object)));
    } else if (checked) {
      VULTUS_CHECK(context.out.write(printable(model.id.text()) + ": " +
                                     styled("ok", Style::good, context.out.colour()) + "\n"));
    } else {
      VULTUS_CHECK(context.out.flush());
      context.console.error(checked.error().message);
    }
  }
  return first ? exit_code_of(first->code) : ExitCode::done;
}

using Run = Result<ExitCode> (*)(const ModelsSettings&, Context&);

CLI::App* add(CLI::App& models, Commands& commands, const char* name, const char* help,
              const std::shared_ptr<ModelsSettings>& settings, Run run) {
  CLI::App* command = models.add_subcommand(name, help);
  add_place_options(*command, settings->places);
  commands.push_back({command, [settings, run](Context& context) { return run(*settings, context); }});
  return command;
}

void add_id(CLI::App& command, ModelsSettings& settings, const char* help, int least) {
  auto* option = command.add_option("MODEL", settings.ids, help)->type_name("");
  if (least > 0) option->required()->expected(1);
}

}  // namespace

void add_models(CLI::App& app, Commands& commands) {
  CLI::App* models = app.add_subcommand("models", "list, fetch and check the networks");
  models->require_subcommand(1);
  models->footer("Examples:\n  vultus models list\n  vultus models fetch");
  auto settings = std::make_shared<ModelsSettings>();
  CLI::App* command =
      add(*models, commands, "list", "all networks and presets, with their licences", settings, &list_models);
  add_format_options(*command, settings->format);
  command->add_flag("--commercial-only", settings->commercial_only,
                    "only those that are stated to be free for commercial use");
  command->footer("Examples:\n  vultus models list\n  vultus models list --commercial-only");

  settings = std::make_shared<ModelsSettings>();
  command = add(*models, commands, "show", "everything about one network", settings, &show_model);
  add_id(*command, *settings, "its name, as vultus models list tells it", 1);
  command->add_flag("--json", settings->format.json, "one JSON object")->group("Output");
  command->footer("Examples:\n  vultus models show fr_detect");

  add_models_fetch(*models, commands);
  add_models_own(*models, commands);

  settings = std::make_shared<ModelsSettings>();
  command = add(*models, commands, "verify",
                "check the SHA-256 of every file; exit code 4 if one is missing, 5 if one is wrong", settings, &verify);
  add_id(*command, *settings, "names; all unless told", 0);
  command->add_flag("--json", settings->format.json, "JSON Lines")->group("Output");
  command->footer("Examples:\n  vultus models verify");

  settings = std::make_shared<ModelsSettings>();
  command = add(*models, commands, "path", "where a network's file lies or would lie", settings, &path);
  add_id(*command, *settings, "its name", 1);
  command->footer("Examples:\n  vultus models path fr_detect");
}

}  // namespace vultus::cli
