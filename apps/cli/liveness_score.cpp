// vultus liveness score: live or not, face by face, and why.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include <vultus/media/picture.hpp>

#include <apps/cli/liveness.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/video_walk.hpp>

namespace vultus::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kLivenessScoreExamples =
    "LIVE goes from 0 (a print or a screen) to 1 (a person in front of the camera); it is calibrated for a camera by\n"
    "vultus liveness calibrate, and for none before. The answer is live, spoof or unknown; WHY tells the reason:\n"
    "uncertain, networks_disagree, too_small, too_dark, too_bright, of videos also too_few_frames and "
    "frames_disagree.\n"
    "Of a video each followed face is a row: the median of its frames.\n\n"
    "Examples:\n"
    "  vultus liveness score photos/\n"
    "  vultus liveness score --json a.jpg\n"
    "  vultus liveness score a.jpg --cue-map cues/\n"
    "  vultus liveness score clip.mp4 --json\n"
    "  vultus liveness score a.jpg --network fa3\n"
    "  vultus liveness score a.jpg --cameras cameras.json --camera door";

/// Of a network that was trained here.
std::string trained_examples(const std::string& network) {
  return "The same as vultus liveness score --network " + network + ".\n\nExamples:\n  vultus liveness " + network +
         " score --json a.jpg\n  vultus liveness " + network + " score a.jpg --cue-map cues/";
}

struct LivenessScoreSettings {
  EngineSettings engine;
  InputSettings inputs;
  VideoSettings video;
  FormatSettings format;
  engine::LivenessChoice choice;
  std::string cue_map;
  double every_s = 0.2;
};

/// What is told of one face, or of one track.
struct LivenessRow {
  std::string file;
  std::int64_t number = 0;
  FaceObservation face;
  liveness::Reading reading;
  std::string cue_map;
  std::string network;  ///< what judged
  const engine::JudgedTrack* track = nullptr;
};

Status tell_liveness_json(Rows& rows, const LivenessRow& row) {
  Json object;
  object["file"] = row.file;
  if (row.track != nullptr) {
    object["track"] = row.track->track.number();
    object["from"] = number_json(row.track->from.value(), 3);
    object["to"] = number_json(row.track->to.value(), 3);
    object["frames"] = row.track->frames;
  } else {
    object["face"] = row.number;
  }
  add_face(object, row.face);
  add_liveness(object, row.reading);
  if (row.reading.evidence)
    object["networks"] = {{"print_replay", number_json(row.reading.evidence->print_replay, 3)},
                          {"tree", number_json(row.reading.evidence->tree, 4)}};
  if (row.reading.live && !row.reading.evidence && row.track == nullptr)
    object["networks"] = {{row.network, number_json(liveness::log_odds(*row.reading.live), 3)}};
  if (row.track != nullptr) {
    object["frames_judged"] = row.track->read.judged;
    object["agreement"] = number_json(row.track->read.agreement, 3);
  }
  if (!row.cue_map.empty()) object["cue_map"] = row.cue_map;
  return rows.json(json_line(object));
}

Status tell_liveness_csv(Rows& rows, const LivenessRow& row) {
  std::vector<std::string> fields{row.file, fmt::format("{}", row.number)};
  for (const float v : {row.face.box.x, row.face.box.y, row.face.box.width, row.face.box.height})
    fields.push_back(fmt::format("{:.1f}", v));
  fields.push_back(row.reading.live ? probability_json(*row.reading.live).dump() : std::string());
  fields.emplace_back(name_of(row.reading.decision()));
  fields.emplace_back(name_of(row.reading.reason));
  fields.push_back(fmt::format("{:.6g}", row.reading.threshold));
  return rows.csv(std::move(fields));
}

Cell answer_cell(const liveness::Reading& reading) {
  const liveness::Decision decision = reading.decision();
  const Style style = decision == liveness::Decision::live    ? Style::good
                      : decision == liveness::Decision::spoof ? Style::warn
                                                              : Style::dim;
  return {std::string(name_of(decision)), style};
}

Status tell_liveness(Rows& rows, const LivenessRow& row) {
  switch (rows.format()) {
    case Format::json: return tell_liveness_json(rows, row);
    case Format::csv: return tell_liveness_csv(rows, row);
    case Format::table: break;
  }
  return rows.table({{row.file},
                     {fmt::format("{}", row.number)},
                     {box_text(row.face.box)},
                     {row.reading.live ? fmt::format("{:.3f}", *row.reading.live) : std::string("-")},
                     answer_cell(row.reading),
                     {std::string(name_of(row.reading.reason))}});
}

