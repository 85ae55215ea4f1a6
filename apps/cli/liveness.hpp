// vultus liveness: is the face that of a person in front of the camera?
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <vultus/engine/liveness_check.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {

/// --camera, --cameras and --live-threshold.
void add_liveness_choice(CLI::App& command, engine::LivenessChoice& choice);

/// --network, with what it is already as the usual one.
void add_liveness_network(CLI::App& command, std::string& network);

/// --commercial-only: whether every network of a name may be used. @error unsupported  one that may not
[[nodiscard]] Status may_judge(const EngineSettings& settings, const engine::Engine& engine, std::string_view network);

/// "live", "decision", "reason" and "live_threshold" of a reading; "live" is null where there is no score.
void add_liveness(Json& object, const liveness::Reading& reading);

void add_liveness_commands(CLI::App& app, Commands& commands);
/// @param network  what judges unless --network says otherwise
void add_liveness_score(CLI::App& group, Commands& commands, std::string_view network = liveness::kUsualNetwork);
void add_liveness_calibrate(CLI::App& group, Commands& commands);
void add_liveness_challenge(CLI::App& group, Commands& commands);
void add_bench_pad(CLI::App& bench, Commands& commands);
void add_studio_attacks(CLI::App& studio, Commands& commands);

}  // namespace vultus::cli
