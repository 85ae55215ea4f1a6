// vultus identify: who is in the pictures.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <vultus/core/timeline.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/engine/identify.hpp>
#include <vultus/engine/report.hpp>
#include <vultus/media/content.hpp>
#include <vultus/media/file.hpp>
#include <vultus/timeline/timeline_file.hpp>

#include <apps/cli/annotate.hpp>
#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/identify_rows.hpp>
#include <apps/cli/liveness.hpp>
#include <apps/cli/only_people.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/cli/timeline_place.hpp>
#include <apps/cli/video_rows.hpp>
#include <apps/cli/video_walk.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kIdentifyExamples =
    "A picture without a face is a row of the table and a count in its last line; JSON and CSV have no line for it.\n"
    "Of a video, camera or stream each face in each frame is a row, with frame, time and track; vultus track tells "
    "one\n"
    "row a track.\n\n"
    "Examples:\n"
    "  vultus identify people.vgal photos/\n"
    "  vultus identify people.vgal photos/ --annotate named/ --report photos.html\n"
    "  vultus identify people.vgal 'photos/*.jpg' --json --top-k 3 --fmr 1e-3\n"
    "  vultus identify people.vgal photos/ --json --quality\n"
    "  vultus identify people.vgal a.jpg --json --require-live\n"
    "  vultus identify people.vgal photos/ --only 'Ada Lovelace'\n"
    "  vultus identify people.vgal clip.mp4 --json\n"
    "  vultus identify people.vgal - --json < clip.mp4\n"
    "  vultus identify people.vgal - --json < a.jpg";

struct IdentifySettings {
  EngineSettings engine;
  InputSettings inputs;
  VideoSettings video;
  FormatSettings format;
  ThresholdSettings threshold;
  std::string gallery;
  KeySettings keys;
  OnlySettings only;
  std::size_t top_k = 0;  ///< 0 = not asked for
  bool once = false;
  bool quality = false;
  bool require_live = false;
  engine::LivenessChoice liveness;
  std::string annotate;
  std::string timeline;
  std::string report;
  bool force = false;
};

