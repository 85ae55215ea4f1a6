// vultus bench cluster: are the clusters the people?
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <vultus/engine/cluster_benchmark.hpp>

#include <apps/cli/cluster_options.hpp>
#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kBenchClusterExamples =
    "All faces are clustered; the main face of each picture is scored, since the folder tells whose it is.\n"
    "Intervals: 95 %, bootstrap over people.\n\n"
    "Examples:\n"
    "  vultus bench cluster --images cohort/\n"
    "  vultus bench cluster --images cohort/ --json --method chinese_whispers";

struct BenchClusterSettings {
  EngineSettings engine;
  JoiningSettings joining;
  std::string images;
  bool sweep = false;
  bool json = false;
  bool quiet = false;
};

Json interval_json(const std::optional<evaluation::ClusterIntervals>& all,
                   evaluation::Interval evaluation::ClusterIntervals::*one) {
  if (!all) return nullptr;
  return Json::array({score_json(((*all).*one).low), score_json(((*all).*one).high)});
}

Json agreement_json(const evaluation::ClusterAgreement& agreement) {
  return {{"precision", score_json(agreement.precision)},
          {"recall", score_json(agreement.recall)},
          {"f", score_json(agreement.f)}};
}

std::string json_text(const engine::ClusterBenchResult& result, const engine::Engine& engine) {
  using Intervals = evaluation::ClusterIntervals;
  Json object;
  object["pairwise"] = agreement_json(result.scores.pairs);
  object["bcubed"] = agreement_json(result.scores.bcubed);
  const auto interval = [&](evaluation::Interval Intervals::*one) { return interval_json(result.intervals, one); };
  object["intervals"] = {{"level", result.options.bootstrap.level},
                         {"pairwise",
                          {{"precision", interval(&Intervals::pair_precision)},
                           {"recall", interval(&Intervals::pair_recall)},
                           {"f", interval(&Intervals::pair_f)}}},
                         {"bcubed",
                          {{"precision", interval(&Intervals::bcubed_precision)},
                           {"recall", interval(&Intervals::bcubed_recall)},
                           {"f", interval(&Intervals::bcubed_f)}}}};
  object["clusters"] = result.scores.clusters;
  object["identities"] = result.scores.identities;
  object["images"] = result.pictures;
  object["faces"] = result.faces;
  object["scored"] = result.scores.items;
  object["without_face"] = result.without_face;
  object["method"] = name_of(result.options.cluster.method);
  object["least_quality"] = result.options.cluster.least_quality;
  object["threshold"] = score_json(result.options.at.threshold.value());
  object["fmr"] = rate_json(result.options.at.false_match_rate);
  if (!result.sweep.empty()) {
    Json rows = Json::array();
    for (const engine::ClusterSweepRow& row : result.sweep)
      rows.push_back({{"method", name_of(row.method)},
                      {"threshold", number_json(row.threshold, 4)},
                      {"pairwise", agreement_json(row.scores.pairs)},
                      {"bcubed", agreement_json(row.scores.bcubed)},
                      {"clusters", row.scores.clusters}});
    object["sweep"] = std::move(rows);
  }
  object["seconds"] = number_json(result.seconds, 2);
  object["cluster_seconds"] = number_json(result.cluster_seconds, 2);
  object["threads"] = engine.threads();
  object["preset"] = engine.preset().id;
  object["backend"] = engine.backend();
  object["evidence"] = {{"protocol", "all faces clustered, main faces scored, bootstrap over people"},
                        {"draws", result.options.bootstrap.draws},
                        {"seed", result.options.bootstrap.seed},
                        {"data_sha256", result.data_sha256},
                        {"template_model", engine.preset().template_model().text()}};
  return json_line(object);
}

