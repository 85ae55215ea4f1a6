#include <apps/learn/network_systems.hpp>

#include <cstdio>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vultus/evaluation/row_bootstrap.hpp>
#include <vultus/media/file.hpp>
#include <vultus/runtime/sha256.hpp>

#include <apps/learn/run_files.hpp>

namespace vultus::learning {
namespace {

using NetworkJson = nlohmann::ordered_json;

/// Accuracy and UAR of answers that count so often.
std::vector<std::optional<double>> weighted_scores(const learn::RunScores& scores,
                                                   std::span<const std::uint32_t> weights) {
  std::map<std::int64_t, std::pair<double, double>> classes;  // right, all
  double right = 0, all = 0;
  for (std::size_t i = 0; i < scores.answered.truth.size(); ++i) {
    auto& [own_right, own_all] = classes[scores.answered.truth[i]];
    const double hit = scores.answered.said[i] == scores.answered.truth[i] ? weights[i] : 0;
    right += hit, all += weights[i], own_right += hit, own_all += weights[i];
  }
  double recalls = 0, present = 0;
  for (const auto& [label, counts] : classes)
    if (counts.second > 0) recalls += counts.first / counts.second, ++present;
  if (!(all > 0) || !(present > 0)) return {std::nullopt, std::nullopt};
  return {right / all, recalls / present};
}

/// Samples of one person are alike: drawn one by one they would make intervals too narrow.
evaluation::RowGroups groups_of(const learn::RunScores& scores) {
  if (scores.persons.empty()) return evaluation::RowGroups::each(scores.answered.truth.size());
  std::vector<std::string> names;
  for (const std::int64_t person : scores.persons) names.push_back(std::to_string(person));
  return evaluation::RowGroups::by_name(names, "persons");
}

NetworkJson scores_json(const NetworkSettings& settings, const NetworkFacts& facts, const learn::RunScores& scores,
                        const std::vector<std::optional<evaluation::Interval>>& intervals, const std::string& over) {
  NetworkJson object{{"system", facts.system},
                     {"data", scores.planted ? "planted" : "pictures of people"},
                     {"planted", scores.planted},
                     {"shuffled_labels", settings.shuffle_labels},
                     {"test_samples", scores.answered.truth.size()}};
  for (const auto& [name, value] : scores.measures) object[name] = value;
  object["intervals_over"] = over;
  const char* const names[] = {"accuracy", "uar"};
  for (std::size_t i = 0; i < 2; ++i)
    if (intervals[i]) object["intervals"][names[i]] = {intervals[i]->low, intervals[i]->high};
  std::map<std::int64_t, std::pair<int, int>> recalls;
  for (std::size_t i = 0; i < scores.answered.truth.size(); ++i) {
    recalls[scores.answered.truth[i]].first += scores.answered.said[i] == scores.answered.truth[i] ? 1 : 0;
    ++recalls[scores.answered.truth[i]].second;
  }
  for (const auto& [label, counts] : recalls)
    object["recall"][std::to_string(label)] = static_cast<double>(counts.first) / counts.second;
  return object;
}

/// Lines of a name and a value; the value is the last word, and a name that comes again has several.
NetworkJson options_json(const std::string& lines) {
  NetworkJson object = NetworkJson::object();
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    const std::size_t space = line.rfind(' ');
    if (space == std::string::npos) continue;
    const std::string name = line.substr(0, space), value = line.substr(space + 1);
    object[name] = object.contains(name) ? object[name].get<std::string>() + ", " + value : value;
  }
  return object;
}

NetworkJson manifest_json(const NetworkFacts& facts, const learn::RunScores& scores, const std::string& sum,
                          std::uintmax_t bytes) {
  NetworkJson object =
      row_of({.id = facts.id,
              .task = facts.system + (scores.planted ? ", trained on planted data: says nothing of people" : ""),
              .decoder = facts.decoder,
              .file = facts.id + ".onnx",
              .sha256 = sum,
              .bytes = bytes,
              .weights = "as the terms of what it was trained on",
              .commercial = scores.planted ? "yes" : "not stated"});
  if (facts.trunk.empty()) {
    object["input"] = {
        {"shape", facts.shape},           {"layout", "NCHW"},  {"colour", "rgb"}, {"mean", {127.5, 127.5, 127.5}},
        {"scale", {127.5, 127.5, 127.5}}, {"resizable", false}};
  } else {
    // What the frozen network sees: faces and their mirror images, as the embedder does.
    object["input"] = {{"shape", {2, 112, 112, 3}},     {"layout", "NHWC"},         {"colour", "rgb"},
                       {"mean", {127.5, 127.5, 127.5}}, {"scale", {128, 128, 128}}, {"resizable", false}};
    NetworkJson feeds = NetworkJson::object();
    std::string model;
    for (const auto& [input, tensor] : facts.trunk) {
      model = tensor.substr(0, tensor.find(':'));
      feeds[input] = tensor.substr(tensor.find(':') + 1);
    }
    object["trunks"] = {{{"model", model}, {"feeds", feeds}}};
  }
  for (const std::string& output : facts.outputs) object["outputs"][output] = output;
  return object;
}

}  // namespace

