// vultus bench expression: how well displayed expressions are read where labels are known.
#include <memory>
#include <optional>

#include <fmt/format.h>

#include <vultus/engine/read_expressions.hpp>
#include <vultus/expression/label_space.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kBenchExpressionExamples =
    "The table names pictures (column image or file) and labels: surprise, fear, disgust, happiness, sadness, anger, "
    "neutral,\nor 1 to 7 for them. The main face of each picture counts; where none is found, the middle is read. "
    "A face of\nwhich nothing can be told counts as wrong, as UNREAD. Pictures that cannot be decoded are listed, and "
    "the "
    "exit code is 1.\nUAR is the mean recall of the labels that occur. Intervals: 95 %, bootstrap over "
    "pictures.\n\n"
    "Examples:\n"
    "  vultus bench expression --images rafdb/test --labels rafdb/test_labels.csv\n"
    "  vultus bench expression --images rafdb/test --labels rafdb/test_labels.csv --json\n"
    "  vultus bench expression --images rafdb/test --labels rafdb/test_labels.csv --against human_emotion";

struct BenchExpressionSettings {
  EngineSettings engine;
  engine::ExpressionBenchmarkOptions options;
  std::string model{expression::kExpressionModel};
  std::string against;  ///< empty = none
  bool json = false;
  bool quiet = false;
};

Json interval_of(const std::optional<evaluation::Interval>& interval) {
  return interval ? Json::array({score_json(interval->low), score_json(interval->high)}) : Json(nullptr);
}

/// A second network on the same pictures.
struct Against {
  std::string model;
  engine::ExpressionBenchmark run;
  engine::ExpressionComparison difference;
};

Json against_json(const Against& against) {
  return {{"model", against.model},
          {"accuracy", score_json(against.run.scores.accuracy)},
          {"uar", score_json(against.run.scores.uar)},
          {"difference",
           {{"accuracy", score_json(against.difference.accuracy)},
            {"accuracy_interval", interval_of(against.difference.accuracy_interval)},
            {"uar", score_json(against.difference.uar)},
            {"uar_interval", interval_of(against.difference.uar_interval)}}},
          {"mcnemar",
           {{"only_first", against.difference.only_first},
            {"only_second", against.difference.only_second},
            {"p", number_json(against.difference.p, 6)}}}};
}

std::string against_text(const Against& against) {
  const auto between = [](const std::optional<evaluation::Interval>& interval) {
    return interval ? fmt::format(" (95 %: {:+.4f} to {:+.4f})", interval->low, interval->high) : std::string();
  };
  const engine::ExpressionComparison& d = against.difference;
  return fmt::format(
      "Against {} (accuracy {}, mean recall {}): accuracy {:+.4f}{}, mean recall {:+.4f}{}.\n"
      "Right where the other is wrong: {}; wrong where it is right: {}; McNemar p = {:.4g}.\n",
      against.model, percent(against.run.scores.accuracy), percent(against.run.scores.uar), d.accuracy,
      between(d.accuracy_interval), d.uar, between(d.uar_interval), d.only_first, d.only_second, d.p);
}

std::string expression_json(const engine::ExpressionBenchmark& run, const engine::Engine& engine,
                            const runtime::ModelManifest& model, const std::optional<Against>& against) {
  Json object;
  object["pictures"] = run.pictures;
  object["accuracy"] = score_json(run.scores.accuracy);
  object["uar"] = score_json(run.scores.uar);
  object["intervals"] = {
      {"level", 0.95}, {"accuracy", interval_of(run.accuracy_interval)}, {"uar", interval_of(run.uar_interval)}};
  object["recall"] = Json::object();
  object["confusion"] = Json::object();
  for (std::size_t truth = 0; truth < expression::kExpressions; ++truth) {
    const std::string name(expression::kExpressionNames.at(truth));
    object["recall"][name] = run.recalls.at(truth) ? score_json(*run.recalls.at(truth)) : Json(nullptr);
    Json row = Json::object();
    for (std::size_t said = 0; said < expression::kExpressions; ++said)
      row[std::string(expression::kExpressionNames.at(said))] = run.confusion.at(truth, said);
    row["unread"] = run.confusion.at(truth, engine::kUnreadAnswer);
    object["confusion"][name] = std::move(row);
  }
  object["without_detection"] = run.without_detection;
  object["unread"] = run.unread;
  object["unreadable"] = Json::array();
  for (const engine::ReadPicture& one : run.unreadable)
    object["unreadable"].push_back(error_json(one.path, *one.error));
  object["seconds"] = number_json(run.seconds, 1);
  object["preset"] = engine.preset().id;
  object["backend"] = engine.backend();
  if (against) object["against"] = against_json(*against);
  object["evidence"] = {{"model", model.id.text()},
                        {"model_sha256", model.files.front().sha256},
                        {"labels_sha256", run.labels_sha256},
                        {"protocol", "main face of each picture that can be decoded; unread faces are wrong"}};
  return json_line(object);
}

