// vultus identify: who is in the pictures.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <vultus/core/timeline.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/engine/identify.hpp>
#include <vultus/engine/report.hpp>
#include <vultus/media/file.hpp>
#include <vultus/timeline/timeline_file.hpp>

#include <apps/cli/annotate.hpp>
#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/identify_rows.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kExamples =
    "A picture without a face is a row of the table and a count in its last line; JSON and CSV have no line for it.\n\n"
    "Examples:\n"
    "  vultus identify people.vgal photos/\n"
    "  vultus identify people.vgal photos/ --annotate named/ --report photos.html\n"
    "  vultus identify people.vgal 'photos/*.jpg' --json --top-k 3 --fmr 1e-3\n"
    "  vultus identify people.vgal - --json < a.jpg";

struct IdentifySettings {
  EngineSettings engine;
  InputSettings inputs;
  FormatSettings format;
  ThresholdSettings threshold;
  std::string gallery;
  std::size_t top_k = 0;  ///< 0 = not asked for
  bool once = false;
  std::string annotate;
  std::string timeline;
  std::string report;
  bool force = false;
};

/// What is kept of a run beside what is printed: annotated pictures, the Timeline.
class Keeper {
 public:
  static Result<Keeper> start(const IdentifySettings& settings, const engine::Engine& engine,
                              const OperatingPoint& at) {
    Keeper keeper;
    keeper.limits_ = settings.inputs.limits();
    if (!settings.annotate.empty()) {
      VULTUS_TRY(keeper.annotator_, Annotator::into(settings.annotate));
    }
    if (!settings.timeline.empty()) {
      VULTUS_CHECK(make_room(settings));
      VULTUS_TRY(TimelineWriter writer, TimelineWriter::open({.path = settings.timeline}));
      keeper.file_ = std::make_unique<TimelineWriter>(std::move(writer));
    }
    if (!settings.report.empty() && keeper.file_ == nullptr) keeper.memory_ = std::make_unique<Timeline>();
    TimelineSink* sink =
        keeper.file_ != nullptr ? static_cast<TimelineSink*>(keeper.file_.get()) : keeper.memory_.get();
    if (sink != nullptr) {
      VULTUS_TRY(keeper.recorder_, engine::IdentityRecorder::start(*sink, engine, at));
    }
    return keeper;
  }

  Status record(const engine::IdentifiedPicture& picture) { return recorder_ ? recorder_->add(picture) : Status(); }

  /// @return the file of the annotated picture, if there is one
  Result<std::string> annotate(const engine::IdentifiedPicture& picture, const media::Input& input) {
    return annotator_ ? annotator_->write(picture, input, limits_) : Result<std::string>(std::string());
  }

  Status commit() { return file_ != nullptr ? file_->commit() : Status(); }

  Status write_report(const IdentifySettings& settings) const {
    if (settings.report.empty()) return {};
    engine::ReportOptions options;
    options.limits = limits_;
    Result<std::string> html = std::string();
    if (memory_ != nullptr) {
      html = engine::identity_report(*memory_, options);
    } else {
      VULTUS_TRY(const Timeline timeline, read_timeline(settings.timeline));
      html = engine::identity_report(timeline, options);
    }
    VULTUS_TRY(const std::string page, std::move(html));
    return media::write_file_atomically(settings.report, page);
  }

 private:
  /// A recording is not thrown away without being asked to, and nothing that is no Timeline is ever removed.
  static Status make_room(const IdentifySettings& settings) {
    std::error_code failed;
    if (!std::filesystem::exists(settings.timeline, failed)) return {};
    if (!settings.force)
      return fail(ErrorCode::invalid_argument, settings.timeline + ": is there already; --force replaces it");
    if (const auto there = read_timeline(settings.timeline); !there) return there.error();
    for (const char* beside : {"", "-wal", "-shm"}) std::filesystem::remove(settings.timeline + beside, failed);
    if (failed) return fail(ErrorCode::resource_limit, settings.timeline + ": cannot be replaced: " + failed.message());
    return {};
  }

  std::optional<Annotator> annotator_;
  std::unique_ptr<TimelineWriter> file_;
  std::unique_ptr<Timeline> memory_;
  std::optional<engine::IdentityRecorder> recorder_;
  media::DecodeLimits limits_;
};

