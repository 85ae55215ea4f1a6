// vultus import: tables of other face analysers as a Timeline.
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/timeline/import_csv.hpp>
#include <vultus/timeline/timeline_file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/timeline_place.hpp>

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

/// A name and the number that it ends with: "Identity_12" is "Identity_" and 12. The number -1 = it ends with none.
std::pair<std::string, long> stem_and_number(const std::string& name) {
  const std::size_t last = name.find_last_not_of("0123456789");
  const std::size_t digits = last == std::string::npos ? 0 : last + 1;
  constexpr std::size_t kMostDigits = 9;
  if (digits == name.size() || name.size() - digits > kMostDigits) return {name, -1};
  return {name.substr(0, digits), std::stol(name.substr(digits))};
}

/// Names in a sentence: numbered ones that follow each other are told by the first and the last.
std::string ignored_names(const std::vector<std::string>& names) {
  constexpr std::size_t kMostTold = 40;
  std::string text;
  std::size_t told = 0;
  for (std::size_t i = 0; i < names.size();) {
    if (told++ == kMostTold) return text + fmt::format(" and {} more", names.size() - i);
    const auto [stem, number] = stem_and_number(names[i]);
    std::size_t last = i;
    for (long next = number + 1; number >= 0 && last + 1 < names.size(); ++next, ++last)
      if (stem_and_number(names[last + 1]) != std::pair(stem, next)) break;
    text += (i == 0 ? "" : ", ") + (names[i].empty() ? "one without a name" : names[i]);
    if (last > i) text += " to " + names[last];
    i = last + 1;
  }
  return text;
}

Result<ExitCode> import_table(const ImportSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  std::ifstream table(settings.table, std::ios::binary);
  if (!table) return fail(ErrorCode::not_found, settings.table + ": no such file, or it cannot be read");
  VULTUS_TRY(TimelinePlace place, TimelinePlace::make(settings.timeline, settings.force));
  VULTUS_TRY(TimelineWriter file, TimelineWriter::open({.path = settings.timeline}));
  VULTUS_TRY(const ImportedCsv done, import_csv(table, {.name = settings.table, .frame_rate = settings.rate}, file));
  VULTUS_CHECK(file.commit());
  place.keep();
  std::string text = fmt::format("{}: {}, {}, {}.", done.kind == ForeignTable::openface ? "OpenFace" : "py-feat",
                                 counted(done.rows, "row"), counted(done.faces, "face"), counted(done.tracks, "track"));
  if (done.sources > 1) text += fmt::format(" {}.", counted(done.sources, "source"));
  if (!done.ignored.empty())
    text += fmt::format(" {} that no channel takes: {}.",
                        counted(static_cast<std::int64_t>(done.ignored.size()), "column"), ignored_names(done.ignored));
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