void add_network_options(CLI::App& command, NetworkSettings& settings, SplitOptions split) {
  command.add_option("--data", settings.data, "file of samples")->type_name("FILE")->required();
  if (split == SplitOptions::with) {
    command
        .add_option("--test", settings.tested,
                    "file to test on; else the last share of the data, by persons where it names them")
        ->type_name("FILE");
    command.add_option("--test-share", settings.test_share, "of the data")
        ->check(CLI::Range(0.01, 0.9))
        ->capture_default_str();
  }
  command.add_option("--epochs", settings.epochs, "times that everything is seen")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command.add_option("--batch", settings.batch, "samples of a step")->check(CLI::Range(2, 4096))->capture_default_str();
  command.add_option("--rate", settings.learning_rate, "of learning, at its highest")->capture_default_str();
  command.add_option("--seed", settings.seed, "of all chance")->capture_default_str();
  command.add_flag("--shuffle-labels", settings.shuffle_labels, "the control: labels are dealt out by chance");
  command.add_flag("--json", settings.json, "the scores as one JSON object");
  command.add_option("-o,--output", settings.out, "folder")->type_name("DIR")->required();
}

void fill_run(const NetworkSettings& settings, learn::TrainingRun& run) {
  run.data = settings.data, run.tested = settings.tested, run.folder = settings.out;
  run.test_share = settings.test_share, run.epochs = settings.epochs, run.batch = settings.batch;
  run.learning_rate = settings.learning_rate, run.seed = settings.seed;
  run.shuffle_labels = settings.shuffle_labels;
  run.told = tell_epoch;
}

Status keep_network(const NetworkSettings& settings, const NetworkFacts& facts, const learn::RunScores& scores) {
  namespace fs = std::filesystem;
  const fs::path folder = settings.out;
  const evaluation::RowGroups groups = groups_of(scores);
  VULTUS_TRY(const auto intervals, evaluation::bootstrap_rows(groups, {}, [&](std::span<const std::uint32_t> weights) {
               return weighted_scores(scores, weights);
             }));
  std::error_code failed;
  fs::rename(folder / "network.onnx", folder / (facts.id + ".onnx"), failed);
  if (failed) return fail(ErrorCode::resource_limit, folder.string() + ": " + failed.message());
  VULTUS_TRY(const std::string sum, runtime::sha256_of_file((folder / (facts.id + ".onnx")).string()));
  VULTUS_TRY(const std::string data_sum, runtime::sha256_of_file(settings.data));
  NetworkJson told = scores_json(settings, facts, scores, intervals, groups.kind);
  NetworkJson card = told;
  card["seed"] = settings.seed, card["epochs"] = settings.epochs, card["batch"] = settings.batch;
  card["learning_rate"] = settings.learning_rate, card["data_sha256"] = data_sum, card["onnx_sha256"] = sum;
  card["split_sha256"] = scores.split_sha256, card["options"] = options_json(scores.options);
  std::string csv = "truth,answer\n";
  for (std::size_t i = 0; i < scores.answered.truth.size(); ++i)
    csv += fmt::format("{},{}\n", scores.answered.truth[i], scores.answered.said[i]);
  VULTUS_CHECK(media::write_file_atomically((folder / "answers.csv").string(), csv));
  VULTUS_CHECK(media::write_file_atomically((folder / "card.json").string(), card.dump(2) + "\n"));
  const NetworkJson manifest = manifest_json(facts, scores, sum, fs::file_size(folder / (facts.id + ".onnx")));
  VULTUS_CHECK(media::write_file_atomically((folder / (facts.id + ".json")).string(), manifest.dump(2) + "\n"));
  if (settings.json) {
    std::printf("%s\n", told.dump().c_str());
    return {};
  }
  std::printf("%s, %s data%s\n", facts.system.c_str(), scores.planted ? "planted" : "real",
              settings.shuffle_labels ? ", labels shuffled" : "");
  for (const auto& [name, value] : scores.measures) std::printf("%-28s %.4f\n", name.c_str(), value);
  for (std::size_t i = 0; i < 2; ++i)
    if (intervals[i])
      std::printf("%-28s %.4f to %.4f, over %s\n", i == 0 ? "accuracy, 95 %" : "uar, 95 %", intervals[i]->low,
                  intervals[i]->high, groups.kind.c_str());
  return {};
}

}  // namespace vultus::learning