/// What is kept of a run beside what is printed: annotated pictures, the Timeline.
class Keeper {
 public:
  static Result<Keeper> start(const IdentifySettings& settings, const engine::Engine& engine, const OperatingPoint& at,
                              std::span<const media::Input> inputs) {
    Keeper keeper;
    keeper.limits_ = settings.inputs.limits();
    if (!settings.annotate.empty()) {
      VULTUS_TRY(keeper.annotator_, Annotator::into(settings.annotate, inputs, keeper.limits_));
    }
    if (!settings.timeline.empty()) {
      VULTUS_TRY(keeper.place_, TimelinePlace::make(settings.timeline, settings.force));
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

  Status commit() {
    if (file_ != nullptr) VULTUS_CHECK(file_->commit());
    place_.keep();
    return {};
  }

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
  std::optional<Annotator> annotator_;
  TimelinePlace place_;  // before the file: one that is not kept is closed first
  std::unique_ptr<TimelineWriter> file_;
  std::unique_ptr<Timeline> memory_;
  std::optional<engine::IdentityRecorder> recorder_;
  media::DecodeLimits limits_;
};

Status tell_summary(const IdentifySettings& settings, const PictureRun& run, const People& people,
                    const OperatingPoint& at, const GalleryInfo& gallery, Context& context) {
  std::string text = run.tally().text() + ": " + people.text() + ".\n" + error_rate_sentence(at);
  if (const std::string more = collection_sentence(at, gallery.subjects); !more.empty()) text += " " + more;
  if (at.stale) text += "\n" + stale_sentence(shown_gallery(settings.gallery));
  if (gallery.shards > gallery.shards_answered)
    text += fmt::format("\nA partial answer: {} of {} shards were asked.", gallery.shards_answered, gallery.shards);
  if (gallery.search == SearchMethod::cells && gallery.cells) text += "\n" + cells_sentence(*gallery.cells);
  if (gallery.faces == 0) text += "\n" + shown_gallery(settings.gallery) + " is empty: everyone is unknown.";
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

Result<ExitCode> identify_pictures(const IdentifySettings& settings, const media::InputList& list,
                                   const Gallery& gallery, const engine::Engine& engine, const OperatingPoint& at,
                                   Context& context) {
  VULTUS_TRY(Keeper keeper, Keeper::start(settings, engine, at, list.inputs));
  const GalleryInfo about = gallery.info();
  IdentifyExtras extras{.candidates = settings.top_k > 0,
                        .quality = settings.quality,
                        .liveness = settings.require_live,
                        .shards = about.shards,
                        .shards_answered = about.shards_answered,
                        .cells = {}};
  Rows rows = identify_rows(context, settings.format.format(), list.inputs, extras);
  PictureRun run(context, rows, list);
  VULTUS_CHECK(run.begin("identify"));
  for (const media::InputError& e : list.errors) VULTUS_CHECK(keeper.record({.path = e.path, .error = e.error}));
  VULTUS_TRY(const auto only, only_people(gallery, settings.only));
  std::optional<liveness::Policy> policy;
  if (settings.require_live) {
    VULTUS_TRY(policy, engine::liveness_policy(settings.liveness));
  }
  const engine::IdentifyOptions options{
      .at = at,
      .top_k = std::max<std::size_t>(1, settings.top_k),
      .once = settings.once ? engine::OncePerPicture::yes : engine::OncePerPicture::no,
      .limits = settings.inputs.limits(),
      .quality = settings.quality,
      .only = only,
      .require_live = policy};
  People people;
  std::size_t number = 0;
  const Status ran = run.end(engine::identify_pictures(
      engine, gallery, list.inputs, options,
      [&](const engine::IdentifiedPicture& picture) -> Status {
        const media::Input& input = list.inputs[number++];
        people.count(picture);
        // Cells are made for the first search, so they are not known before it.
        const GalleryInfo now = gallery.info();
        if (now.search == SearchMethod::cells) extras.cells = now.cells;
        extras.shards_answered = now.shards_answered;  // search nodes that fail are seen while searching
        VULTUS_CHECK(keeper.record(picture));
        return run.picture(picture.path, picture.error, picture.faces.size(), [&]() -> Status {
          VULTUS_TRY(const std::string annotated, keeper.annotate(picture, input));
          return tell_identified(rows, picture, annotated, extras);
        });
      },
      context.stop));
  VULTUS_CHECK(keeper.commit());
  VULTUS_CHECK(ran);
  VULTUS_CHECK(keeper.write_report(settings));
  VULTUS_CHECK(tell_summary(settings, run, people, at, gallery.info(), context));
  return run.tally().exit_code();
}

/// Pictures and moving pictures among the inputs.
struct Inputs {
  media::InputList pictures;
  std::vector<std::string> videos;
  std::vector<media::PeekedInput> pipes;  ///< what was looked at must stay in them
};

/// Is it a video? What an input holds says so, and where that says nothing its name.
Result<bool> holds_video(const media::Input& input, const IdentifySettings& settings, Inputs& inputs,
                         const Context& context) {
  std::error_code failed;
  if (!input.standard_input && !std::filesystem::is_fifo(input.path, failed)) return media::is_video_file(input.path);
  const auto patience = settings.video.options(settings.inputs, 1).patience;
  VULTUS_TRY(auto peeked, media::PeekedInput::open(input.path, patience, context.stop));
  const bool video = peeked.content() == media::Content::video;
  inputs.pipes.push_back(std::move(peeked));
  return video;
}

/// Videos in folders that were named: followed where no picture is there, else told, because their rows differ.
void take_videos_of_folders(const IdentifySettings& settings, Inputs& inputs, const Context& context) {
  const bool alone = inputs.pictures.inputs.empty();
  for (const std::string& name : settings.inputs.names) {
    std::error_code failed;
    if (!std::filesystem::is_directory(name, failed)) continue;
    const std::vector<std::string> videos = media::videos_in(name, settings.inputs.recursive);
    if (videos.empty()) continue;
    if (!alone) {
      context.console.note(name + ": " + counted(static_cast<std::int64_t>(videos.size()), "video") +
                           " in this folder left out, because pictures and videos have different rows; name videos "
                           "alone");
      continue;
    }
    inputs.videos.insert(inputs.videos.end(), videos.begin(), videos.end());
    std::erase_if(inputs.pictures.errors, [&](const media::InputError& e) {
      return e.path == name && e.error.code == ErrorCode::not_found;  // no picture in it
    });
  }
}

Result<Inputs> sort_inputs(const IdentifySettings& settings, const Context& context) {
  Inputs inputs;
  InputSettings files = settings.inputs;
  files.names.clear();
  for (const std::string& name : settings.inputs.names) {
    const bool moving = media::is_stream_name(name) || media::is_camera_name(name) || media::is_row_pattern(name);
    (moving ? inputs.videos : files.names).push_back(name);
  }
  if (!files.names.empty()) inputs.pictures = expand(files);
  std::vector<media::Input> pictures;
  for (media::Input& input : inputs.pictures.inputs) {
    const auto video = holds_video(input, settings, inputs, context);
    if (!video && video.error().code == ErrorCode::cancelled) return video.error();
    if (!video)
      inputs.pictures.errors.push_back({input.path, video.error()});
    else if (*video)
      inputs.videos.push_back(input.path);
    else
      pictures.push_back(std::move(input));
  }
  inputs.pictures.inputs = std::move(pictures);
  take_videos_of_folders(settings, inputs, context);
  return inputs;
}

Status tell_video_summary(const IdentifySettings& settings, const VideoTally& tally, const OperatingPoint& at,
                          Context& context) {
  std::string text = tally.text() + ".\n" + error_rate_sentence(at);
  for (const auto& [file, what] :
       {std::pair(&settings.report, "Report: "), std::pair(&settings.annotate, "Annotated: "),
        std::pair(&settings.timeline, "Timeline: ")})
    if (!file->empty() && (file != &settings.annotate || tally.videos > 0)) text += "\n" + std::string(what) + *file;
  if (settings.format.format() == Format::table) return context.out.write("\n" + printable_lines(text) + "\n");
  context.console.note(text);
  return {};
}

/// Videos alone: every face of every frame.
Result<ExitCode> identify_videos(const IdentifySettings& settings, const Inputs& inputs, const Gallery& gallery,
                                 const engine::Engine& engine, const OperatingPoint& at, Context& context) {
  Rows rows = frame_rows(context, settings.format.format());
  VULTUS_CHECK(rows.begin());
  for (const media::InputError& e : inputs.pictures.errors) VULTUS_CHECK(rows.error(e.path, e.error));
  engine::FollowOptions follow{.gallery = &gallery, .at = at};
  VULTUS_TRY(follow.only, only_people(gallery, settings.only));
  follow.detect_every = Seconds(settings.video.detect_every_s);
  VULTUS_TRY(VideoWalk walk, VideoWalk::start(engine, follow,
                                              {.annotate = settings.annotate,
                                               .timeline = settings.timeline,
                                               .report = settings.report,
                                               .force = settings.force},
                                              inputs.videos.size() > 1));
  const VideoRows tell{.frame = [&](const std::string& file,
                                    const engine::FollowedFrame& frame) { return tell_frame(rows, file, frame); },
                       .track = nullptr};
  Status walked;
  for (const std::string& video : inputs.videos) {
    walked = walk.walk(video, settings.video.options(settings.inputs, engine.threads()), rows, tell, context);
    if (!walked) break;
  }
  Timeline evidence;
  VULTUS_CHECK(engine::record_identity_evidence(evidence, engine, at));
  VULTUS_CHECK(walk.finish(evidence.evidence()));
  VULTUS_CHECK(walked);
  VULTUS_CHECK(tell_video_summary(settings, walk.tally(), at, context));
  return inputs.pictures.errors.empty() ? walk.tally().exit_code() : ExitCode::some_failed;
}

/// Options that mean something of pictures only.
Status check_for_videos(const IdentifySettings& settings) {
  const auto refuse = [](const char* what) { return fail(ErrorCode::invalid_argument, what); };
  if (settings.quality)
    return refuse(
        "--quality is told of pictures; the faces of a video are weighed by how "
        "frontal and large they are (vultus track tells the best view of each)");
  if (settings.require_live)
    return refuse("--require-live judges pictures; the faces of a video are judged by vultus liveness score");
  if (settings.top_k > 0)
    return refuse("--top-k is told of pictures; of a video the most similar person alone is told");
  if (settings.once) return refuse("--once-per-picture is for pictures; in a video each track is named for itself");
  return {};
}

/// What is read is not overwritten.
Status spare_originals(const IdentifySettings& settings, const Inputs& inputs) {
  Originals originals(inputs.pictures.inputs);
  for (const std::string& video : inputs.videos) originals.add_video(video);
  originals.add(settings.gallery);
  VULTUS_CHECK(originals.spare(settings.report, "--report"));
  VULTUS_CHECK(has_place(settings.report, "--report"));
  return originals.spare(settings.annotate, "--annotate");
}

Result<ExitCode> identify_all(const IdentifySettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  VULTUS_TRY(const Inputs inputs, sort_inputs(settings, context));
  if (!inputs.videos.empty() && !inputs.pictures.inputs.empty())
    return fail(ErrorCode::invalid_argument,
                "pictures and videos have different rows: name one kind at a time (the first video is " +
                    media::without_secrets(inputs.videos.front()) + ")");
  if (!inputs.videos.empty()) VULTUS_CHECK(check_for_videos(settings));
  VULTUS_CHECK(spare_originals(settings, inputs));
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine, gallery.info().model.preset));
  VULTUS_CHECK(engine::require_model(engine, gallery));
  if (settings.require_live) VULTUS_CHECK(may_judge(settings.engine, engine, settings.liveness.network));
  VULTUS_TRY(const OperatingPoint at, operating_point(engine, gallery, settings.threshold));
  if (!inputs.videos.empty()) return identify_videos(settings, inputs, gallery, engine, at, context);
  return identify_pictures(settings, inputs.pictures, gallery, engine, at, context);
}
}  // namespace

