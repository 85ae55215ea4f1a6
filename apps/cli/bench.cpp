// vultus bench: accuracy by published protocols.
#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/lfw_benchmark.hpp>
#include <vultus/engine/lfw_report.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/audit_commands.hpp>
#include <apps/cli/bench_commands.hpp>
#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/liveness.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kBenchExamples =
    "Labeled Faces in the Wild, View 2: ten folds, the threshold of each from the nine others; a pair with a picture "
    "in\n"
    "which no face is found counts as different people. Intervals: 95 %, bootstrap over persons.\n\n"
    "Examples:\n"
    "  vultus bench lfw --images lfw/ --pairs lfw/pairs.txt\n"
    "  vultus bench lfw --images lfw/ --pairs lfw/pairs.txt --json --report lfw.html --plot lfw.svg\n"
    "  vultus bench lfw --images lfw/ --pairs lfw/pairs.txt --accurate --against default";

struct BenchSettings {
  EngineSettings engine;
  engine::LfwOptions lfw;
  std::string report;
  std::string plot;
  std::string against;  ///< preset; empty = no comparison
  bool json = false;
  bool quiet = false;
};

Json interval_json(const engine::WithInterval& figure) {
  if (!figure.interval) return nullptr;
  return Json::array({score_json(figure.interval->low), score_json(figure.interval->high)});
}

/// Null where there are too few pairs of different people to show such a rate.
Json value_json(const std::optional<engine::WithInterval>& figure) {
  return figure ? score_json(figure->value) : Json(nullptr);
}
Json interval_json(const std::optional<engine::WithInterval>& figure) {
  return figure ? interval_json(*figure) : Json(nullptr);
}

Json models_json(const engine::Engine& engine) {
  Json models = Json::array();
  for (const ModelId& id : engine.preset().models())
    if (const auto model = engine.catalogue().find(id))
      models.push_back({{"model", id.text()}, {"sha256", (*model)->files.front().sha256}});
  return models;
}

/// The rows that a preset's thresholds are made of.
Json all_pairs_json(const engine::LfwRun& run) {
  Json rows = Json::array();
  for (const engine::AllPairsRow& row : run.all_pairs)
    rows.push_back({{"fmr", row.fmr},
                    {"threshold", score_json(row.threshold)},
                    {"tar", score_json(row.tar)},
                    {"impostors_above", row.impostors_above}});
  return {{"impostor_pairs", run.impostor_pairs}, {"genuine_pairs", run.genuine_pairs}, {"rows", rows}};
}

std::string all_pairs_text(const engine::LfwRun& run, bool colour) {
  std::vector<Row> rows;
  for (const engine::AllPairsRow& row : run.all_pairs)
    rows.push_back({{fmt::format("{:g}", row.fmr)},
                    {fmt::format("{:.4f}", row.threshold)},
                    {percent(row.tar)},
                    {grouped(row.impostors_above)}});
  return "\n" +
         table_text({{"ALL PAIRS: FMR"},
                     {"THRESHOLD", Align::right},
                     {"TRUE ACCEPTS", Align::right},
                     {"IMPOSTORS ABOVE", Align::right}},
                    rows, colour) +
         fmt::format("\n{} impostor and {} genuine pairs.\n", grouped(run.impostor_pairs), grouped(run.genuine_pairs));
}

/// Another preset on the same pairs.
struct Comparison {
  std::string preset;
  engine::LfwResult result;
  engine::LfwDifference difference;
};

Json comparison_json(const Comparison& other) {
  const engine::LfwDifference& d = other.difference;
  return {{"preset", other.preset},
          {"accuracy", score_json(d.accuracy.value)},
          {"eer", score_json(d.eer.value)},
          {"tar_at_far", {{"0.01", value_json(d.tar_at_far_1e2)}, {"0.001", value_json(d.tar_at_far_1e3)}}},
          {"intervals",
           {{"level", 0.95},
            {"accuracy", interval_json(d.accuracy)},
            {"eer", interval_json(d.eer)},
            {"tar_at_far", {{"0.01", interval_json(d.tar_at_far_1e2)}, {"0.001", interval_json(d.tar_at_far_1e3)}}}}}};
}

