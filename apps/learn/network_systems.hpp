// What the commands that train whole networks share: options, intervals, and what is left in the folder.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <CLI/App.hpp>

#include <vultus/core/result.hpp>
#include <vultus/learn/training/systems/training_run.hpp>

namespace vultus::learning {

/// How the rest of the program sees what was trained.
struct NetworkFacts {
  std::string id;                   ///< of the manifest: small letters, digits and _
  std::string system;               ///< for people, e.g. "A4Net (system 18)"
  std::string decoder;              ///< that reads the outputs
  std::vector<std::int64_t> shape;  ///< of the input, NCHW; empty = it reads the maps of another network
  std::vector<std::string> outputs;
  std::vector<std::pair<std::string, std::string>> trunk;  ///< input of the graph -> "MODEL:TENSOR"
};

struct NetworkSettings {
  std::string data, tested, out;
  int epochs = 0;
  int batch = 32;
  double learning_rate = 2e-3;
  double test_share = 0.25;
  std::uint64_t seed = 1;
  bool shuffle_labels = false;
  bool json = false;
};
/// @param split  what is tested on, --test and --test-share: of systems that are not tested on a fold of persons
enum class SplitOptions : std::uint8_t { with, without };
void add_network_options(CLI::App& command, NetworkSettings& settings, SplitOptions split = SplitOptions::with);
/// @param settings  and what every run needs of them
void fill_run(const NetworkSettings& settings, learn::TrainingRun& run);

/// Writes card.json (with 95 % intervals over persons, over samples where the file names none), answers.csv and
/// ID.json, and prints the scores.
Status keep_network(const NetworkSettings& settings, const NetworkFacts& facts, const learn::RunScores& scores);

}  // namespace vultus::learning
