// vultus bench pad: how many attacks pass and how many people are turned away.
#include <memory>

#include <fmt/format.h>

#include <vultus/engine/pad_benchmark.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/liveness.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kBenchPadExamples =
    "Error rates of ISO/IEC 30107-3 at a threshold that was chosen before: APCER is that of the kind of attack that\n"
    "passes most often, BPCER the share of people who are turned away, ACER their mean, HTER the mean over all "
    "attacks\n"
    "together. BPCER is also told at thresholds, chosen on these very files, at which no kind of attack passes more\n"
    "often than 10, 5 and 1 %. Files without a score (no face, too small, too dark) are told apart as APNRR and BPNRR. "
    "Intervals: 95 "
    "%,\n"
    "bootstrap over what belongs together: the folders below the kinds of attack and below the people, else each "
    "file.\n"
    "Colour saturation alone is the baseline: where it tells both sides apart, the set says little of networks.\n\n"
    "Examples:\n"
    "  vultus bench pad --real pad/real --fake pad/fake\n"
    "  vultus bench pad --real pad/real --fake pad/fake --json --scores scores.csv\n"
    "  vultus bench pad --real planted/live --fake planted/attack --leave-one-family-out";

struct BenchPadSettings {
  EngineSettings engine;
  engine::PadOptions options;
  engine::LivenessChoice choice;
  std::string scores;
  bool json = false, quiet = false;
};

Json pad_rate_of(const std::optional<engine::PadRate>& rate) { return rate ? score_json(rate->value) : Json(nullptr); }
Json pad_interval_of(const std::optional<engine::PadRate>& rate) {
  if (!rate || !rate->interval) return nullptr;
  return Json::array({score_json(rate->interval->low), score_json(rate->interval->high)});
}

std::string pad_json(const engine::PadBenchmark& run, const engine::Engine& engine, const std::string& network) {
  const engine::PadResult& result = run.result;
  Json object, intervals{{"level", 0.95}};
  for (const auto& [name, rate] :
       {std::pair("apcer", &result.apcer), std::pair("bpcer", &result.bpcer), std::pair("acer", &result.acer),
        std::pair("hter", &result.hter), std::pair("eer", &result.eer), std::pair("auc", &result.auc)}) {
    object[name] = pad_rate_of(*rate);
    intervals[name] = pad_interval_of(*rate);
  }
  object["threshold"] = score_json(result.threshold);
  object["bpnrr"] = score_json(result.bpnrr);
  object["apnrr"] = score_json(result.apnrr);
  object["real"] = {{"files", result.live}, {"scored", result.live_scored}};
  object["fake"] = {{"files", result.attacks}, {"scored", result.attacks_scored}};
  object["bpcer_at_apcer"] = Json::array();
  for (const engine::PadPoint& one : result.bpcer_at)
    object["bpcer_at_apcer"].push_back({{"apcer_at_most", score_json(one.apcer)},
                                        {"bpcer", score_json(one.bpcer.value)},
                                        {"interval", pad_interval_of(one.bpcer)},
                                        {"threshold", score_json(one.threshold)}});
  object["species"] = Json::array();
  for (const engine::PadSpecies& one : result.species)
    object["species"].push_back({{"name", one.name},
                                 {"files", one.attacks},
                                 {"scored", one.scored},
                                 {"passed", one.passed},
                                 {"apcer", one.scored > 0 ? score_json(one.apcer.value) : Json(nullptr)},
                                 {"interval", pad_interval_of(one.apcer)}});
  if (!result.families.empty()) {
    object["leave_one_family_out"] = Json::array();
    for (const engine::PadFamilyOut& one : result.families)
      object["leave_one_family_out"].push_back({{"family", one.name},
                                                {"threshold", score_json(one.threshold)},
                                                {"apcer", score_json(one.apcer.value)},
                                                {"bpcer", score_json(one.bpcer.value)},
                                                {"acer", score_json(one.acer.value)},
                                                {"intervals",
                                                 {{"apcer", pad_interval_of(one.apcer)},
                                                  {"bpcer", pad_interval_of(one.bpcer)},
                                                  {"acer", pad_interval_of(one.acer)}}}});
  }
  object["baseline"] = nullptr;
  if (result.saturation)
    object["baseline"] = {{"what", "mean colour saturation of the face, direction chosen on these files"},
                          {"auc", score_json(result.saturation->auc)},
                          {"eer", score_json(result.saturation->eer)}};
  object["intervals"] = std::move(intervals);
  object["eer_threshold"] = score_json(result.eer_threshold);
  object["groups"] = result.groups;
  object["planted"] = result.planted;
  object["unreadable"] = Json::array();
  for (const engine::ScoredFile& one : run.files)
    if (one.error) object["unreadable"].push_back(error_json(one.file.path, *one.error));
  object["seconds"] = number_json(run.seconds, 1);
  object["backend"] = engine.backend();
  Json models = Json::array();
  for (const ModelId& id : liveness::models_of(network)) models.push_back(id.text());
  object["evidence"] = {{"protocol", "ISO/IEC 30107-3 at a threshold chosen before"},
                        {"data", result.planted ? "planted attacks" : "the user's own"},
                        {"models", std::move(models)}};
  return json_line(object);
}

