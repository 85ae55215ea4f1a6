#include <apps/cli/liveness.hpp>

#include <algorithm>
#include <string_view>

namespace vultus::cli {

void add_liveness_choice(CLI::App& command, engine::LivenessChoice& choice) {
  command.add_option("--cameras", choice.cameras, "file of thresholds by camera, made by vultus liveness calibrate")
      ->type_name("FILE");
  command.add_option("--camera", choice.camera, "name of the camera in that file")->type_name("NAME");
  command
      .add_option("--live-threshold", choice.threshold,
                  "score from which a face counts as live, above 0 and below 1; 0.5 unless told")
      ->type_name("P");
}

void add_liveness_network(CLI::App& command, std::string& network) {
  std::string names;
  for (const liveness::JudgeRow& row : liveness::kJudges)
    names += std::string(row.name) + " (" + std::string(row.help) + "), ";
  command.add_option("--network", network, "what judges: " + names + "or a model of decoder fa3 or slip")
      ->type_name("NAME")
      ->capture_default_str();
}

Status may_judge(const EngineSettings& settings, const engine::Engine& engine, std::string_view network) {
  for (const ModelId& id : liveness::models_of(network)) VULTUS_CHECK(may_use(settings, engine, id));
  return {};
}

void add_liveness(Json& object, const liveness::Reading& reading) {
  object["live"] = reading.live ? probability_json(*reading.live) : Json(nullptr);
  object["decision"] = std::string(liveness::name_of(reading.decision()));
  object["reason"] = std::string(liveness::name_of(reading.reason));
  object["live_threshold"] = score_json(reading.threshold);
}

void add_liveness_commands(CLI::App& app, Commands& commands) {
  CLI::App* group = app.add_subcommand("liveness", "is a face that of a person, or of a print or a screen");
  group->require_subcommand(1);
  add_liveness_score(*group, commands);
  for (const std::string_view name : {"fa3", "slip"}) {
    const auto row = std::ranges::find(liveness::kJudges, name, &liveness::JudgeRow::name);
    CLI::App* system = group->add_subcommand(std::string(name), std::string(row->help));
    system->require_subcommand(1);
    add_liveness_score(*system, commands, name);
  }
  add_liveness_calibrate(*group, commands);
  add_liveness_challenge(*group, commands);
}

}  // namespace vultus::cli
