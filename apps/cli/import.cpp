// vultus import: tables of other face analysers as a Timeline.
#include <fstream>
#include <memory>

#include <fmt/format.h>

#include <vultus/timeline/import_csv.hpp>
#include <vultus/timeline/timeline_file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/video_walk.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kImportExamples =
    "TABLE is a CSV that OpenFace 2 (FeatureExtraction, FaceLandmarkVidMulti, FaceLandmarkImg) or py-feat wrote. Its\n"
    "columns become channels of the same names as those that Vultus measures; the Timeline says that they were\n"
    "imported.\n\n"
    "Examples:\n"
    "  vultus import openface.csv -o imported.vultus --force\n"
    "  vultus export imported.vultus --format jsonl -o imported.jsonl";

struct ImportSettings {
  std::string table;
  std::string timeline;
  double rate = 30;
  bool force = false;
  bool quiet = false;
};

Result<ExitCode> import_table(const ImportSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  std::ifstream table(settings.table, std::ios::binary);
  if (!table) return fail(ErrorCode::not_found, settings.table + ": no such file, or it cannot be read");
  VULTUS_CHECK(make_room_for_timeline(settings.timeline, settings.force));
  VULTUS_TRY(TimelineWriter file, TimelineWriter::open({.path = settings.timeline}));
  VULTUS_TRY(const ImportedCsv done, import_csv(table, {.name = settings.table, .frame_rate = settings.rate}, file));
  VULTUS_CHECK(file.commit());
  std::string text = fmt::format("{}: {}, {}, {}.", done.kind == ForeignTable::openface ? "OpenFace" : "py-feat",
                                 counted(done.rows, "row"), counted(done.faces, "face"), counted(done.tracks, "track"));
  if (done.ignored > 0) text += fmt::format(" {} that no channel takes.", counted(done.ignored, "column"));
  if (done.unread > 0) text += fmt::format(" {} that are none were left out.", counted(done.unread, "number"));
  context.console.note(text + "\nTimeline: " + settings.timeline);
  return ExitCode::done;
}

}  // namespace

void add_import(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("import", "make a Timeline file of the table of OpenFace or py-feat");
  auto settings = std::make_shared<ImportSettings>();
  command->add_option("TABLE", settings->table, "a CSV file of OpenFace 2 or py-feat")->type_name("")->required();
  command->add_option("-o,--output", settings->timeline, "the Timeline to write")->type_name("FILE")->required();
  command->add_option("--rate", settings->rate, "frames per second of tables that only count frames; 30 unless told")
      ->type_name("N")
      ->check(within(0.001, 1000.0));
  command->add_flag("--force", settings->force, "replace a Timeline file that is there");
  command->add_flag("-q,--quiet", settings->quiet, "say nothing");
  command->footer(kImportExamples);
  commands.push_back({command, [settings](Context& context) { return import_table(*settings, context); }});
}

}  // namespace vultus::cli