void add_identify(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("identify", "name the people in pictures");
  auto settings = std::make_shared<IdentifySettings>();
  command->add_option("GALLERY", settings->gallery, "the gallery's file, made by vultus enroll")
      ->type_name("")
      ->required();
  add_input_options(*command, settings->inputs,
                    "pictures, videos, folders, patterns such as 'photos/*.jpg', pictures in a row (frame%04d.jpg), "
                    "cameras, streams, pipes, or - for standard input");
  command->add_option("--top-k", settings->top_k, "also tell the N most similar people of each face")
      ->type_name("N")
      ->check(within(1, 100));
  command->add_flag("--once-per-picture", settings->once, "name nobody twice in one picture");
  command->add_flag("--quality", settings->quality, "also tell how usable each face is (see vultus quality)");
  command->add_flag("--require-live", settings->require_live,
                    "name nobody whose face is not judged live (see vultus liveness score)");
  add_liveness_choice(*command, settings->liveness);
  command->add_option("--annotate", settings->annotate, "write pictures with boxes and names into this folder")
      ->type_name("DIR");
  command->add_option("-o,--output", settings->timeline, "keep everything in a Timeline file, for vultus report")
      ->type_name("FILE");
  command->add_flag("--force", settings->force, "replace a Timeline file that is there");
  command->add_option("--report", settings->report, "write a report page that works offline")->type_name("FILE");
  add_only_options(*command, settings->only);
  add_video_options(*command, settings->video);
  add_threshold_options(*command, settings->threshold);
  add_format_options(*command, settings->format);
  add_key_options(*command, settings->keys);
  add_search_options(*command, settings->keys);
  add_engine_options(*command, settings->engine);
  command->footer(kIdentifyExamples);
  commands.push_back({command, [settings](Context& context) { return identify_all(*settings, context); }});
}

}  // namespace vultus::cli
