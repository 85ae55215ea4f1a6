// vultus track: who is in a video, and when.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <CLI/Error.hpp>
#include <nlohmann/json.hpp>

#include <vultus/core/timeline.hpp>
#include <vultus/engine/analyser_catalogue.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/engine/identify.hpp>
#include <vultus/media/content.hpp>
#include <vultus/media/inputs.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/face_givens.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/only_people.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/video_rows.hpp>
#include <apps/cli/video_walk.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kTrackExamples =
    "INPUT is a video file, a picture, a folder or pattern of pictures in a row (frames/ or frame%04d.jpg), a folder "
    "of\n"
    "videos, a camera (camera:0 or /dev/video0), an address (rtsp://..., http://...), a named pipe, or - for standard\n"
    "input. What a file holds counts, not its name: an animated GIF or PNG is a video. A camera or stream ends with "
    "Ctrl-C;\n"
    "frames that come too fast are dropped and counted, those of files never. A Timeline (-o) also holds what the\n"
    "analysers read of every face in every frame; --list-channels shows which there are.\n\n"
    "Examples:\n"
    "  vultus track clip.mp4\n"
    "  vultus track clip.mp4 --gallery people.vgal -o clip.vultus --force --report clip.html\n"
    "  vultus track clip.mp4 --gallery people.vgal --annotate named.mp4 --json\n"
    "  vultus track clip.mp4 -o clip.vultus --force --channels landmarks,quality --every 2\n"
    "  vultus track --list-channels";

struct TrackSettings {
  EngineSettings engine;
  InputSettings inputs;
  VideoSettings video;
  FormatSettings format;
  ThresholdSettings threshold;
  KeptFiles kept;
  GivenSettings givens;
  std::string gallery;
  KeySettings keys;
  OnlySettings only;
  bool frames = false;
  std::vector<std::string> channels;
  bool list_channels = false;
  int every = 1;
};

/// A picture that does not move, by what it holds; where that says nothing, as of a file that is not there, by its
/// name.
bool is_single_picture(const std::string& name) {
  if (media::is_stream_name(name) || media::is_camera_name(name) || media::is_row_pattern(name)) return false;
  const media::Content content = media::content_of_file(name);
  if (content == media::Content::unknown) return media::has_picture_name(name);
  return content == media::Content::picture && !media::is_animation(name);
}

/// What a folder stands for: its pictures in a row; where there are none, its videos.
void take_folder(const std::string& folder, std::vector<std::string>& videos, const Context& context) {
  const std::vector<std::string> inside = media::videos_in(folder, false);
  const auto content = media::list_folder(folder);
  const bool row = inside.empty() || !content || !content->pictures.empty();
  if (!row) {
    videos.insert(videos.end(), inside.begin(), inside.end());
    return;
  }
  videos.push_back(folder);
  if (!inside.empty())
    context.console.note(folder + ": read as pictures in a row; " +
                         counted(static_cast<std::int64_t>(inside.size()), "video") +
                         " in this folder left out, name videos to follow them");
}

/// The names of videos: patterns are expanded, folders stand for what is in them.
Result<std::vector<std::string>> videos_of(const std::vector<std::string>& names, Rows& rows, VideoTally& tally,
                                           const Context& context) {
  std::vector<std::string> videos;
  for (const std::string& name : names) {
    std::error_code failed;
    if (!media::is_stream_name(name) && std::filesystem::is_directory(name, failed)) {
      take_folder(name, videos, context);
      continue;
    }
    const bool pattern = name.find_first_of("*?[") != std::string::npos && !media::is_stream_name(name);
    if (!pattern) {
      videos.push_back(name);
      continue;
    }
    const media::InputList list = media::expand_inputs(std::vector{name});
    for (const media::Input& input : list.inputs) videos.push_back(input.path);
    for (const media::InputError& e : list.errors) {
      ++tally.failed;
      VULTUS_CHECK(rows.error(e.path, e.error));
    }
  }
  return videos;
}

/// What is read, by the names that were given.
Originals originals_of(const TrackSettings& settings) {
  Originals originals;
  originals.add(settings.gallery);
  for (const std::string& name : settings.inputs.names) {
    originals.add_video(name);
    if (media::is_stream_name(name) || name.find_first_of("*?[") == std::string::npos) continue;
    for (const media::Input& input : media::expand_inputs(std::vector{name}).inputs) originals.add(input.path);
  }
  return originals;
}