std::string comparison_text(const Comparison& other, const std::string& preset, bool colour) {
  std::vector<Row> rows;
  const auto add = [&](const char* name, double there, const engine::WithInterval& d) {
    const std::string interval = d.interval
                                     ? fmt::format("{:+.2f} to {:+.2f}", d.interval->low * 100, d.interval->high * 100)
                                     : std::string("too few people");
    rows.push_back({{name}, {percent(there)}, {fmt::format("{:+.2f}", d.value * 100)}, {interval}});
  };
  const engine::LfwDifference& d = other.difference;
  add("accuracy, ten folds", other.result.accuracy, d.accuracy);
  add("equal error rate", other.result.eer.value, d.eer);
  if (d.tar_at_far_1e2) add("true accepts at FAR 1e-2", other.result.tar_at_far_1e2->value, *d.tar_at_far_1e2);
  if (d.tar_at_far_1e3) add("true accepts at FAR 1e-3", other.result.tar_at_far_1e3->value, *d.tar_at_far_1e3);
  return "\n" +
         table_text(
             {{"AGAINST " + other.preset}, {"VALUE", Align::right}, {"DIFFERENCE", Align::right}, {"95 % INTERVAL"}},
             rows, colour) +
         fmt::format("\nDifference: {} less {}, percentage points; paired bootstrap over people.\n", preset,
                     other.preset);
}

std::string json_text(const engine::LfwRun& run, const engine::Engine& engine, const std::optional<Comparison>& other) {
  const engine::LfwResult& result = run.result;
  Json object;
  object["pairs"] = result.pairs;
  object["accuracy"] = score_json(result.accuracy);
  object["accuracy_std"] = score_json(result.accuracy_std);
  object["eer"] = score_json(result.eer.value);
  object["tar_at_far"] = {{"0.01", value_json(result.tar_at_far_1e2)}, {"0.001", value_json(result.tar_at_far_1e3)}};
  object["images_without_face"] = result.without_face.size();
  object["intervals"] = {
      {"level", 0.95},
      {"accuracy", interval_json(result.accuracy_interval)},
      {"eer", interval_json(result.eer)},
      {"tar_at_far",
       {{"0.01", interval_json(result.tar_at_far_1e2)}, {"0.001", interval_json(result.tar_at_far_1e3)}}}};
  object["images"] = result.pictures;
  object["identities"] = result.identities;
  object["without_face"] = result.without_face;
  object["seconds"] = number_json(result.seconds, 2);
  object["images_per_second"] = number_json(static_cast<double>(result.pictures) / std::max(1e-9, result.seconds), 1);
  object["threads"] = engine.threads();
  object["preset"] = engine.preset().id;
  object["models"] = models_json(engine);
  object["backend"] = engine.backend();
  object["evidence"] = {{"protocol", "LFW View 2, ten folds, threshold from the nine others"},
                        {"data", "public"},
                        {"pairs_sha256", result.pairs_sha256},
                        {"template_model", engine.preset().template_model().text()}};
  if (run.impostor_pairs > 0) object["all_pairs"] = all_pairs_json(run);
  if (other) object["against"] = comparison_json(*other);
  return json_line(object);
}

std::string interval_text(const engine::WithInterval& f) {
  if (!f.interval) return "too few people";
  return fmt::format("{:.2f} to {:.2f} %", f.interval->low * 100, f.interval->high * 100);
}

std::string text_of(const engine::LfwRun& run, const engine::Engine& engine, const std::optional<Comparison>& other,
                    bool colour) {
  const engine::LfwResult& result = run.result;
  std::vector<Row> rows{{{"accuracy, ten folds"},
                         {percent(result.accuracy)},
                         {interval_text(result.accuracy_interval)},
                         {fmt::format("standard error {:.2f}", result.accuracy_std * 100), Style::dim}},
                        {{"equal error rate"}, {percent(result.eer.value)}, {interval_text(result.eer)}}};
  for (const auto& [name, figure] : {std::pair("true accepts at FAR 1e-2", &result.tar_at_far_1e2),
                                     std::pair("true accepts at FAR 1e-3", &result.tar_at_far_1e3)}) {
    if (*figure)
      rows.push_back({{name}, {percent((*figure)->value)}, {interval_text(**figure)}});
    else
      rows.push_back({{name}, {"-"}, {"too few pairs of different people", Style::dim}});
  }
  std::string text = table_text({{"LFW VIEW 2"}, {"VALUE", Align::right}, {"95 % INTERVAL"}, {""}}, rows, colour);
  text +=
      fmt::format("\n{} of {}, {} without a face, {:.1f} s on {}.\nPreset {}, {}.\n", counted(result.pairs, "pair"),
                  counted(result.pictures, "picture"), grouped(static_cast<std::int64_t>(result.without_face.size())),
                  result.seconds, counted(engine.threads(), "thread"), engine.preset().id, engine.backend());
  for (const std::string& file : result.without_face) text += "No face: " + printable(file) + "\n";
  if (run.impostor_pairs > 0) text += all_pairs_text(run, colour);
  if (other) text += comparison_text(*other, engine.preset().id, colour);
  return text;
}

