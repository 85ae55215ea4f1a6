#include <cstdio>
#include <numeric>

#include <fmt/format.h>

#include <vultus/learn/config_use.hpp>
#include <vultus/media/file.hpp>
#include <vultus/runtime/sha256.hpp>

#include <apps/learn/run_files.hpp>

namespace vultus::learning {
namespace {

constexpr const char* kChosenOnThisFold =
    "the epoch was chosen on the fold that is validated on: its figures are better than those of new samples";

}  // namespace

void add_train_options(CLI::App& command, TrainSettings& settings) {
  command.add_option("CONFIG", settings.config, "JSON")->type_name("")->required();
  command.add_option("--features", settings.features, "of vultus-learn features; else as the configuration says")
      ->type_name("FILE");
  command.add_option("--fold", settings.fold, "the fold that is left out; -1 = none");
  command.add_flag("--cross-validate", settings.cross_validate, "every fold in turn, and the means");
  command.add_option("-o,--output", settings.out, "folder")->type_name("DIR")->required();
}

std::string sum_of(const std::string& bytes) {
  return runtime::sha256({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

void tell_epoch(const learn::EpochRecord& record) {
  std::string text = fmt::format("epoch {}", record.epoch);
  for (const auto& [name, value] : record.numbers) text += fmt::format("  {} {:.4g}", name, value);
  std::fprintf(stderr, "%s\n", text.c_str());
}

Result<learn::TrainingConfig> read_config(const TrainSettings& settings) {
  VULTUS_TRY(const auto bytes, media::read_file(settings.config, std::size_t{1} << 20U));
  const std::string text(bytes.begin(), bytes.end());
  VULTUS_TRY(learn::TrainingConfig config, learn::parse_training_config(text, settings.config));
  VULTUS_CHECK(learn::check_use(config).with_context(settings.config));
  if (!settings.features.empty()) config.features = settings.features;
  if (settings.fold != -2) config.fold = settings.fold;
  if (config.fold < -1 || config.fold >= config.folds)
    return fail(ErrorCode::invalid_argument,
                fmt::format("fold {}: allowed are -1 (none) to {}", config.fold, config.folds - 1));
  config.sha256 = sum_of(text + fmt::format("\n{}", config.fold));
  return config;
}

std::string checkpoint_sum(const learn::TrainingConfig& config, const std::string& features_sum) {
  return sum_of(fmt::format("{} {} {}", config.sha256, features_sum, config.fold));
}

CardJson card_of(const learn::TrainingConfig& config, const RunFacts& facts) {
  CardJson card{{"name", config.name}};
  for (const auto& [name, text] : config.card) card[name] = text;
  if (config.noise.rate > 0) card["planted_label_noise"] = config.noise.rate;
  if (config.shuffle_labels) card["control"] = "labels were shuffled: nothing that this network says is worth anything";
  card["config_sha256"] = config.sha256;
  card["features_sha256"] = facts.features_sha256;
  for (const auto& [name, text] : facts.features) card["features"][name] = text;
  card["folds"] = config.folds, card["fold_left_out"] = config.fold, card["seed"] = config.seed;
  card["split_sha256"] = sum_of(facts.split);
  card["epochs"] = facts.epochs;
  card["validation"] = facts.validation;
  if (config.patience > 0 && config.fold >= 0) card["validation_note"] = kChosenOnThisFold;
  card["onnx_sha256"] = sum_of(facts.onnx), card["onnx_bytes"] = facts.onnx.size();
  return card;
}

CardJson row_of(const LocalRow& row) {
  return {{"schema", 1},
          {"id", row.id},
          {"task", row.task},
          {"decoder", row.decoder},
          {"source", {{"registry", "local"}}},
          {"files", CardJson::array({{{"path", row.file}, {"sha256", row.sha256}, {"bytes", row.bytes}}})},
          {"format", "onnx"},
          {"licence", {{"package", "not stated"}, {"weights", row.weights}, {"commercial", row.commercial}}}};
}

Result<MapSource> map_source(const learn::TensorNotes& notes, const std::string& map) {
  const auto note = notes.find("map " + map);
  const std::size_t colon = note == notes.end() ? std::string::npos : note->second.find(':');
  if (colon == std::string::npos)
    return fail(ErrorCode::invalid_argument, "the features do not say which network gives \"" + map + "\"");
  return MapSource{note->second.substr(0, colon), note->second.substr(colon + 1)};
}

Result<std::string> manifest_of(const learn::TrainingConfig& config, const RunFacts& facts, const std::string& decoder,
                                const std::vector<std::string>& outputs, const std::string& file) {
  std::map<std::string, CardJson> trunks;
  for (const learn::HeadInput& input : config.shape.inputs) {
    VULTUS_TRY(const MapSource source, map_source(facts.features, input.name));
    CardJson& trunk = trunks[source.model];
    trunk["model"] = source.model;
    trunk["feeds"][input.name] = source.tensor;
  }
  CardJson named = CardJson::object();
  for (const std::string& output : outputs) named[output] = output;
  const auto terms = config.card.find("terms");
  CardJson row = row_of({.id = config.name,
                         .task = "displayed expression",
                         .decoder = decoder,
                         .file = file,
                         .sha256 = sum_of(facts.onnx),
                         .bytes = facts.onnx.size(),
                         .weights = terms == config.card.end() ? "not stated" : terms->second,
                         .commercial = "not stated"});
  row["input"] = {{"shape", {2, 112, 112, 3}},     {"layout", "NHWC"},         {"colour", "rgb"},
                  {"mean", {127.5, 127.5, 127.5}}, {"scale", {128, 128, 128}}, {"resizable", false}};
  for (const auto& [model, trunk] : trunks) row["trunks"].push_back(trunk);
  row["outputs"] = named;
  return row.dump(2) + "\n";
}

Status keep_cross_validation(const std::map<std::string, std::vector<double>>& figures,
                             const learn::TrainingConfig& config, const std::string& folder) {
  CardJson summary{{"folds", config.folds}};
  if (config.patience > 0) summary["note"] = kChosenOnThisFold;
  for (const auto& [name, values] : figures)
    summary[name] = {{"mean", std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size())},
                     {"folds", values}};
  std::printf("%s\n", summary.dump().c_str());
  return media::write_file_atomically(folder + "/cross_validation.json", summary.dump(2) + "\n");
}

}  // namespace vultus::learning
