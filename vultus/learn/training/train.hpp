// Training a head: epochs, validation, checkpoints, log, result. Installed programs use it through vultus-learn.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/learn/head.hpp>
#include <vultus/learn/training_config.hpp>
#include <vultus/learn/training_log.hpp>

namespace vultus::learn {

/// What a run left behind.
struct TrainingResult {
  HeadWeights head;
  std::vector<EpochRecord> epochs;
  std::map<std::string, double> validation;  ///< of the weights that stay, by "output.measure"; empty without a fold
  /// What was answered for each sample of the fold, the crop and its mirror image averaged, in their order.
  std::vector<std::int64_t> validated;
  std::string split;     ///< fold of each sample, a line each
  TensorNotes features;  ///< notes of the features' file
};

/// Trains in a folder: checkpoint.pt, log.jsonl, index.html. A run that was stopped or killed goes on with the epoch
/// behind its last checkpoint and ends with the same weights as one that was not.
/// @param folder   made if it is not there
/// @param told     gets each epoch
/// @error invalid_argument  labels or shapes that do not fit; model_mismatch  the folder holds a checkpoint of another
///        configuration; internal  a loss that is not finite: the last checkpoint stays; cancelled  stop was requested
/// @thread one at a time: the library's random numbers are seeded
Result<TrainingResult> train_head(const TrainingConfig& config, const std::filesystem::path& folder,
                                  const std::function<void(const EpochRecord&)>& told,
                                  const std::stop_token& stop = {});

}  // namespace vultus::learn
