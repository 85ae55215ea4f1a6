// vultus-learn scene|dynamic|foundation: published systems that are trained whole.
#include <array>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include <vultus/expression/face_caption.hpp>
#include <vultus/expression/label_space.hpp>
#include <vultus/expression/system.hpp>
#include <vultus/learn/training/systems/train_dynamic.hpp>
#include <vultus/learn/training/systems/train_foundation.hpp>
#include <vultus/learn/training/systems/train_scene.hpp>

#include <apps/cli/stop_signal.hpp>
#include <apps/learn/commands.hpp>
#include <apps/learn/network_systems.hpp>
#include <apps/learn/planted_sets.hpp>

namespace vultus::learning {
namespace {

constexpr const char* kLeftByNetworks =
    "Leaves in the folder: ID.onnx and ID.json for the folder of own models, card.json (data, hashes, measures, 95 %\n"
    "intervals), answers.csv of the test samples, log.jsonl, index.html and checkpoint.pt, from which the same "
    "command\n"
    "goes on.\n\n";

struct SceneSettings {
  NetworkSettings common{.epochs = 30};
  std::vector<std::string> without;
};
struct DynamicSettings {
  NetworkSettings common{.epochs = 30};
  double kept = 0.7;
  bool no_movement = false, no_meaning = false, no_reconstruction = false;
};
struct FoundationSettings {
  NetworkSettings common{.epochs = 30, .batch = 64};
  int fold = 0, adapt_epochs = 20;
  bool no_local = false, no_global = false;
};
struct AdaptSettings {
  NetworkSettings common{.epochs = 12, .batch = 128, .learning_rate = 1e-3};
  std::string column = "label";
  int rank = 64;
};

// Of the maps that `vultus-learn features` keeps of the default embedder, as in models/training/expression_rafdb.json.
const std::vector<learn::DfnMap> kEmbedderMaps{{"mid", 128, 14, 9.2}, {"map", 128, 7, 6.1}};

#ifdef VULTUS_LEARN_TORCH
Status train_scene_net(const SceneSettings& settings) {
  const cli::StopSignal signals;
  learn::SceneRun run;
  fill_run(settings.common, run);
  run.stop = signals.token(), run.without = settings.without;
  run.usable = [](const learn::LearntLabels& labels) -> Status {
    VULTUS_TRY(const expression::System* const system,
               expression::system_of_decoder(labels.planted ? "scene8" : "expression_scene"));
    return learn::check_labels(labels, system->labels);
  };
  VULTUS_TRY(const auto scores, learn::train_scene(run));
  return keep_network(settings.common,
                      {.id = scores.planted ? "scene_planted" : "expression_scene",
                       .system = "A4Net (system 18)",
                       .decoder = scores.planted ? "scene8" : "expression_scene",
                       .shape = scores.input,
                       .outputs = scores.outputs,
                       .trunk = {}},
                      scores);
}

Status train_dynamic_net(const DynamicSettings& settings) {
  const cli::StopSignal signals;
  learn::DynamicRun run;
  fill_run(settings.common, run);
  run.stop = signals.token(), run.kept = settings.kept;
  run.usable = [](const learn::LearntLabels& labels) {
    return learn::check_labels(labels, expression::kExpressionNames);
  };
  run.by_movement = !settings.no_movement, run.by_meaning = !settings.no_meaning;
  run.reconstruct = !settings.no_reconstruction;
  VULTUS_TRY(const auto scores, learn::train_dynamic(run));
  return keep_network(settings.common,
                      {.id = scores.planted ? "dynamic_planted" : "expression_dynamic",
                       .system = "AdaTosk (system 11)",
                       .decoder = "expression_dynamic",
                       .shape = scores.input,
                       .outputs = scores.outputs,
                       .trunk = {}},
                      scores);
}

Status train_foundation_net(const FoundationSettings& settings) {
  const cli::StopSignal signals;
  learn::FoundationRun run;
  fill_run(settings.common, run);
  run.stop = signals.token(), run.fold = settings.fold, run.adapt_epochs = settings.adapt_epochs;
  run.local = !settings.no_local, run.global = !settings.no_global;
  run.units.assign(expression::kFoundationUnits.begin(), expression::kFoundationUnits.end());
  for (const int unit : run.units)
    for (int level = 0; level <= 5; ++level) {
      VULTUS_TRY(run.unit_captions.emplace_back(), expression::unit_caption({unit, level}));
    }
  run.face_caption = [&run](std::size_t label, std::span<const int> levels) -> Result<std::string> {
    expression::FaceCaption caption{.units = {}, .expression = label};
    for (std::size_t u = 0; u < levels.size(); ++u) caption.units.push_back({run.units[u], levels[u]});
    return expression::expression_caption(caption);
  };
  VULTUS_TRY(const auto scores, learn::train_foundation(run));
  return keep_network(settings.common,
                      {.id = scores.planted ? "foundation_planted" : "expression_foundation",
                       .system = "MF2 with DFN (system 8)",
                       .decoder = "expression_mf2",
                       .shape = scores.input,
                       .outputs = scores.outputs,
                       .trunk = {}},
                      scores);
}

Status adapt_foundation(const AdaptSettings& settings) {
  const cli::StopSignal signals;
  learn::DfnRun run;
  fill_run(settings.common, run);
  run.stop = signals.token(), run.maps = kEmbedderMaps, run.column = settings.column, run.rank = settings.rank;
  VULTUS_TRY(const auto scores, learn::train_dfn(run));
  return keep_network(settings.common,
                      {.id = "expression_dfn",
                       .system = "DFN of MF2 (system 8) on mobilefacenet192",
                       .decoder = "expression_dfn",
                       .shape = scores.input,
                       .outputs = scores.outputs,
                       .trunk = {{"map", "mobilefacenet192:residual 7x7"}, {"mid", "mobilefacenet192:residual 14x14"}}},
                      scores);
}
#else
Status train_scene_net(const SceneSettings&) { return without_torch(); }
Status train_dynamic_net(const DynamicSettings&) { return without_torch(); }
Status train_foundation_net(const FoundationSettings&) { return without_torch(); }
Status adapt_foundation(const AdaptSettings&) { return without_torch(); }
#endif

void add_scene(CLI::App& app, LearnCommands& commands) {
  CLI::App* group = app.add_subcommand("scene", "what whole pictures evoke, with four attributes (system 18, A4Net)");
  group->require_subcommand(1);
  CLI::App* command = group->add_subcommand("train", "on a file of pictures");
  auto settings = std::make_shared<SceneSettings>();
  add_network_options(*command, settings->common);
  command->add_option("--without", settings->without, "branches that are left out")
      ->check(CLI::IsMember({"brightness", "colourfulness", "places", "moods"}));
  command->footer(std::string(kLeftByNetworks) +
                  "Example:\n  vultus-learn scene train --data scenes.safetensors -o run/");
  commands.push_back({command, [settings] { return train_scene_net(*settings); }});
}

void add_dynamic(CLI::App& app, LearnCommands& commands) {
  CLI::App* group = app.add_subcommand("dynamic", "expressions over time, with a soft mask (system 11, AdaTosk)");
  group->require_subcommand(1);
  CLI::App* command = group->add_subcommand("train", "on a file of clips");
  auto settings = std::make_shared<DynamicSettings>();
  add_network_options(*command, settings->common);
  command->add_option("--kept", settings->kept, "share of tokens that reach the encoder in use")
      ->check(CLI::Range(0.05, 1.0))
      ->capture_default_str();
  command->add_flag("--no-movement", settings->no_movement, "ablation: the mask does not ask where something moves");
  command->add_flag("--no-meaning", settings->no_meaning, "ablation: the mask does not ask what matters");
  command->add_flag("--no-reconstruction", settings->no_reconstruction, "ablation: hidden tokens are not drawn");
  command->footer(std::string(kLeftByNetworks) +
                  "Example:\n  vultus-learn dynamic train --data bursts.safetensors -o run/");
  commands.push_back({command, [settings] { return train_dynamic_net(*settings); }});
}

void add_foundation(CLI::App& app, LearnCommands& commands) {
  CLI::App* group = app.add_subcommand("foundation", "a face trunk learnt from captions (system 8, MF2 and DFN)");
  group->require_subcommand(1);
  CLI::App* command = group->add_subcommand("train", "trunk and adapter, on a file of faces with action units");
  auto settings = std::make_shared<FoundationSettings>();
  add_network_options(*command, settings->common, SplitOptions::without);
  command->add_option("--fold", settings->fold, "of three: persons whose number leaves this remainder are tested on")
      ->check(CLI::Range(0, 2))
      ->capture_default_str();
  command->add_option("--adapt-epochs", settings->adapt_epochs, "of the adapter")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_flag("--no-local", settings->no_local, "ablation: without captions of action units");
  command->add_flag("--no-global", settings->no_global, "ablation: without captions of the whole face");
  command->footer(std::string(kLeftByNetworks) +
                  "Example:\n  vultus-learn foundation train --data faces.safetensors -o run/");
  commands.push_back({command, [settings] { return train_foundation_net(*settings); }});

  CLI::App* adapt = group->add_subcommand("adapt", "the adapter alone, on maps of the default embedder");
  auto adapting = std::make_shared<AdaptSettings>();
  add_network_options(*adapt, adapting->common);
  adapt->add_option("--column", adapting->column, "of the labels, codes from 1")->capture_default_str();
  adapt->add_option("--rank", adapting->rank, "of its bottlenecks")->check(CLI::Range(1, 512))->capture_default_str();
  adapt->footer(std::string(kLeftByNetworks) +
                "Example:\n  vultus-learn foundation adapt --data train.safetensors --test test.safetensors -o run/");
  commands.push_back({adapt, [adapting] { return adapt_foundation(*adapting); }});
}

}  // namespace

void add_networks(CLI::App& app, LearnCommands& commands) {
  add_scene(app, commands);
  add_dynamic(app, commands);
  add_foundation(app, commands);
}

}  // namespace vultus::learning