std::string pad_interval_text(const std::optional<evaluation::Interval>& interval) {
  return interval ? fmt::format("{} to {}", percent(interval->low), percent(interval->high)) : std::string("-");
}

std::string pad_text(const engine::PadBenchmark& run, const engine::Engine& engine, bool colour) {
  const engine::PadResult& result = run.result;
  std::vector<Row> rows;
  const auto add = [&](const std::string& name, const std::optional<engine::PadRate>& rate) {
    if (rate) rows.push_back({{name}, {percent(rate->value)}, {pad_interval_text(rate->interval)}});
  };
  add("APCER", result.apcer), add("BPCER", result.bpcer), add("ACER", result.acer), add("HTER", result.hter);
  add("EER", result.eer), add("AUC", result.auc);
  for (const engine::PadPoint& one : result.bpcer_at)
    add(fmt::format("BPCER where APCER is at most {:.0f} %", 100 * one.apcer), one.bpcer);
  for (const engine::PadSpecies& one : result.species)
    if (one.scored > 0)
      rows.push_back({{fmt::format("APCER of {}", one.name)},
                      {percent(one.apcer.value)},
                      {pad_interval_text(one.apcer.interval)}});
  std::string text = table_text(
      {{"AT THRESHOLD " + fmt::format("{:.3f}", result.threshold)}, {"VALUE", Align::right}, {"95 % INTERVAL"}}, rows,
      colour);
  if (!result.families.empty()) {
    rows.clear();
    for (const engine::PadFamilyOut& one : result.families)
      rows.push_back({{one.name},
                      {fmt::format("{:.4f}", one.threshold)},
                      {percent(one.apcer.value)},
                      {pad_interval_text(one.apcer.interval)},
                      {percent(one.bpcer.value)},
                      {pad_interval_text(one.bpcer.interval)},
                      {percent(one.acer.value)}});
    text += "\n" + table_text({{"LEFT OUT"},
                               {"THRESHOLD", Align::right},
                               {"APCER", Align::right},
                               {"95 % INTERVAL"},
                               {"BPCER", Align::right},
                               {"95 % INTERVAL"},
                               {"ACER", Align::right}},
                              rows, colour);
  }
  text += fmt::format("\n{} of people, {} without a score; {} of {}, {} without.\n", counted(result.live, "file"),
                      percent(result.bpnrr), counted(result.attacks, "file"),
                      result.planted ? "planted attacks" : "attacks", percent(result.apnrr));
  if (result.saturation)
    text += fmt::format("Colour saturation alone: AUC {}, EER {}.\n", percent(result.saturation->auc),
                        percent(result.saturation->eer));
  std::int64_t unreadable = 0;
  for (const engine::ScoredFile& one : run.files) unreadable += one.error ? 1 : 0;
  if (unreadable > 0) text += counted(unreadable, "file") + " could not be read and had no part in this.\n";
  return text + fmt::format("{:.1f} s, {}.\n", run.seconds, engine.backend());
}

Result<ExitCode> bench_pad(BenchPadSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  Originals originals;
  originals.add_pictures(settings.options.real);
  originals.add_pictures(settings.options.fake);
  VULTUS_CHECK(originals.spare(settings.scores, "--scores"));
  VULTUS_TRY(settings.options.policy, engine::liveness_policy(settings.choice));
  settings.options.network = settings.choice.network;
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  VULTUS_CHECK(may_judge(settings.engine, engine, settings.options.network));
  const auto run = with_progress(context, "bench pad", [&](const Progress& progress) {
    return engine::run_pad_benchmark(engine, settings.options, progress, context.stop);
  });
  if (!run) return run.error();
  if (!settings.scores.empty())
    VULTUS_CHECK(media::write_file_atomically(settings.scores, engine::pad_scores_csv(run->files)));
  VULTUS_CHECK(context.out.write(settings.json ? pad_json(*run, engine, settings.options.network)
                                               : pad_text(*run, engine, context.out.colour())));
  const bool unreadable =
      std::ranges::any_of(run->files, [](const engine::ScoredFile& one) { return one.error.has_value(); });
  return unreadable ? ExitCode::some_failed : ExitCode::done;
}

}  // namespace

void add_bench_pad(CLI::App& bench, Commands& commands) {
  CLI::App* command =
      bench.add_subcommand("pad", "presentation attacks: how many pass, how many people are turned away");
  auto settings = std::make_shared<BenchPadSettings>();
  command->add_option("--real", settings->options.real, "folder of pictures and videos of people")
      ->type_name("DIR")
      ->required();
  command->add_option("--fake", settings->options.fake, "folder of attacks; its subfolders are their kinds")
      ->type_name("DIR")
      ->required();
  add_liveness_choice(*command, settings->choice);
  add_liveness_network(*command, settings->choice.network);
  command->add_flag("--leave-one-family-out", settings->options.leave_one_family_out,
                    "also: the threshold of each kind of attack from the other kinds and half of the people");
  command->add_option("--seed", settings->options.bootstrap.seed, "of the bootstrap")
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--scores", settings->scores, "write the score of every file as CSV")->type_name("FILE");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kBenchPadExamples);
  commands.push_back({command, [settings](Context& context) { return bench_pad(*settings, context); }});
}

}  // namespace vultus::cli
