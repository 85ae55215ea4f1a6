// The training loop of every system: epochs, validation, early stopping, checkpoints that survive a kill, log and page.
// Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

#include <vultus/core/result.hpp>
#include <vultus/learn/training_log.hpp>

namespace vultus::learn {

using Measures = std::map<std::string, double>;       ///< of a validation, by name: "accuracy", "uar", "error" ...
using Losses = std::map<std::string, torch::Tensor>;  ///< one number each, by name; their sum is made smaller

struct LoopOptions {
  std::string name;      ///< title of the page
  std::string identity;  ///< text, such as a sum, of everything that decides the run: a checkpoint belongs to one
  int epochs = 10;       ///< [1, 100000]
  int batch = 32;        ///< samples of a step, at least 1; what does not fill one at the end of an epoch waits
  double learning_rate = 1e-3;  ///< of AdamW at its highest
  double weight_decay = 1e-2;   ///< of parameters with two axes or more, or of all: decay_all
  bool decay_all = false;       ///< also of biases, norms and scales
  double warm_up = 0.1;         ///< share of the steps in which the rate rises evenly, [0, 0.9]
  double clip = 0;              ///< largest norm of the gradient; 0 = any
  std::uint64_t seed = 1;       ///< of every draw
  int patience = 0;  ///< epochs without a better validation before it stops; 0 = never, the last weights stay
  int threads = 1;   ///< of libtorch; the same sums only with the same number
};

/// Parameters that learn at a rate of their own: a trunk, say. @param factor  of the rate
struct LoopGroup {
  std::vector<torch::Tensor> parameters;
  double factor = 1;
};

using BatchLosses = std::function<Losses(std::span<const std::int64_t> batch, std::mt19937_64& engine)>;

/// A further step on each batch, behind the first: losses of its own that move parameters of its own, as those of a
/// critic. These parameters take no part in the first step.
struct LoopTurn {
  std::vector<torch::Tensor> parameters;
  BatchLosses loss;   ///< by other names than those of the first step
  double factor = 1;  ///< of the rate
};

/// What is trained, on what.
struct LoopTask {
  std::shared_ptr<torch::nn::Module> net;
  std::vector<std::int64_t> samples;  ///< numbers of the training samples, each once an epoch, in an order by chance
  /// What an epoch sees instead, in its order: samplers.hpp; empty = as `samples` says. The number does not change.
  std::function<std::vector<std::int64_t>(std::mt19937_64& engine)> order;
  /// The losses of a batch, the network in training mode. Chance comes from the engine or from libtorch alone.
  BatchLosses loss;
  std::vector<LoopTurn> turns;
  /// Measures on samples that are not trained on; the network is in evaluation mode, without gradients. Empty = none.
  std::function<Measures()> validate;
  /// What early stopping goes by, higher is better; empty = sum of what ends in "accuracy" or "uar", less what ends in
  /// "loss" or "error".
  std::function<double(const Measures&)> merit;
  std::vector<LoopGroup> groups;  ///< others that need gradients learn at the plain rate
  /// After each step: an average of weights, a queue ... What it keeps must lie in buffers of `net` to survive a stop.
  std::function<void()> after_step;
  /// Before each epoch: ramps, thawing of layers. Progress is the share of epochs that have passed.
  std::function<void(int epoch, double progress)> before_epoch;
};

struct LoopResult {
  std::vector<EpochRecord> epochs;
  int best_epoch = 0;   ///< whose weights the network holds now; the last where patience is 0
  Measures validation;  ///< of these weights
};

using EpochTold = std::function<void(const EpochRecord&)>;

/// Trains task.net in a folder: checkpoint.pt, best.pt with patience, log.jsonl, index.html. A run that was stopped or
/// killed goes on with the epoch behind its last checkpoint and ends with the same weights as one that was not: all
/// draws of an epoch follow from the seed and its number.
/// @param folder  made if it is not there. @param told  gets each epoch, before it is kept; may be empty
/// @error invalid_argument  options outside their ranges, no samples, or nothing that learns
/// @error not_found         best.pt, which holds the best weights of the epochs that were run already, is gone
/// @error model_mismatch    the folder holds a checkpoint of another identity or architecture
/// @error internal          a loss or a weight that is not finite: the last checkpoint, which was, stays
/// @error resource_limit    the disk is full or the folder cannot be written: the last checkpoint stays
/// @error cancelled         stop was requested, between epochs
/// @thread one at a time: the library's random numbers are seeded
Result<LoopResult> run_loop(const LoopTask& task, const LoopOptions& options, const std::filesystem::path& folder,
                            const EpochTold& told = {}, const std::stop_token& stop = {});

/// Rises evenly to 1, then falls with a half cosine to a thousandth. @param progress, warm_up  shares, [0, 1)
[[nodiscard]] double rate_at(double progress, double warm_up);

}  // namespace vultus::learn
