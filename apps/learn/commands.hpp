// The commands of vultus-learn. Each gives the exit code of the program.
#pragma once

#include <functional>
#include <vector>

#include <CLI/App.hpp>

#include <vultus/core/result.hpp>

namespace vultus::learning {

struct LearnCommand {
  CLI::App* parser = nullptr;
  std::function<Status()> action;
};
using LearnCommands = std::vector<LearnCommand>;

void add_features(CLI::App& app, LearnCommands& commands);
void add_attack(CLI::App& app, LearnCommands& commands);
void add_faces(CLI::App& app, LearnCommands& commands);
void add_fa3(CLI::App& app, LearnCommands& commands);
void add_slip(CLI::App& app, LearnCommands& commands);
void add_planted(CLI::App& app, LearnCommands& commands);
void add_train(CLI::App& app, LearnCommands& commands);
void add_networks(CLI::App& app, LearnCommands& commands);
void add_tokenizer(CLI::App& app, LearnCommands& commands);
void add_expression_systems(CLI::App& app, LearnCommands& commands);

/// What training answers where libtorch is not there.
[[nodiscard]] Status without_torch();

}  // namespace vultus::learning