Result<engine::LfwRun> run_protocol(const engine::Engine& engine, const engine::LfwOptions& options, Context& context) {
  return with_progress(context, "bench lfw", [&](const Progress& progress) {
    return engine::run_lfw(engine, options, progress, context.stop);
  });
}

/// Another preset; the other choices (detector, precision ...) stay as they are.
Result<engine::Engine> load_other(const BenchSettings& settings) {
  EngineSettings other = settings.engine;
  other.preset = settings.against;
  other.fast = other.accurate = false;
  other.embedder.clear();
  return load_engine(other);
}

/// The same pairs with another preset.
Result<Comparison> compare(const BenchSettings& settings, const engine::Engine& engine, const engine::LfwResult& result,
                           Context& context) {
  engine::LfwOptions options = settings.lfw;
  options.all_pairs = false;
  VULTUS_TRY(engine::LfwRun run, run_protocol(engine, options, context));
  VULTUS_TRY(const auto difference, engine::compare_lfw(result, run.result, options));
  return Comparison{.preset = engine.preset().id, .result = std::move(run.result), .difference = difference};
}

Result<ExitCode> lfw(const BenchSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  Originals originals(std::span(&settings.lfw.pairs, 1));
  originals.add_pictures(settings.lfw.images);
  VULTUS_CHECK(originals.spare(settings.report, "--report"));
  VULTUS_CHECK(originals.spare(settings.plot, "--plot"));
  VULTUS_CHECK(has_place(settings.report, "--report"));
  VULTUS_CHECK(has_place(settings.plot, "--plot"));
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  std::optional<engine::Engine> against;  // before the work, so that a wrong name is not told after it
  if (!settings.against.empty()) {
    VULTUS_TRY(against, load_other(settings));
  }
  const auto run = run_protocol(engine, settings.lfw, context);
  if (!run) return run.error();
  std::optional<Comparison> other;
  if (against) {
    VULTUS_TRY(other, compare(settings, *against, run->result, context));
  }
  if (!settings.plot.empty()) {
    VULTUS_TRY(const std::string svg, engine::lfw_roc_svg(run->result));
    VULTUS_CHECK(media::write_file_atomically(settings.plot, svg));
  }
  if (!settings.report.empty()) {
    VULTUS_TRY(const std::string page, engine::lfw_report(run->result, engine));
    VULTUS_CHECK(media::write_file_atomically(settings.report, page));
  }
  VULTUS_CHECK(context.out.write(settings.json ? json_text(*run, engine, other)
                                               : text_of(*run, engine, other, context.out.colour())));
  return ExitCode::done;
}

}  // namespace

void add_bench(CLI::App& app, Commands& commands) {
  CLI::App* bench = app.add_subcommand("bench", "measure accuracy by published protocols");
  bench->require_subcommand(1);
  bench->footer("Examples:\n  vultus bench lfw --images lfw/ --pairs lfw/pairs.txt");
  CLI::App* command = bench->add_subcommand("lfw", "Labeled Faces in the Wild: are two pictures of one person?");
  auto settings = std::make_shared<BenchSettings>();
  command->add_option("--images", settings->lfw.images, "folder of NAME/NAME_0001.jpg")->type_name("DIR")->required();
  command->add_option("--pairs", settings->lfw.pairs, "the protocol's pairs.txt")->type_name("FILE")->required();
  command->add_option("--report", settings->report, "write a page with curves and numbers")->type_name("FILE");
  command->add_option("--plot", settings->plot, "write the ROC curve as SVG")->type_name("FILE");
  command->add_option("--against", settings->against, "also run another preset and tell the difference, with interval")
      ->type_name("PRESET");
  command->add_flag("--all-pairs", settings->lfw.all_pairs,
                    "also compare every picture with every other: thresholds for low false match rates");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kBenchExamples);
  commands.push_back({command, [settings](Context& context) { return lfw(*settings, context); }});
  add_bench_expression(*bench, commands);
  add_bench_au(*bench, commands);
  add_bench_landmarks(*bench, commands);
  add_bench_quality(*bench, commands);
  add_bench_pad(*bench, commands);
  add_bench_identify(*bench, commands);
  add_bench_cluster(*bench, commands);
  add_bench_protocol(*bench, commands);
  add_bench_tokbench(*bench, commands);
}

}  // namespace vultus::cli
