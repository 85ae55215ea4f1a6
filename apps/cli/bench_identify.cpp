// vultus bench identify: who is it, or is it a stranger?
#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/identify_benchmark.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kBenchIdentifyExamples =
    "Of the people with two pictures half are enrolled with one each, drawn anew for every split; their other "
    "pictures\n"
    "and those of all other people are the probes. A rate of strangers needs 3 / RATE probes of strangers.\n\n"
    "Examples:\n"
    "  vultus bench identify --images cohort/\n"
    "  vultus bench identify --images cohort/ --json --report identification.html\n"
    "  vultus bench identify --images cohort/ --degrade --degrade-pictures 10 --plots figures/";

struct BenchIdentifySettings {
  EngineSettings engine;
  engine::IdentifyBenchOptions bench;
  std::string report;
  std::string plots;
  bool json = false;
  bool quiet = false;
};

Json range_json(const evaluation::OverSplits& over) {
  return Json::array({score_json(over.low), score_json(over.high)});
}

Json rate_with_interval(const evaluation::Figure& figure) {
  Json interval = nullptr;
  if (figure.interval) interval = Json::array({score_json(figure.interval->low), score_json(figure.interval->high)});
  return {{"value", score_json(figure.value)}, {"interval", std::move(interval)}};
}

Json degraded_json(const engine::IdentifyBenchResult& result) {
  Json curves = Json::object();
  for (const engine::DegradedCurve& curve : result.degraded) {
    Json rows = Json::array();
    for (const engine::DegradedRow& row : curve.rows)
      rows.push_back({{"level", row.clean ? Json(nullptr) : Json(row.level)},
                      {"dir", rate_with_interval(row.dir)},
                      {"fpir", rate_with_interval(row.fpir)},
                      {"rank1", score_json(row.rank1)},
                      {"mated_probes", row.mated},
                      {"stranger_probes", row.strangers},
                      {"without_face", row.without_face}});
    curves[std::string(engine::name_of(curve.kind))] = {{"level_unit", std::string(engine::level_unit(curve.kind))},
                                                        {"rows", std::move(rows)}};
  }
  return {{"threshold", score_json(result.degraded_threshold)},
          {"fpir", rate_json(result.degraded_fpir)},
          {"curves", std::move(curves)}};
}

std::string json_text(const engine::IdentifyBenchResult& result, const engine::Engine& engine) {
  Json object;
  object["rank1"] = score_json(result.rank1.mean);
  Json dir = Json::object();
  Json intervals = {{"rank1", range_json(result.rank1)}};
  Json dir_intervals = Json::object();
  for (const engine::DirRow& row : result.dir) {
    const std::string key = fmt::format("{:g}", row.fpir);
    dir[key] = row.dir ? score_json(row.dir->mean) : Json(nullptr);
    dir_intervals[key] = row.dir ? range_json(*row.dir) : Json(nullptr);
  }
  intervals["dir_at_fpir"] = std::move(dir_intervals);
  object["dir_at_fpir"] = std::move(dir);
  object["intervals"] = std::move(intervals);
  object["splits"] = result.options.splits;
  object["seed"] = result.options.seed;
  object["images"] = result.pictures;
  object["identities"] = result.people;
  object["enrolled"] = result.enrolled;
  object["mated_probes"] = result.mated;
  object["stranger_probes"] = result.strangers;
  object["probability_ece"] = result.probability_ece ? rate_json(*result.probability_ece) : Json(nullptr);
  object["smallest_fpir"] = rate_json(result.smallest_fpir);
  object["images_without_face"] = result.without_face.size();
  object["without_face"] = result.without_face;
  if (!result.degraded.empty()) object["degraded"] = degraded_json(result);
  object["seconds"] = number_json(result.seconds, 2);
  object["threads"] = engine.threads();
  object["preset"] = engine.preset().id;
  object["backend"] = engine.backend();
  object["evidence"] = {
      {"protocol", "random splits of people, one picture enrolled, interval = middle 95 % of the splits"},
      {"data_sha256", result.data_sha256},
      {"template_model", engine.preset().template_model().text()}};
  return json_line(object);
}