Status tell_summary(const IdentifySettings& settings, const PictureRun& run, const People& people,
                    const OperatingPoint& at, const GalleryInfo& gallery, Context& context) {
  std::string text = run.tally().text() + ": " + people.text() + ".\n" + error_rate_sentence(at);
  if (const std::string more = collection_sentence(at, gallery.subjects); !more.empty()) text += " " + more;
  if (at.stale) text += "\n" + stale_sentence(settings.gallery);
  if (gallery.faces == 0) text += "\n" + settings.gallery + " is empty: everyone is unknown.";
  for (const auto& [file, what] :
       {std::pair(&settings.report, "Report: "), std::pair(&settings.annotate, "Annotated pictures: "),
        std::pair(&settings.timeline, "Timeline: ")})
    if (!file->empty()) text += "\n" + std::string(what) + *file;
  if (settings.format.format() != Format::table) {
    context.console.note(text);
    return {};
  }
  return context.out.write("\n" + printable_lines(text) + "\n");
}

Result<ExitCode> identify(const IdentifySettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  const media::InputList list = expand(settings.inputs);
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only));
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine, gallery.info().model.preset));
  VULTUS_CHECK(engine::require_model(engine, gallery));
  VULTUS_TRY(const OperatingPoint at, operating_point(engine, gallery, settings.threshold));
  VULTUS_TRY(Keeper keeper, Keeper::start(settings, engine, at));
  Rows rows = identify_rows(context, settings.format.format(), list.inputs);
  PictureRun run(context, rows, list);
  VULTUS_CHECK(run.begin("identify"));
  for (const media::InputError& e : list.errors) VULTUS_CHECK(keeper.record({.path = e.path, .error = e.error}));
  const engine::IdentifyOptions options{
      .at = at,
      .top_k = std::max<std::size_t>(1, settings.top_k),
      .once = settings.once ? engine::OncePerPicture::yes : engine::OncePerPicture::no,
      .limits = settings.inputs.limits()};
  People people;
  std::size_t number = 0;
  const Status ran = run.end(engine::identify_pictures(
      engine, gallery, list.inputs, options,
      [&](const engine::IdentifiedPicture& picture) -> Status {
        const media::Input& input = list.inputs[number++];
        people.count(picture);
        VULTUS_CHECK(keeper.record(picture));
        return run.picture(picture.path, picture.error, picture.faces.size(), [&]() -> Status {
          VULTUS_TRY(const std::string annotated, keeper.annotate(picture, input));
          return tell_identified(rows, picture, annotated, settings.top_k > 0);
        });
      },
      context.stop));
  VULTUS_CHECK(keeper.commit());
  VULTUS_CHECK(ran);
  VULTUS_CHECK(keeper.write_report(settings));
  VULTUS_CHECK(tell_summary(settings, run, people, at, gallery.info(), context));
  return run.tally().exit_code();
}

}  // namespace

void add_identify(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("identify", "name the people in pictures");
  auto settings = std::make_shared<IdentifySettings>();
  command->add_option("GALLERY", settings->gallery, "the gallery's file, made by vultus enroll")
      ->type_name("")
      ->required();
  add_input_options(*command, settings->inputs,
                    "files, folders, patterns such as 'photos/*.jpg', or - for standard input");
  command->add_option("--top-k", settings->top_k, "also tell the N most similar people of each face")
      ->type_name("N")
      ->check(CLI::Range(1, 100));
  command->add_flag("--once-per-picture", settings->once, "name nobody twice in one picture");
  command->add_option("--annotate", settings->annotate, "write pictures with boxes and names into this folder")
      ->type_name("DIR");
  command->add_option("-o,--output", settings->timeline, "keep everything in a Timeline file, for vultus report")
      ->type_name("FILE");
  command->add_flag("--force", settings->force, "replace a Timeline file that is there");
  command->add_option("--report", settings->report, "write a report page that works offline")->type_name("FILE");
  add_threshold_options(*command, settings->threshold);
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  command->footer(kExamples);
  commands.push_back({command, [settings](Context& context) { return identify(*settings, context); }});
}

}  // namespace vultus::cli