std::string text_of(const engine::ClusterBenchResult& result, const engine::Engine& engine, bool colour) {
  using Intervals = evaluation::ClusterIntervals;
  const auto row = [&](const char* name, double value, evaluation::Interval Intervals::*one) -> Row {
    std::string range;
    if (result.intervals)
      range = fmt::format("{:.4f} to {:.4f}", ((*result.intervals).*one).low, ((*result.intervals).*one).high);
    return {{name}, {fmt::format("{:.4f}", value)}, {range, Style::dim}};
  };
  const evaluation::ClusterScores& s = result.scores;
  std::string text = table_text(
      {{"CLUSTERING"}, {"VALUE", Align::right}, {"95 % INTERVAL"}},
      {row("pairs: precision", s.pairs.precision, &Intervals::pair_precision),
       row("pairs: recall", s.pairs.recall, &Intervals::pair_recall), row("pairs: F", s.pairs.f, &Intervals::pair_f),
       row("B-cubed: precision", s.bcubed.precision, &Intervals::bcubed_precision),
       row("B-cubed: recall", s.bcubed.recall, &Intervals::bcubed_recall),
       row("B-cubed: F", s.bcubed.f, &Intervals::bcubed_f)},
      colour);
  if (!result.sweep.empty()) {
    std::vector<Row> rows;
    for (const engine::ClusterSweepRow& one : result.sweep)
      rows.push_back({{std::string(name_of(one.method))},
                      {fmt::format("{:.4f}", one.threshold)},
                      {fmt::format("{:.4f}", one.scores.pairs.f)},
                      {fmt::format("{:.4f}", one.scores.bcubed.f)},
                      {grouped(one.scores.clusters)}});
    text += "\n" + table_text({{"METHOD"},
                               {"THRESHOLD", Align::right},
                               {"PAIRS: F", Align::right},
                               {"B-CUBED: F", Align::right},
                               {"CLUSTERS", Align::right}},
                              rows, colour);
  }
  return text +
         fmt::format(
             "\n{} of {}: {} in {} by {} at {:.4f} (FMR {:g}); {} clustered in all, {} without a face.\n{:.1f} s "
             "to look at them, {:.2f} s to cluster them, on {}. Preset {}, {}.\n",
             counted(result.pictures, "picture"), counted(s.identities, "person", "people"), counted(s.items, "face"),
             counted(s.clusters, "cluster"), name_of(result.options.cluster.method),
             result.options.at.threshold.value(), result.options.at.false_match_rate, counted(result.faces, "face"),
             counted(static_cast<std::int64_t>(result.without_face.size()), "picture"), result.seconds,
             result.cluster_seconds, counted(engine.threads(), "thread"), engine.preset().id, engine.backend());
}

Result<ExitCode> bench_cluster(const BenchClusterSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  engine::ClusterBenchOptions options{.images = settings.images,
                                      .cluster = settings.joining.options,
                                      .at = {},
                                      .sweep = settings.sweep,
                                      .bootstrap = {}};
  VULTUS_TRY(options.at, joining_point(engine, settings.joining));
  options.cluster.threads = engine.threads();
  const auto result = with_progress(context, "bench cluster", [&](const Progress& progress) {
    return engine::run_cluster_benchmark(engine, options, progress, context.stop);
  });
  if (!result) return result.error();
  VULTUS_CHECK(
      context.out.write(settings.json ? json_text(*result, engine) : text_of(*result, engine, context.out.colour())));
  return ExitCode::done;
}

}  // namespace

void add_bench_cluster(CLI::App& bench, Commands& commands) {
  CLI::App* command = bench.add_subcommand("cluster", "cluster the faces of known people and compare");
  auto settings = std::make_shared<BenchClusterSettings>();
  command->add_option("--images", settings->images, "folder with one subfolder for each person")
      ->type_name("DIR")
      ->required();
  command->add_flag("--sweep", settings->sweep, "also every method at 25 thresholds around the one used");
  add_joining_options(*command, settings->joining);
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kBenchClusterExamples);
  commands.push_back({command, [settings](Context& context) { return bench_cluster(*settings, context); }});
}

}  // namespace vultus::cli
