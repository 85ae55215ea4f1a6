// vultus-learn train: fits a head as a configuration says.
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <vultus/learn/head.hpp>
#include <vultus/media/file.hpp>
#include <vultus/runtime/sha256.hpp>
#ifdef VULTUS_LEARN_TORCH
#include <vultus/learn/training/train.hpp>
#endif

#include <apps/cli/stop_signal.hpp>
#include <apps/learn/commands.hpp>
#include <apps/learn/run_files.hpp>

namespace vultus::learning {
namespace {

constexpr const char* kTrainExamples =
    "Leaves in the folder: head.onnx for the catalogue, head.safetensors, card.json (data, protocol, hashes, metrics), "
    "log.jsonl,\nindex.html (curves, renewed while it runs) and checkpoint.pt, from which the same command goes on.\n\n"
    "Examples:\n"
    "  vultus-learn train models/training/expression_rafdb.json --features train.safetensors -o run/\n"
    "  vultus-learn train models/training/expression_rafdb.json --features train.safetensors -o folds/ "
    "--cross-validate";

#ifdef VULTUS_LEARN_TORCH
Status keep_head(const learn::TrainingConfig& config, const learn::TrainingResult& result,
                 const std::string& features_sum, const std::string& folder) {
  VULTUS_TRY(const std::string onnx, learn::onnx_of(result.head, config.keep));
  const CardJson card = card_of(config, {.features_sha256 = features_sum,
                                         .split = result.split,
                                         .onnx = onnx,
                                         .features = result.features,
                                         .epochs = result.epochs.size(),
                                         .validation = result.validation});
  learn::TensorNotes notes = config.card;
  notes["name"] = config.name, notes["config_sha256"] = config.sha256;
  VULTUS_CHECK(learn::write_head(folder + "/head.safetensors", result.head, notes));
  VULTUS_CHECK(media::write_file_atomically(folder + "/head.onnx", onnx));
  return media::write_file_atomically(folder + "/card.json", card.dump(2) + "\n");
}

Status train(const TrainSettings& settings) {
  const cli::StopSignal signals;
  VULTUS_TRY(learn::TrainingConfig config, read_config(settings));
  if (!config.system.empty())
    return fail(ErrorCode::invalid_argument, settings.config + " is of system " + config.system + ": vultus-learn " +
                                                 config.system + " train fits it");
  VULTUS_TRY(const std::string features_sum, runtime::sha256_of_file(config.features));
  const auto fit = [&](const std::string& folder) {
    learn::TrainingConfig fitted = config;
    fitted.sha256 = checkpoint_sum(config, features_sum);
    return learn::train_head(fitted, folder, tell_epoch, signals.token());
  };
  if (!settings.cross_validate) {
    VULTUS_TRY(const auto result, fit(settings.out));
    return keep_head(config, result, features_sum, settings.out);
  }
  std::map<std::string, std::vector<double>> figures;
  for (config.fold = 0; config.fold < config.folds; ++config.fold) {
    const std::string folder = fmt::format("{}/fold{}", settings.out, config.fold);
    VULTUS_TRY(const auto result, fit(folder));
    VULTUS_CHECK(keep_head(config, result, features_sum, folder));
    for (const auto& [name, value] : result.validation) figures[name].push_back(value);
  }
  return keep_cross_validation(figures, config, settings.out);
}
#else
Status train(const TrainSettings&) { return without_torch(); }
#endif

}  // namespace

Status without_torch() {
  return fail(ErrorCode::unsupported,
              "this vultus-learn was built without libtorch: run tools/setup packages --learn and build again");
}

void add_train(CLI::App& app, LearnCommands& commands) {
  CLI::App* command = app.add_subcommand("train", "fit a head as a configuration says");
  auto settings = std::make_shared<TrainSettings>();
  add_train_options(*command, *settings);
  command->footer(kTrainExamples);
  commands.push_back({command, [settings] { return train(*settings); }});
}

}  // namespace vultus::learning