std::string text_of(const engine::IdentifyBenchResult& result, const engine::Engine& engine, bool colour) {
  std::vector<Row> rows{{{"the right person first (rank 1)"},
                         {percent(result.rank1.mean)},
                         {percent(result.rank1.low) + " to " + percent(result.rank1.high), Style::dim}}};
  for (const engine::DirRow& row : result.dir) {
    const std::string name = fmt::format("and named, at FPIR {:g}", row.fpir);
    if (row.dir)
      rows.push_back(
          {{name}, {percent(row.dir->mean)}, {percent(row.dir->low) + " to " + percent(row.dir->high), Style::dim}});
    else
      rows.push_back({{name}, {"-"}, {"too few strangers to show it", Style::dim}});
  }
  if (result.probability_ece)
    rows.push_back({{"error of the probability (ECE)"}, {fmt::format("{:.4f}", *result.probability_ece)}, {""}});
  std::string text =
      table_text({{"IDENTIFICATION"}, {"MEAN", Align::right}, {"MIDDLE 95 % OF THE SPLITS"}}, rows, colour);
  for (const engine::DegradedCurve& curve : result.degraded) {
    std::vector<Row> levels;
    for (const engine::DegradedRow& row : curve.rows)
      levels.push_back({{row.clean ? std::string("as it is") : fmt::format("{:g}", row.level)},
                        {percent(row.dir.value)},
                        {percent(row.rank1)},
                        {percent(row.fpir.value)},
                        {grouped(row.without_face)}});
    text += "\n" + table_text({{std::string(engine::level_unit(curve.kind))},
                               {"NAMED", Align::right},
                               {"RANK 1", Align::right},
                               {"STRANGERS NAMED", Align::right},
                               {"NO FACE", Align::right}},
                              levels, colour);
  }
  text += fmt::format(
      "\n{} of {}, {} without a face; {} of {} enrolled, {} of them and {} of strangers each.\n{:.1f} s on {}. Preset "
      "{}, {}.\n",
      counted(result.pictures, "picture"), counted(result.people, "person", "people"),
      grouped(static_cast<std::int64_t>(result.without_face.size())), counted(result.options.splits, "split"),
      counted(result.enrolled, "person", "people"), counted(result.mated, "probe"), grouped(result.strangers),
      result.seconds, counted(engine.threads(), "thread"), engine.preset().id, engine.backend());
  return text;
}

Status write_plots(const engine::IdentifyBenchResult& result, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return fail(ErrorCode::resource_limit, folder + ": " + failed.message());
  const auto write = [&folder](const evaluation::Plot& plot, const std::string& name) -> Status {
    VULTUS_TRY(const std::string svg, evaluation::svg(plot));
    return media::write_file_atomically(folder + "/" + name + ".svg", svg);
  };
  if (!result.curve.empty()) VULTUS_CHECK(write(engine::identify_plot(result), "identification"));
  for (const engine::DegradedCurve& curve : result.degraded)
    VULTUS_CHECK(
        write(engine::degraded_plot(result, curve), "identification_" + std::string(engine::name_of(curve.kind))));
  return {};
}

Result<ExitCode> identify(const BenchIdentifySettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  Originals originals;
  originals.add_pictures(settings.bench.images);
  VULTUS_CHECK(originals.spare(settings.report, "--report"));
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  const auto result = with_progress(context, "bench identify", [&](const Progress& progress) {
    return engine::run_identify_benchmark(engine, settings.bench, progress, context.stop);
  });
  if (!result) return result.error();
  if (!settings.plots.empty()) VULTUS_CHECK(write_plots(*result, settings.plots));
  if (!settings.report.empty()) {
    VULTUS_TRY(const std::string page, engine::identify_benchmark_report(*result, engine));
    VULTUS_CHECK(media::write_file_atomically(settings.report, page));
  }
  VULTUS_CHECK(
      context.out.write(settings.json ? json_text(*result, engine) : text_of(*result, engine, context.out.colour())));
  return ExitCode::done;
}

}  // namespace

void add_bench_identify(CLI::App& bench, Commands& commands) {
  CLI::App* command =
      bench.add_subcommand("identify", "enrol some people, probe with their other pictures and strangers");
  auto settings = std::make_shared<BenchIdentifySettings>();
  command->add_option("--images", settings->bench.images, "folder with one subfolder for each person")
      ->type_name("DIR")
      ->required();
  command->add_option("--splits", settings->bench.splits, "random splits of the people; 20 unless told")
      ->type_name("N")
      ->check(within(1, 1000));
  command->add_option("--seed", settings->bench.seed, "of the random splits; 1 unless told")->type_name("N");
  command->add_flag("--degrade", settings->bench.degrade, "also with blurred, small, compressed and covered probes");
  command
      ->add_option("--degrade-pictures", settings->bench.degrade_pictures,
                   "probes of known people, and as many of strangers, for each level; 500 unless told")
      ->type_name("N")
      ->check(within(10, 100'000));
  command->add_option("--report", settings->report, "write a page with curves and numbers")->type_name("FILE");
  command->add_option("--plots", settings->plots, "write the curves as SVG into this folder")->type_name("DIR");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kBenchIdentifyExamples);
  commands.push_back({command, [settings](Context& context) { return identify(*settings, context); }});
}

}  // namespace vultus::cli