/// A row for each analyser and each of its channels.
Result<ExitCode> list_channels(const TrackSettings& settings, Context& context) {
  const Format format = settings.format.format();
  if (format == Format::csv) VULTUS_CHECK(context.out.write("analyser,channel,unit,cost,by_default,meaning\r\n"));
  for (const engine::AnalyserRow& row : engine::analyser_catalogue()) {
    const AnalyserInfo info = row.info();
    if (format == Format::table)
      VULTUS_CHECK(context.out.write(fmt::format("{} ({}{}): {}\n", info.id, engine::name_of(row.cost),
                                                 row.by_default ? "" : ", not by default", info.help)));
    for (const ChannelDeclaration& channel : info.writes) {
      if (format == Format::json) {
        const nlohmann::ordered_json line{
            {"analyser", info.id},          {"channel", channel.id.text()},
            {"unit", channel.unit},         {"cost", std::string(engine::name_of(row.cost))},
            {"by_default", row.by_default}, {"meaning", channel.meaning}};
        VULTUS_CHECK(context.out.write(line.dump() + "\n"));
      } else if (format == Format::csv) {
        VULTUS_CHECK(
            context.out.write(fmt::format("{},{},\"{}\",{},{},\"{}\"\r\n", info.id, channel.id.text(), channel.unit,
                                          engine::name_of(row.cost), row.by_default, channel.meaning)));
      } else {
        VULTUS_CHECK(context.out.write(fmt::format("  {:<44} {}\n", channel.id.text(), channel.unit)));
      }
    }
  }
  return ExitCode::done;
}

Status tell_summary(const TrackSettings& settings, const VideoTally& tally, const std::optional<OperatingPoint>& at,
                    Context& context) {
  std::string text = tally.text() + ".";
  if (at) text += "\n" + error_rate_sentence(*at);
  text += fmt::format("\n{} looks of the detector, {} faces followed without it, {} templates.",
                      grouped(tally.work.thorough_looks + tally.work.quick_looks), grouped(tally.work.followed),
                      grouped(tally.work.templates));
  for (const auto& [file, what] :
       {std::pair(&settings.kept.report, "Report: "), std::pair(&settings.kept.annotate, "Annotated video: "),
        std::pair(&settings.kept.timeline, "Timeline: ")})
    if (!file->empty() && (file != &settings.kept.annotate || tally.videos > 0))
      text += "\n" + std::string(what) + *file;
  if (settings.format.format() != Format::table) {
    context.console.note(text);
    return {};
  }
  return context.out.write("\n" + text + "\n");
}

/// Options that mean something with others only.
Status check_options(const TrackSettings& settings) {
  const auto refuse = [](const char* what) { return fail(ErrorCode::invalid_argument, what); };
  if (settings.kept.timeline.empty() && !settings.channels.empty())
    return refuse("--channels means something with -o only: channels go into a Timeline");
  if (settings.kept.timeline.empty() && !settings.givens.empty())
    return refuse(
        "--intrinsics, --neutral and --save-neutral mean something with -o only: channels go into a Timeline");
  if (!settings.gallery.empty()) return {};
  if (settings.threshold.fmr || settings.threshold.threshold)
    return refuse("--fmr and --threshold mean something with --gallery only");
  if (!settings.only.names.empty() || !settings.only.tags.empty())
    return refuse("--only and --only-tag mean something with --gallery only");
  return {};
}

/// Takes out of the plan what cannot run. What was asked for by name and cannot is an error; of the rest what can run
/// does.
Status choose_analysers(const TrackSettings& settings, const engine::Engine& engine, std::vector<std::size_t>& plan,
                        Context& context) {
  const auto catalogue = engine::analyser_catalogue();
  const auto allowed = [&](const ModelId& id) { return may_use(settings.engine, engine, id); };
  const bool named = std::ranges::any_of(settings.channels, [](const std::string& name) { return name != "all"; });
  if (named) VULTUS_CHECK(engine::require_all(catalogue, plan, allowed));
  for (const std::string& why : engine::leave_out(catalogue, plan, allowed)) context.console.note(why);
  if (!settings.channels.empty()) return {};
  for (const std::string& why : engine::leave_out_unfetched(catalogue, engine, plan)) context.console.note(why);
  return {};
}

