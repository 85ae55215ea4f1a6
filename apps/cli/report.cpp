// vultus report: a page from a Timeline.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>

#include <vultus/engine/channel_page.hpp>
#include <vultus/engine/report.hpp>
#include <vultus/engine/track_report.hpp>
#include <vultus/media/file.hpp>
#include <vultus/timeline/timeline_file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kReportExamples =
    "The page is one file that works offline. Pictures are read again from where they were; those that are gone are\n"
    "listed without. A folder gets the page of channels (DIR/index.html): what every face did, on one clock, beside "
    "the\n"
    "video where that is still at its place; a click seeks, the wheel zooms.\n\n"
    "Examples:\n"
    "  vultus identify people.vgal photos/ -o photos.vultus --force\n"
    "  vultus report photos.vultus -o photos.html\n"
    "  vultus report photos.vultus -o photos-report";

constexpr const char* kVideoTitle = "Who is in this video, and when";

struct ReportSettings {
  std::string timeline;
  std::string page;
  InputSettings limits;
  std::string title;
  engine::ReportOptions options;
  bool quiet = false;
};

/// Whether a name is that of a page: everything else is a folder.
bool names_a_page(const std::string& name) {
  std::string ending = std::filesystem::path(name).extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return ending == ".html" || ending == ".htm";
}

/// The page of channels in a folder.
Result<ExitCode> report_channels(const ReportSettings& settings, Context& context) {
  const std::filesystem::path folder(settings.page);
  engine::ChannelPageOptions options;
  if (!settings.title.empty()) options.title = settings.title;
  VULTUS_TRY(const std::string page, engine::channel_page(settings.timeline, folder, options));
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return fail(ErrorCode::resource_limit, settings.page + ": cannot be made: " + failed.message());
  const std::string file = (folder / "index.html").string();
  VULTUS_CHECK(media::write_file_atomically(file, page));
  context.console.note("report written to " + file);
  return ExitCode::done;
}

Result<ExitCode> report(const ReportSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  if (!names_a_page(settings.page)) return report_channels(settings, context);
  VULTUS_CHECK(Originals({&settings.timeline, 1}).spare(settings.page));
  VULTUS_TRY(const Timeline timeline, read_timeline(settings.timeline));
  engine::ReportOptions options = settings.options;
  options.limits = settings.limits.limits();
  Result<std::string> made = std::string();
  if (engine::tells_of_video(timeline)) {
    VULTUS_TRY(const auto stories, engine::stories_of(timeline, {.limits = options.limits}, context.stop));
    made = engine::track_report(stories, settings.title.empty() ? kVideoTitle : settings.title, timeline.evidence());
  } else {
    if (!settings.title.empty()) options.title = settings.title;
    made = engine::identity_report(timeline, options, context.stop);
  }
  VULTUS_TRY(const std::string page, std::move(made));
  VULTUS_CHECK(media::write_file_atomically(settings.page, page));
  context.console.note("report written to " + settings.page);
  return ExitCode::done;
}

}  // namespace

void add_report(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("report", "make a page from a Timeline file");
  auto settings = std::make_shared<ReportSettings>();
  command->add_option("FILE", settings->timeline, "a .vultus file, made by vultus identify -o or vultus track -o")
      ->type_name("")
      ->required();
  command->add_option("-o,--output", settings->page, "the page to write, or a folder for the page of channels")
      ->type_name("FILE.html|DIR")
      ->required();
  command->add_option("--title", settings->title, "heading of the page")->type_name("TEXT");
  command
      ->add_option("--max-pictures", settings->options.max_pictures,
                   "how many pictures the page holds at most; the rest is listed without; 200 unless told")
      ->type_name("N")
      ->check(within(0, 100000));
  add_limit_option(*command, settings->limits);
  command->add_flag("-q,--quiet", settings->quiet, "say nothing");
  command->footer(kReportExamples);
  commands.push_back({command, [settings](Context& context) { return report(*settings, context); }});
}

}  // namespace vultus::cli
