// vultus bench quality: does removing the worst-scored faces make recognition fail less often?
#include <algorithm>
#include <memory>
#include <span>

#include <fmt/format.h>

#include <vultus/engine/quality_benchmark.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kBenchQualityExamples =
    "The second picture of every pair of one person is compared with the first: as it is, and with damage of nine "
    "kinds\n"
    "planted in it. The threshold stands where the wanted share of comparisons of different people passes. Then the\n"
    "probes with the lowest scores are left out, and the failures among the rest are counted. Only the second half of\n"
    "the folds is used: on the first half the weights of the score were chosen.\n\n"
    "Examples:\n"
    "  vultus bench quality --images lfw/ --pairs lfw/pairs.txt --fmr 0.1\n"
    "  vultus bench quality --images lfw/ --pairs lfw/pairs.txt --fmr 0.1 --json --plot quality.svg";

struct Settings {
  EngineSettings engine;
  engine::QualityBenchmarkOptions options;
  bool chosen_on = false;
  bool no_damage = false;
  std::string probes;
  std::string plot;
  bool json = false;
  bool quiet = false;
};

Json curve_json(const engine::DiscardCurve& curve) {
  Json fnmr = Json::array();
  for (const double rate : curve.fnmr) fnmr.push_back(score_json(rate));
  return {{"score", curve.name}, {"area", score_json(curve.area)}, {"fnmr", std::move(fnmr)}};
}

std::string json_text(const engine::QualityBenchmark& run, const engine::Engine& engine, bool chosen_on) {
  Json object;
  object["probes"] = run.probes.size();
  object["people"] = run.people;
  object["probes_without_face"] = run.without_face;
  object["pairs_without_reference"] = run.references_without_face;
  object["impostor_comparisons"] = run.impostor_comparisons;
  object["fmr"] = rate_json(run.fmr);
  object["threshold"] = score_json(run.threshold);
  Json at = Json::object();
  for (const int percent : {0, 1, 2, 5, 10, 20, 30, 50})
    at[fmt::format("{:g}", percent / 100.0)] =
        score_json(run.curves.front().fnmr.at(static_cast<std::size_t>(percent)));
  object["fnmr_at_discard"] = at;
  object["gain_at_discard_0.1"] = score_json(run.gain_at_10_percent);
  object["gain_interval"] = run.gain_interval
                                ? Json::array({score_json(run.gain_interval->low), score_json(run.gain_interval->high)})
                                : Json(nullptr);
  object["curves"] = Json::array();
  for (const engine::DiscardCurve& curve : run.curves) object["curves"].push_back(curve_json(curve));
  object["damage"] = Json::array();
  for (const engine::DamageRow& row : run.damages)
    object["damage"].push_back({{"kind", std::string(name_of(row.kind))},
                                {"probes", row.probes},
                                {"without_face", row.without_face},
                                {"fnmr", score_json(row.fnmr)},
                                {"quality", number_json(row.quality, 1)}});
  object["seconds"] = number_json(run.seconds, 1);
  object["preset"] = engine.preset().id;
  object["backend"] = engine.backend();
  object["evidence"] = {{"protocol", chosen_on ? "error against discard, people that the weights were chosen on"
                                               : "error against discard, people that no choice has seen"},
                        {"data", "public, with planted damage"},
                        {"pairs_sha256", run.pairs_sha256},
                        {"template_model", engine.preset().template_model().text()}};
  return json_line(object);
}