std::string expression_text(const engine::ExpressionBenchmark& run, const engine::Engine& engine, bool colour) {
  std::vector<Column> columns{{"TRUTH"}};
  for (const std::string_view name : expression::kExpressionNames) columns.push_back({std::string(name), Align::right});
  if (run.unread > 0) columns.push_back({"UNREAD", Align::right});
  columns.push_back({"RECALL", Align::right});
  std::vector<Row> rows;
  for (std::size_t truth = 0; truth < expression::kExpressions; ++truth) {
    Row row{{std::string(expression::kExpressionNames.at(truth))}};
    for (std::size_t said = 0; said < expression::kExpressions; ++said)
      row.push_back({grouped(static_cast<std::int64_t>(run.confusion.at(truth, said)))});
    if (run.unread > 0)
      row.push_back({grouped(static_cast<std::int64_t>(run.confusion.at(truth, engine::kUnreadAnswer)))});
    row.push_back({run.recalls.at(truth) ? percent(*run.recalls.at(truth)) : "-"});
    rows.push_back(std::move(row));
  }
  const auto between = [](const std::optional<evaluation::Interval>& interval) {
    return interval ? fmt::format(" (95 %: {} to {})", percent(interval->low), percent(interval->high)) : std::string();
  };
  std::string text =
      table_text(columns, rows, colour) +
      fmt::format("\nAccuracy {}{}, mean recall {}{}.\n{}, {} without a detection, in {:.1f} s, preset {}, {}.\n",
                  percent(run.scores.accuracy), between(run.accuracy_interval), percent(run.scores.uar),
                  between(run.uar_interval), counted(run.pictures, "picture"), grouped(run.without_detection),
                  run.seconds, engine.preset().id, engine.backend());
  if (run.unread > 0)
    text += fmt::format("Of {} no expression could be told: they count as wrong.\n", counted(run.unread, "face"));
  if (!run.unreadable.empty())
    text += fmt::format("{} could not be decoded and had no part in this, the first: {}: {}\n",
                        counted(static_cast<std::int64_t>(run.unreadable.size()), "picture"),
                        printable(run.unreadable.front().path), printable(run.unreadable.front().error->message));
  return text;
}

Result<ExitCode> bench_expression(BenchExpressionSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  settings.options.read.model = ModelId(settings.model);
  VULTUS_CHECK(may_use(settings.engine, engine, settings.options.read.model));
  VULTUS_TRY(const runtime::ModelManifest* const model, engine.catalogue().find(settings.options.read.model));
  const auto measure = [&] {
    return with_progress(context, "bench expression", [&](const Progress& progress) {
      return engine::run_expression_benchmark(engine, settings.options, progress, context.stop);
    });
  };
  VULTUS_TRY(const auto run, measure());
  std::optional<Against> against;
  if (!settings.against.empty()) {
    settings.options.read.model = ModelId(settings.against);
    VULTUS_CHECK(may_use(settings.engine, engine, settings.options.read.model));
    VULTUS_TRY(auto other, measure());
    VULTUS_TRY(
        const auto difference,
        engine::compare_expressions(run, other, {.draws = settings.options.draws, .seed = settings.options.seed}));
    against.emplace(Against{.model = settings.against, .run = std::move(other), .difference = difference});
  }
  VULTUS_CHECK(context.out.write(settings.json ? expression_json(run, engine, *model, against)
                                               : expression_text(run, engine, context.out.colour()) +
                                                     (against ? against_text(*against) : std::string())));
  return run.unreadable.empty() ? ExitCode::done : ExitCode::some_failed;
}

}  // namespace

void add_bench_expression(CLI::App& bench, Commands& commands) {
  CLI::App* command = bench.add_subcommand("expression", "displayed expressions against labels");
  auto settings = std::make_shared<BenchExpressionSettings>();
  command->add_option("--images", settings->options.images, "folder of pictures")->type_name("DIR")->required();
  command->add_option("--labels", settings->options.labels, "table with image (or file) and label")
      ->type_name("CSV")
      ->required();
  command->add_option("--column", settings->options.column, "of the labels")->type_name("NAME")->capture_default_str();
  command->add_option("--model", settings->model, "network that reads expressions")
      ->type_name("MODEL")
      ->capture_default_str();
  command->add_option("--against", settings->against, "a second network, compared picture by picture")
      ->type_name("MODEL");
  command->add_option("--seed", settings->options.seed, "of the bootstrap")->type_name("N")->capture_default_str();
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kBenchExpressionExamples);
  commands.push_back({command, [settings](Context& context) { return bench_expression(*settings, context); }});
}

}  // namespace vultus::cli