/// One video or picture after the other, until one of them stops the walk.
Status walk_all(const std::vector<std::string>& videos, const TrackSettings& settings,
                const media::VideoOptions& options, VideoWalk& walk, Rows& rows, const VideoRows& tell,
                Context& context) {
  for (const std::string& video : videos) {
    if (!is_single_picture(video)) {
      VULTUS_CHECK(walk.walk(video, options, rows, tell, context));
    } else {
      if (!settings.gallery.empty())
        return fail(ErrorCode::invalid_argument, video + ": people in pictures are named by vultus identify");
      VULTUS_CHECK(walk.walk_picture(video, settings.inputs.limits(), rows, tell));
    }
    if (context.stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped");
  }
  return {};
}

Result<ExitCode> track(const TrackSettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  if (settings.list_channels) return list_channels(settings, context);
  VULTUS_CHECK(check_options(settings));
  const Originals originals = originals_of(settings);
  VULTUS_CHECK(spare(originals, settings.kept));
  KeptFiles kept = settings.kept;
  VULTUS_TRY(const FaceGivens givens, FaceGivens::load(settings.givens, originals, kept.force));
  kept.givens = givens.givens();
  if (!kept.timeline.empty()) {
    VULTUS_TRY(kept.analysers, engine::plan_analysers(engine::analyser_catalogue(), settings.channels));
  }
  std::optional<Gallery> gallery;
  std::string preset;
  if (!settings.gallery.empty()) {
    VULTUS_TRY(gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
    preset = gallery->info().model.preset;
  }
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine, preset));
  VULTUS_CHECK(choose_analysers(settings, engine, kept.analysers, context));
  engine::FollowOptions follow;
  follow.detect_every = Seconds(settings.video.detect_every_s);
  follow.every = settings.every;
  if (gallery) {
    VULTUS_CHECK(engine::require_model(engine, *gallery));
    VULTUS_TRY(follow.at, operating_point(engine, *gallery, settings.threshold));
    follow.gallery = &*gallery;
    VULTUS_TRY(follow.only, only_people(*gallery, settings.only));
  }
  VideoTally unread;
  Rows rows =
      settings.frames ? frame_rows(context, settings.format.format()) : track_rows(context, settings.format.format());
  VULTUS_CHECK(rows.begin());
  VULTUS_TRY(const std::vector<std::string> videos, videos_of(settings.inputs.names, rows, unread, context));
  VULTUS_TRY(VideoWalk walk, VideoWalk::start(engine, follow, kept, videos.size() > 1));
  VideoRows tell;
  if (settings.frames)
    tell.frame = [&](const std::string& file, const engine::FollowedFrame& f) { return tell_frame(rows, file, f); };
  else
    tell.track = [&](const std::string& file, const engine::TrackSummary& t) { return tell_track(rows, file, t); };
  const Status walked =
      walk_all(videos, settings, settings.video.options(settings.inputs, engine.threads()), walk, rows, tell, context);
  Timeline evidence;
  if (follow.at)
    VULTUS_CHECK(engine::record_identity_evidence(evidence, engine, *follow.at));
  else
    VULTUS_CHECK(engine::record_model_evidence(evidence, engine, EvidenceId(1)));
  VULTUS_CHECK(walk.finish(evidence.evidence()));
  VULTUS_CHECK(walked);
  VULTUS_CHECK(givens.save(context.console));
  VideoTally tally = walk.tally();
  tally.failed += unread.failed;
  VULTUS_CHECK(tell_summary(settings, tally, follow.at, context));
  return tally.exit_code();
}

}  // namespace

void add_track(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("track", "follow the faces in a video: who was there when");
  auto settings = std::make_shared<TrackSettings>();
  command->add_option("INPUT", settings->inputs.names, "videos, pictures, pictures in a row, cameras, streams, or -")
      ->type_name("");
  command->add_option("-g,--gallery", settings->gallery, "name people of this gallery")->type_name("FILE");
  command->add_option("-o,--output", settings->kept.timeline, "keep everything in a Timeline file, for vultus report")
      ->type_name("FILE");
  command
      ->add_option(
          "--channels", settings->channels,
          "what goes into the Timeline: analysers or channels, all, or none (names with commas between); those "
          "that run by default unless told")
      ->type_name("LIST")
      ->delimiter(',');
  command->add_flag("--list-channels", settings->list_channels, "tell which analysers and channels there are");
  command->add_option("--every", settings->every, "look at every Nth frame alone; 1 unless told")
      ->type_name("N")
      ->check(within(1, 10000));
  command->add_flag("--force", settings->kept.force, "replace a Timeline file that is there");
  command->add_option("--report", settings->kept.report, "write a time-line page that works offline")
      ->type_name("FILE");
  command->add_option("--annotate", settings->kept.annotate, "write the video with boxes and names: a file or a folder")
      ->type_name("FILE|DIR");
  command->add_flag("--frames", settings->frames, "one row for each face in each frame, instead of one a track");
  add_limit_option(*command, settings->inputs);
  add_given_options(*command, settings->givens);
  add_video_options(*command, settings->video);
  add_threshold_options(*command, settings->threshold);
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  add_only_options(*command, settings->only);
  add_key_options(*command, settings->keys);
  command->footer(kTrackExamples);
  // Needed, but not by --list-channels.
  command->callback([settings] {
    if (settings->inputs.names.empty() && !settings->list_channels) throw CLI::RequiredError("INPUT");
  });
  commands.push_back({command, [settings](Context& context) { return track(*settings, context); }});
}

}  // namespace vultus::cli