std::string text_of(const engine::QualityBenchmark& run, const engine::Engine& engine, bool colour) {
  std::vector<Row> rows;
  for (const int share : {0, 1, 2, 5, 10, 20, 30, 50}) {
    Row row{{fmt::format("{} %", share)}};
    for (const engine::DiscardCurve& curve : run.curves)
      row.push_back({percent(curve.fnmr.at(static_cast<std::size_t>(share)))});
    rows.push_back(std::move(row));
  }
  std::vector<Column> columns{{"LEFT OUT", Align::right}};
  for (const engine::DiscardCurve& curve : run.curves) columns.push_back({"BY " + curve.name, Align::right});
  std::string text = table_text(columns, rows, colour);
  rows.clear();
  for (const engine::DamageRow& row : run.damages)
    rows.push_back({{std::string(name_of(row.kind))},
                    {grouped(row.probes)},
                    {grouped(row.without_face)},
                    {percent(row.fnmr)},
                    {fmt::format("{:.1f}", row.quality)}});
  text += "\n" + table_text({{"DAMAGE"},
                             {"PROBES", Align::right},
                             {"NO FACE", Align::right},
                             {"FAILURES", Align::right},
                             {"QUALITY", Align::right}},
                            rows, colour);
  text += fmt::format("\nFailures to match at threshold {:.3f} (FMR {:g}, {} comparisons of different people).\n",
                      run.threshold, run.fmr, grouped(run.impostor_comparisons));
  text +=
      fmt::format("Leaving out the worst 10 % takes {} of the probes' failures away", percent(run.gain_at_10_percent));
  if (run.gain_interval)
    text += fmt::format(" (95 %: {} to {}, over {})", percent(run.gain_interval->low), percent(run.gain_interval->high),
                        counted(run.people, "person", "people"));
  return text + fmt::format(".\n{} in {:.1f} s, preset {}, {}.\n",
                            counted(static_cast<std::int64_t>(run.probes.size()), "probe"), run.seconds,
                            engine.preset().id, engine.backend());
}

Result<ExitCode> bench_quality(Settings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  Originals originals(std::span(&settings.options.pairs, 1));
  originals.add_pictures(settings.options.images);
  VULTUS_CHECK(originals.spare(settings.probes, "--probes"));
  VULTUS_CHECK(originals.spare(settings.plot, "--plot"));
  settings.options.half = settings.chosen_on ? engine::PairsHalf::chosen_on : engine::PairsHalf::reported;
  settings.options.damage = !settings.no_damage;
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  const auto run = with_progress(context, "bench quality", [&](const Progress& progress) {
    return engine::run_quality_benchmark(engine, settings.options, progress, context.stop);
  });
  if (!run) return run.error();
  if (!settings.probes.empty()) VULTUS_CHECK(media::write_file_atomically(settings.probes, engine::probes_csv(*run)));
  if (!settings.plot.empty()) {
    VULTUS_TRY(const std::string svg, engine::discard_svg(*run));
    VULTUS_CHECK(media::write_file_atomically(settings.plot, svg));
  }
  VULTUS_CHECK(context.out.write(settings.json ? json_text(*run, engine, settings.chosen_on)
                                               : text_of(*run, engine, context.out.colour())));
  return ExitCode::done;
}

}  // namespace

void add_bench_quality(CLI::App& bench, Commands& commands) {
  CLI::App* command = bench.add_subcommand("quality", "error against discard: does the quality score tell failures?");
  auto settings = std::make_shared<Settings>();
  command->add_option("--images", settings->options.images, "folder of NAME/NAME_0001.jpg")
      ->type_name("DIR")
      ->required();
  command->add_option("--pairs", settings->options.pairs, "pairs in the format of LFW's pairs.txt")
      ->type_name("FILE")
      ->required();
  command->add_option("--fmr", settings->options.fmr, "false match rate of the threshold")
      ->type_name("RATE")
      ->capture_default_str();
  command->add_option("--seed", settings->options.seed, "of the damage's strengths and of the bootstrap")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--no-damage", settings->no_damage, "probes only as they are");
  command->add_flag("--chosen-on", settings->chosen_on, "the half of the folds that the weights were chosen on");
  command->add_option("--probes", settings->probes, "write every probe with all measures as CSV")->type_name("FILE");
  command->add_option("--plot", settings->plot, "write the curves as SVG")->type_name("FILE");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kBenchQualityExamples);
  commands.push_back({command, [settings](Context& context) { return bench_quality(*settings, context); }});
}

}  // namespace vultus::cli
