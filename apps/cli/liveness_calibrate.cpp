// vultus liveness calibrate: a threshold for a camera, chosen on what it sees.
#include <filesystem>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include <vultus/engine/pad_benchmark.hpp>
#include <vultus/evaluation/attack.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/liveness.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kLivenessCalibrateExamples =
    "The threshold turns away at most the wanted share of the live faces (BPCER). Attacks play no part in its choice:\n"
    "they only tell how many of them would pass. Measure on other pictures than these with vultus bench pad.\n\n"
    "Examples:\n"
    "  vultus liveness calibrate --camera door --live door/live --bpcer 0.2 -o cameras.json\n"
    "  vultus liveness calibrate --camera door --live door/live --attacks pad/fake --bpcer 0.2 -o cameras.json";

struct LivenessCalibrateSettings {
  EngineSettings engine;
  std::string camera, live, attacks, output, network{liveness::kUsualNetwork};
  double bpcer = 0.05;
  bool json = false, quiet = false;
};

/// The file as it is, or none yet.
Result<liveness::CameraThresholds> cameras_before(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) return liveness::CameraThresholds();
  constexpr std::size_t kMostBytes = std::size_t{1} << 20;
  VULTUS_TRY(const auto bytes, media::read_file(path, kMostBytes));
  return liveness::parse_camera_thresholds({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path);
}

/// What --require-live says at a threshold.
bool passes(const liveness::Reading& reading, const liveness::Policy& policy) {
  if (reading.evidence) return liveness::judged(*reading.evidence, policy) == liveness::Reason::live;
  return reading.reason != liveness::Reason::frames_disagree &&
         liveness::judged(*reading.live, policy) == liveness::Reason::live;
}

/// Networks or frames that contradict each other pass at no threshold.
double score_to_pass(const liveness::Reading& reading) {
  const bool contradicts =
      reading.reason == liveness::Reason::networks_disagree || reading.reason == liveness::Reason::frames_disagree;
  return contradicts ? 0 : *reading.live;
}

Result<liveness::CameraThreshold> chosen(const std::vector<engine::ScoredFile>& files, double bpcer,
                                         std::size_t& left_out) {
  std::vector<double> live;
  for (const engine::ScoredFile& one : files)
    if (!one.error && one.reading.live && one.file.species.empty()) live.push_back(score_to_pass(one.reading));
  liveness::CameraThreshold camera;
  VULTUS_TRY(camera.threshold, liveness::threshold_at_bpcer(live, bpcer));
  camera.live = live.size();
  const liveness::Policy policy{.threshold = camera.threshold};
  std::vector<evaluation::Presentation> all;  // 1 = passes at the threshold
  std::size_t turned_away = 0;
  for (const engine::ScoredFile& one : files) {
    if (one.error || !one.reading.live) {
      ++left_out;
      continue;
    }
    const bool in = passes(one.reading, policy);
    all.push_back({in ? 1.0 : 0.0, one.file.species});
    if (one.file.species.empty() && !in) ++turned_away;
  }
  camera.attacks = all.size() - live.size();
  camera.bpcer = static_cast<double>(turned_away) / static_cast<double>(live.size());
  if (camera.attacks > 0) {
    VULTUS_TRY(const auto errors, evaluation::attack_errors(all, 0.5));
    camera.apcer = errors.apcer;
  }
  return camera;
}

Result<ExitCode> liveness_calibrate(const LivenessCalibrateSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  VULTUS_TRY(liveness::CameraThresholds cameras, cameras_before(settings.output));
  VULTUS_TRY(std::vector<engine::PresentedFile> files, engine::presented_files(settings.live, false));
  if (!settings.attacks.empty()) {
    VULTUS_TRY(const auto attacks, engine::presented_files(settings.attacks, true));
    files.insert(files.end(), attacks.begin(), attacks.end());
  }
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  VULTUS_CHECK(may_judge(settings.engine, engine, settings.network));
  context.console.begin("liveness calibrate", files.size());
  const auto scored = engine::score_files(
      engine, files, settings.network, {}, [&](std::size_t done) { context.console.advance(done); }, context.stop);
  context.console.end();
  if (!scored) return scored.error();
  std::size_t left_out = 0;
  VULTUS_TRY(liveness::CameraThreshold camera, chosen(*scored, settings.bpcer, left_out));
  camera.network = settings.network;
  camera.planted = !settings.attacks.empty() && engine::is_planted(settings.attacks);
  cameras.insert_or_assign(settings.camera, camera);
  VULTUS_CHECK(media::write_file_atomically(settings.output, liveness::to_json(cameras)));
  if (settings.json) {
    Json object;
    object["camera"] = settings.camera;
    object["threshold"] = score_json(camera.threshold);
    object["bpcer"] = score_json(camera.bpcer);
    object["live"] = camera.live;
    object["attacks"] = camera.attacks;
    object["apcer"] = camera.apcer ? score_json(*camera.apcer) : Json(nullptr);
    object["planted"] = camera.planted;
    object["network"] = camera.network;
    object["left_out"] = left_out;
    VULTUS_CHECK(context.out.write(json_line(object)));
    return ExitCode::done;
  }
  std::string text =
      fmt::format("Threshold of camera \"{}\": {:.4f}. It turns away {} of {}", settings.camera, camera.threshold,
                  percent(camera.bpcer), counted(static_cast<std::int64_t>(camera.live), "live face"));
  if (camera.apcer)
    text += fmt::format("; {} of the {} kind of attack that passes most often", percent(*camera.apcer),
                        camera.planted ? "planted" : "real");
  text += ".\n";
  if (left_out > 0)
    text += fmt::format("{} had no score and were left out.\n", counted(static_cast<std::int64_t>(left_out), "file"));
  VULTUS_CHECK(context.out.write(text + "Kept in " + settings.output + "\n"));
  return ExitCode::done;
}

}  // namespace

void add_liveness_calibrate(CLI::App& group, Commands& commands) {
  CLI::App* command = group.add_subcommand("calibrate", "choose the threshold of a camera on pictures of it");
  auto settings = std::make_shared<LivenessCalibrateSettings>();
  command->add_option("--camera", settings->camera, "name of the camera")->type_name("NAME")->required();
  command->add_option("--live", settings->live, "folder of pictures and videos of live people")
      ->type_name("DIR")
      ->required();
  command->add_option("--attacks", settings->attacks, "folder of attacks; its subfolders are their kinds")
      ->type_name("DIR");
  command->add_option("--bpcer", settings->bpcer, "share of live faces that may be turned away, above 0 up to 0.5")
      ->type_name("RATE")
      ->capture_default_str();
  add_liveness_network(*command, settings->network);
  command->add_option("-o,--output", settings->output, "file of thresholds; the camera is added or replaced")
      ->type_name("FILE")
      ->required();
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kLivenessCalibrateExamples);
  commands.push_back({command, [settings](Context& context) { return liveness_calibrate(*settings, context); }});
}

}  // namespace vultus::cli
