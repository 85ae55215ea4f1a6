// vultus doctor: what this machine has of what Vultus needs.
#include <memory>
#include <utility>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <vultus/core/version.hpp>
#include <vultus/engine/doctor.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/model_folder.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

using engine::Finding;
using engine::Health;

struct DoctorSettings {
  EngineSettings engine;
  std::string folder;
  bool json = false;
};

Json finding_json(const Finding& finding) {
  Json object;
  object["area"] = finding.area;
  object["subject"] = finding.subject;
  object["health"] = std::string(name_of(finding.health));
  object["text"] = finding.text;
  object["fix"] = finding.fix.empty() ? Json(nullptr) : Json(finding.fix);
  if (finding.code) object["code"] = std::string(name_of(*finding.code));
  Json facts = Json::object();
  for (const auto& [name, value] : finding.facts)
    facts[name] = std::visit([](const auto& v) { return Json(v); }, value);
  object["facts"] = std::move(facts);
  return object;
}

Style style_of(Health health) {
  switch (health) {
    case Health::fine: return Style::good;
    case Health::note: return Style::warn;
    case Health::problem: break;
  }
  return Style::bad;
}

std::string finding_text(const Finding& finding, bool colour) {
  std::string mark(name_of(finding.health));
  mark.resize(9, ' ');
  std::string text =
      "  " + styled(mark, style_of(finding.health), colour) + printable(finding.subject + ": " + finding.text) + "\n";
  if (!finding.fix.empty()) text += "           fix: " + printable(finding.fix) + "\n";
  return text;
}

Result<engine::DoctorOptions> options_of(const DoctorSettings& settings, const Context& context) {
  engine::DoctorOptions options{.models = {},
                                .own_models = own_model_folder(),
                                .cache = settings.engine.places.cache,
                                .folder = settings.folder,
                                .preset = settings.engine.preset.empty() ? "default" : settings.engine.preset,
                                .detector = settings.engine.detector,
                                .embedder = settings.engine.embedder,
                                .precision = settings.engine.precision,
                                .stop = context.stop};
  // A folder that cannot be found is a finding, not the end of the examination.
  const auto models = model_folder_of(settings.engine.places);
  options.models = models ? *models : std::filesystem::path("share/vultus/models");
  if (options.cache.empty()) {
    VULTUS_TRY(options.cache, runtime::default_cache_folder());
  }
  return options;
}

Result<ExitCode> doctor(const DoctorSettings& settings, Context& context) {
  VULTUS_TRY(const engine::DoctorOptions options, options_of(settings, context));
  const auto findings = engine::examine(options);
  if (context.stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped");
  std::int64_t notes = 0;
  std::int64_t problems = 0;
  std::string area;
  if (!settings.json) VULTUS_CHECK(context.out.write(std::string("vultus ") + kVersion + "\n"));
  for (const Finding& finding : findings) {
    notes += finding.health == Health::note ? 1 : 0;
    problems += finding.health == Health::problem ? 1 : 0;
    if (settings.json) {
      VULTUS_CHECK(context.out.write(json_line(finding_json(finding))));
      continue;
    }
    if (finding.area != area) VULTUS_CHECK(context.out.write("\n" + finding.area + "\n"));
    area = finding.area;
    VULTUS_CHECK(context.out.write(finding_text(finding, context.out.colour())));
  }
  const auto code = engine::first_problem(findings);
  if (!settings.json)
    VULTUS_CHECK(context.out.write(code ? "\n" + counted(problems, "problem") +
                                              ": the main job cannot be done. Each fix stands below its problem.\n"
                                        : "\nThe main job can be done" +
                                              (notes > 0 ? "; " + counted(notes, "note") + " above" : "") + ".\n"));
  return code ? exit_code_of(*code) : ExitCode::done;
}

}  // namespace

void add_doctor(CLI::App& app, Commands& commands) {
  CLI::App* command =
      app.add_subcommand("doctor", "try what this machine has of what Vultus needs, and say how to get the rest");
  auto settings = std::make_shared<DoctorSettings>();
  command
      ->add_option("FOLDER", settings->folder, "where galleries are to be kept: writing is tried there; else the cache")
      ->type_name("")
      ->check(CLI::ExistingDirectory.description(""));
  add_preset_option(*command, settings->engine);
  add_part_options(*command, settings->engine);
  add_precision_option(*command, settings->engine);
  add_place_options(*command, settings->engine.places);
  command->add_flag("--json", settings->json, "JSON Lines: one object for each finding")->group("Output");
  command->footer(
      "Exit code: 0, or that of the first problem: 4 something is missing, 5 a network is altered,\n"
      "7 arithmetic that is not there, 8 a folder cannot be written, 9 a library does not work.\n\n"
      "Examples:\n"
      "  vultus doctor\n"
      "  vultus doctor --preset fast --json\n"
      "  vultus doctor --detector mp_face_full\n"
      "  vultus doctor photos");
  commands.push_back({command, [settings](Context& context) { return doctor(*settings, context); }});
}

}  // namespace vultus::cli
