// vultus bench landmarks: 68 landmarks against those that people marked.
#include <memory>

#include <fmt/format.h>

#include <vultus/engine/landmark_benchmark.hpp>

#include <apps/cli/bench_commands.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kBenchLandmarksExamples =
    "MARKS is a folder with NAME.pts (300-W) beside each picture, or the XML of dlib's trainers (68 parts). The error "
    "of "
    "a\nface is the mean distance of its points over the distance of its outer eye corners. Interval: 95 %, bootstrap "
    "over\nfaces.\n\n"
    "Examples:\n"
    "  vultus bench landmarks marked/\n"
    "  vultus bench landmarks marked/ --json";

struct BenchLandmarksSettings {
  EngineSettings engine;
  engine::LandmarkBenchmarkOptions options;
  bool json = false;
  bool quiet = false;
};

std::string landmarks_json(const engine::LandmarkBenchmark& run, const engine::Engine& engine) {
  Json object{{"faces", run.faces},
              {"missed", run.missed},
              {"mean", score_json(run.mean)},
              {"interval", nullptr},
              {"median", score_json(run.median)},
              {"inner_mean", score_json(run.inner_mean)},
              {"failed", score_json(run.failed)},
              {"seconds", number_json(run.seconds, 1)},
              {"preset", engine.preset().id},
              {"backend", engine.backend()}};
  if (run.mean_interval)
    object["interval"] = Json::array({score_json(run.mean_interval->low), score_json(run.mean_interval->high)});
  return json_line(object);
}

std::string landmarks_text(const engine::LandmarkBenchmark& run, const engine::LandmarkBenchmarkOptions& options,
                           const engine::Engine& engine) {
  std::string interval;
  if (run.mean_interval)
    interval = fmt::format(" (95 %: {:.4f} to {:.4f})", run.mean_interval->low, run.mean_interval->high);
  return fmt::format(
      "Error of 68 points {:.4f}{}, median {:.4f}; of the 51 without the jaw {:.4f}.\n"
      "{}, {} not found; above {:g} or not found: {}.\n{:.1f} s, preset {}, {}.\n",
      run.mean, interval, run.median, run.inner_mean, counted(static_cast<std::int64_t>(run.faces), "face"),
      grouped(static_cast<std::int64_t>(run.missed)), options.failure_above, percent(run.failed), run.seconds,
      engine.preset().id, engine.backend());
}

Result<ExitCode> bench_landmarks(const BenchLandmarksSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  const auto run = with_progress(context, "bench landmarks", [&](const Progress& progress) {
    return engine::run_landmark_benchmark(engine, settings.options, progress, context.stop);
  });
  if (!run) return run.error();
  VULTUS_CHECK(
      context.out.write(settings.json ? landmarks_json(*run, engine) : landmarks_text(*run, settings.options, engine)));
  return ExitCode::done;
}

}  // namespace

void add_bench_landmarks(CLI::App& bench, Commands& commands) {
  CLI::App* command = bench.add_subcommand("landmarks", "68 landmarks against marked ones (300-W .pts, dlib XML)");
  auto settings = std::make_shared<BenchLandmarksSettings>();
  command->add_option("MARKS", settings->options.marks, "folder of .pts and pictures, or dlib's XML")->required();
  command->add_option("--failure", settings->options.failure_above, "error above which a face has failed")
      ->type_name("X")
      ->capture_default_str();
  command->add_option("--seed", settings->options.bootstrap.seed, "of the bootstrap")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kBenchLandmarksExamples);
  commands.push_back({command, [settings](Context& context) { return bench_landmarks(*settings, context); }});
}

}  // namespace vultus::cli