Rows liveness_rows(Context& context, Format format, const std::vector<media::Input>& inputs) {
  return {context,
          format,
          {file_column(inputs),
           {"FACE", Align::right},
           {"BOX", Align::left, 20},
           {"LIVE", Align::right, 5},
           {"ANSWER", Align::left, 7},
           {"WHY"}},
          {"file", "face", "x", "y", "width", "height", "live", "decision", "reason", "live_threshold"}};
}

/// Judges faces that were found, and draws maps into a folder; pictures are decoded once more.
class SecondLook {
 public:
  /// @param folder  of maps; empty = none are drawn
  static Result<SecondLook> make(const std::string& folder, const engine::Engine& engine, std::string_view network,
                                 const liveness::Policy& policy, const media::DecodeLimits& limits) {
    SecondLook look(folder, limits);
    if (!folder.empty()) {
      std::error_code failed;
      fs::create_directories(folder, failed);
      if (failed || !fs::is_directory(folder, failed))
        return fail(ErrorCode::resource_limit, folder + ": the folder cannot be made: " + failed.message());
    }
    if (!folder.empty() || network != liveness::kUsualNetwork) {
      VULTUS_TRY(look.judge_, engine::make_judge(engine, network, policy));
    }
    return look;
  }

  Result<liveness::Reading> judge(const std::string& path, const RectF& box) {
    VULTUS_CHECK(read(path));
    return judge_->judge(picture_.image.view(), box);
  }

  /// @return the file of the map; empty where none is wanted
  Result<std::string> write(const std::string& path, int face, const RectF& box) {
    if (folder_.empty() || path == "-") return std::string();
    VULTUS_CHECK(read(path));
    const std::string stem = fs::path(path).stem().string();
    std::string name = fmt::format("{}_face{}.png", stem, face);
    for (int i = 2; !taken_.insert(name).second; ++i) name = fmt::format("{}-{}_face{}.png", stem, i, face);
    const std::string file = (fs::path(folder_) / name).string();
    VULTUS_CHECK(engine::write_cue_map(*judge_, picture_.image.view(), box, file));
    return file;
  }

 private:
  SecondLook(std::string folder, const media::DecodeLimits& limits) : folder_(std::move(folder)), limits_(limits) {}
  Status read(const std::string& path) {
    if (path == read_) return {};
    VULTUS_CHECK(decoder_.read(path, {.limits = limits_}, picture_));
    read_ = path;
    return {};
  }

  std::string folder_;
  media::DecodeLimits limits_;
  std::unique_ptr<liveness::FaceJudge> judge_;
  media::Decoder decoder_;
  media::Picture picture_;
  std::string read_;
  std::set<std::string> taken_;
};

/// How many got which answer.
struct LivenessTally {
  std::int64_t live = 0, spoof = 0, unknown = 0;
  void count(const liveness::Reading& reading) {
    const liveness::Decision decision = reading.decision();
    ++(decision == liveness::Decision::live ? live : decision == liveness::Decision::spoof ? spoof : unknown);
  }
  [[nodiscard]] std::string text() const { return fmt::format("{} live, {} spoof, {} unknown", live, spoof, unknown); }
};

Result<ExitCode> score_pictures(const LivenessScoreSettings& settings, const media::InputList& list,
                                const engine::Engine& engine, const liveness::Policy& policy, Context& context) {
  Rows rows = liveness_rows(context, settings.format.format(), list.inputs);
  PictureRun run(context, rows, list);
  const bool passive = settings.choice.network == liveness::kUsualNetwork;
  if (!passive && std::ranges::any_of(list.inputs, &media::Input::standard_input))
    return fail(ErrorCode::invalid_argument,
                "network " + settings.choice.network + " reads files: a picture on standard input has no second look");
  VULTUS_TRY(SecondLook second,
             SecondLook::make(settings.cue_map, engine, settings.choice.network, policy, settings.inputs.limits()));
  VULTUS_CHECK(run.begin("liveness"));
  const engine::LookOptions look{.depth = engine::Depth::detect,
                                 .limits = settings.inputs.limits(),
                                 .liveness = passive ? std::optional(policy) : std::nullopt};
  LivenessTally tally;
  const Status ran = run.end(engine.look_at(
      list.inputs, look,
      [&](const engine::SeenPicture& seen) {
        return run.picture(seen.path, seen.error, seen.faces.size(), [&]() -> Status {
          if (seen.faces.empty() && rows.format() == Format::table)
            VULTUS_CHECK(rows.table({{seen.path}, {"-", Style::dim}, {}, {}, {}, {"no face", Style::dim}}));
          int number = 0;
          for (const engine::SeenFace& face : seen.faces) {
            if (passive && !face.liveness) continue;
            LivenessRow row{.file = seen.path,
                            .number = ++number,
                            .face = face.face,
                            .reading = face.liveness.value_or(liveness::Reading()),
                            .cue_map = {},
                            .network = settings.choice.network};
            if (!passive) {
              VULTUS_TRY(row.reading, second.judge(seen.path, face.face.box));
            }
            tally.count(row.reading);
            if (row.reading.live) {
              VULTUS_TRY(row.cue_map, second.write(seen.path, number, face.face.box));
            }
            VULTUS_CHECK(tell_liveness(rows, row));
          }
          return {};
        });
      },
      context.stop));
  VULTUS_CHECK(ran);
  if (rows.format() == Format::table)
    VULTUS_CHECK(context.out.write("\n" + run.tally().text() + ": " + tally.text() + ".\n"));
  return run.tally().exit_code();
}

