// What the runs of trainable systems have in common, and what they leave. Shows no libtorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/learn/class_scores.hpp>
#include <vultus/learn/learnt_labels.hpp>
#include <vultus/learn/training_log.hpp>

namespace vultus::learn {

/// What the runs of the systems have in common.
struct TrainingRun {
  std::filesystem::path data;  ///< file of samples
  std::filesystem::path
      tested;                ///< another to test on; empty = the last share of `data`, by persons where it names them
  double test_share = 0.25;  ///< (0, 1)
  std::filesystem::path folder;  ///< of checkpoints, log and the network
  int epochs = 20;
  int batch = 32;
  double learning_rate = 2e-3;
  std::uint64_t seed = 1;
  bool shuffle_labels = false;  ///< the control: what it learns then must be worth nothing
  std::function<void(const EpochRecord&)> told;
  /// Whether what would be left could be used, asked of systems of emotions before anything is learnt; may be empty.
  std::function<Status(const LearntLabels&)> usable;
  std::stop_token stop;
};

/// What a run says of its test samples, each looked at once, behind the last epoch.
struct RunScores {
  bool planted = false;                    ///< what was trained on, as its file says
  Answered answered;                       ///< of each test sample
  std::vector<std::int64_t> persons;       ///< of each test sample, as the file numbers them; empty = it does not
  std::map<std::string, double> measures;  ///< "accuracy", "uar" and more, by name
  std::vector<std::int64_t> input;         ///< shape of the input of network.onnx, which lies in the folder
  std::vector<std::string> outputs;        ///< of network.onnx
  std::string split_sha256;                ///< of which sample was trained on and which was tested on
  std::string options;                     ///< all that decided the run: a line each, a name and its value
};

}  // namespace vultus::learn
