// vultus-learn pairwise|poi|compound train: published expression systems on maps of labelled faces.
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <vultus/expression/compound.hpp>
#include <vultus/expression/emotion_prior.hpp>
#include <vultus/expression/pairwise.hpp>
#include <vultus/expression/system.hpp>
#include <vultus/media/file.hpp>
#include <vultus/runtime/sha256.hpp>

#include <apps/cli/stop_signal.hpp>
#include <apps/learn/commands.hpp>
#include <apps/learn/run_files.hpp>
#ifdef VULTUS_LEARN_TORCH
#include <apps/learn/expression_makers.hpp>
#endif

namespace vultus::learning {
namespace {

constexpr const char* kLeft =
    "Leaves in the folder: ID.onnx and ID.json for the folder of own models, card.json (data, protocol, hashes, "
    "metrics),\nvalidation.csv (every answer of the fold left out), log.jsonl, index.html and checkpoint.pt, from "
    "which "
    "the same command goes on.";

struct LearnedSystem {
  const char* id;
  const char* title;
  std::vector<std::string> outputs;
};

const std::vector<LearnedSystem>& learned_systems() {
  static const std::vector<LearnedSystem> kAll{
      {"pairwise", "one classifier for each two of seven expressions (system 27)", {"pairs"}},
      {"poi",
       "seven expressions beside what action units say of regions (system 28)",
       {"probabilities", "prior", "regions"}},
      {"compound", "six parts of compound expressions, by curriculum (system 30)", {"parts"}}};
  return kAll;
}

#ifdef VULTUS_LEARN_TORCH
std::string validation_csv(const learn::TrainingConfig& config, const learn::SystemResult& result) {
  const std::vector<std::string>& names = config.targets.front().classes;
  std::string text = "sample,truth,answer\n";
  for (const learn::Judged& one : result.judged)
    text += fmt::format("{},{},{}\n", one.sample, names[static_cast<std::size_t>(one.truth)],
                        one.answer < 0 ? "" : names[static_cast<std::size_t>(one.answer)]);
  return text;
}

Status keep_system(const learn::TrainingConfig& config, learn::SystemResult result, const LearnedSystem& system,
                   const std::string& features_sum, const std::string& folder) {
  VULTUS_TRY(const expression::System* const row, expression::find_system(system.id));
  add_doubts(result);
  const RunFacts facts{.features_sha256 = features_sum,
                       .split = result.split,
                       .onnx = result.onnx,
                       .features = result.features,
                       .epochs = result.epochs.size(),
                       .validation = result.validation};
  // The comparison by one softmax is answered as the plain head.
  const bool plain = is_multinomial(config);
  VULTUS_TRY(const std::string manifest,
             manifest_of(config, facts, plain ? "expression7_aligned" : std::string(row->decoder),
                         plain ? std::vector<std::string>{"probabilities"} : system.outputs, config.name + ".onnx"));
  VULTUS_CHECK(media::write_file_atomically(folder + "/" + config.name + ".onnx", result.onnx));
  VULTUS_CHECK(media::write_file_atomically(folder + "/" + config.name + ".json", manifest));
  VULTUS_CHECK(media::write_file_atomically(folder + "/validation.csv", validation_csv(config, result)));
  return media::write_file_atomically(folder + "/card.json", card_of(config, facts).dump(2) + "\n");
}

Status train_one(const TrainSettings& settings, const LearnedSystem& system) {
  const cli::StopSignal signals;
  VULTUS_TRY(learn::TrainingConfig config, read_config(settings));
  if (config.system != system.id)
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} is of system \"{}\", not {}", settings.config, config.system, system.id));
  VULTUS_TRY(const learn::LearningSystem learning, learning_system(config));
  VULTUS_TRY(const std::string features_sum, runtime::sha256_of_file(config.features));
  const auto fit = [&](const std::string& folder) {
    learn::TrainingConfig fitted = config;
    fitted.sha256 = checkpoint_sum(config, features_sum);
    return learn::train_system(fitted, learning, folder, tell_epoch, signals.token());
  };
  if (!settings.cross_validate) {
    VULTUS_TRY(auto result, fit(settings.out));
    return keep_system(config, std::move(result), system, features_sum, settings.out);
  }
  std::map<std::string, std::vector<double>> figures;
  for (config.fold = 0; config.fold < config.folds; ++config.fold) {
    const std::string folder = fmt::format("{}/fold{}", settings.out, config.fold);
    VULTUS_TRY(auto result, fit(folder));
    for (const auto& [name, value] : result.validation) figures[name].push_back(value);
    VULTUS_CHECK(keep_system(config, std::move(result), system, features_sum, folder));
  }
  return keep_cross_validation(figures, config, settings.out);
}
#else
Status train_one(const TrainSettings&, const LearnedSystem&) { return without_torch(); }
#endif

}  // namespace

void add_expression_systems(CLI::App& app, LearnCommands& commands) {
  for (const LearnedSystem& system : learned_systems()) {
    CLI::App* group = app.add_subcommand(system.id, system.title);
    group->require_subcommand(1);
    CLI::App* command = group->add_subcommand("train", std::string("fit ") + system.title);
    auto settings = std::make_shared<TrainSettings>();
    add_train_options(*command, *settings);
    command->footer(
        fmt::format("{}\n\nExamples:\n  vultus-learn {} train models/training/expression_{}.json --features "
                    "train.safetensors -o run/",
                    kLeft, system.id, system.id));
    commands.push_back({command, [settings, &system] { return train_one(*settings, system); }});
  }
}

}  // namespace vultus::learning