Result<ExitCode> score_videos(const LivenessScoreSettings& settings, const std::vector<std::string>& videos,
                              const media::InputList& failed, const engine::Engine& engine,
                              const liveness::Policy& policy, Context& context) {
  if (!settings.cue_map.empty()) return fail(ErrorCode::invalid_argument, "--cue-map draws pictures, not videos");
  Rows rows = liveness_rows(context, settings.format.format(), {});
  VULTUS_CHECK(rows.begin());
  std::int64_t unread = std::ssize(failed.errors);
  for (const media::InputError& e : failed.errors) VULTUS_CHECK(rows.error(e.path, e.error));
  LivenessTally tally;
  for (const std::string& video : videos) {
    const engine::LivenessVideoOptions options{.video = settings.video.options(settings.inputs, engine.threads()),
                                               .policy = policy,
                                               .track = {},
                                               .every_s = settings.every_s,
                                               .network = settings.choice.network};
    std::int64_t number = 0;
    const Status judged = engine::judge_video(
        engine, video, options,
        [&](const engine::JudgedTrack& track) {
          tally.count(track.read.reading);
          return tell_liveness(rows, {.file = video,
                                      .number = ++number,
                                      .face = track.best,
                                      .reading = track.read.reading,
                                      .cue_map = {},
                                      .network = settings.choice.network,
                                      .track = &track});
        },
        context.stop);
    if (!judged && (judged.error().code == ErrorCode::cancelled || judged.error().code == ErrorCode::internal))
      return judged.error();
    if (!judged) {
      ++unread;
      VULTUS_CHECK(rows.error(media::without_secrets(video), judged.error()));
    }
    VULTUS_CHECK(rows.flush());
  }
  if (rows.format() == Format::table)
    VULTUS_CHECK(context.out.write(fmt::format("\n{}: {}.\n", counted(std::ssize(videos), "video"), tally.text())));
  return unread == 0 ? ExitCode::done : ExitCode::some_failed;
}

Result<ExitCode> liveness_score(const LivenessScoreSettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  std::vector<std::string> videos;
  InputSettings files = settings.inputs;
  std::erase_if(files.names, [&](const std::string& name) {
    if (!is_video(name)) return false;
    videos.push_back(name);
    return true;
  });
  media::InputList list;
  if (!files.names.empty()) list = expand(files);
  if (!videos.empty() && !list.inputs.empty())
    return fail(ErrorCode::invalid_argument,
                "pictures and videos have different rows: name one kind at a time (the first video is " +
                    media::without_secrets(videos.front()) + ")");
  VULTUS_TRY(const liveness::Policy policy, engine::liveness_policy(settings.choice));
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  VULTUS_CHECK(may_judge(settings.engine, engine, settings.choice.network));
  if (!videos.empty()) return score_videos(settings, videos, list, engine, policy, context);
  return score_pictures(settings, list, engine, policy, context);
}

}  // namespace

void add_liveness_score(CLI::App& group, Commands& commands, std::string_view network) {
  CLI::App* command = group.add_subcommand("score", "how live each face in pictures and videos looks, and why");
  auto settings = std::make_shared<LivenessScoreSettings>();
  settings->choice.network = std::string(network);
  add_input_options(
      *command, settings->inputs,
      "pictures, folders of pictures, patterns such as 'photos/*.jpg', videos, cameras, streams, or - for "
      "a picture on standard input");
  command
      ->add_option("--cue-map", settings->cue_map,
                   "draw what the answer rests on into this folder: red speaks for a spoof, blue for a person")
      ->type_name("DIR");
  command->add_option("--every", settings->every_s, "of videos: seconds between looks at a face; 0.2 unless told")
      ->type_name("S")
      ->check(within(0.0, 60.0));
  add_liveness_choice(*command, settings->choice);
  add_liveness_network(*command, settings->choice.network);
  add_video_options(*command, settings->video);
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  command->footer(network == liveness::kUsualNetwork ? std::string(kLivenessScoreExamples)
                                                     : trained_examples(std::string(network)));
  commands.push_back({command, [settings](Context& context) { return liveness_score(*settings, context); }});
}

}  // namespace vultus::cli
