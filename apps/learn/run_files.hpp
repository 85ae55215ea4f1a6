// What training commands share: the configuration with what the command line changes, progress, the model card.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

#include <vultus/core/result.hpp>
#include <vultus/learn/tensor_file.hpp>
#include <vultus/learn/training_config.hpp>
#include <vultus/learn/training_log.hpp>

namespace vultus::learning {

using CardJson = nlohmann::ordered_json;

struct TrainSettings {
  std::string config, out, features;
  int fold = -2;  ///< -2 = as the configuration says
  bool cross_validate = false;
};

void add_train_options(CLI::App& command, TrainSettings& settings);

/// @error as parse_training_config(); invalid_argument  a fold that is none, or as check_use()
[[nodiscard]] Result<learn::TrainingConfig> read_config(const TrainSettings& settings);

/// SHA-256 of bytes, as hexadecimal digits.
[[nodiscard]] std::string sum_of(const std::string& bytes);

/// What a checkpoint belongs to: the configuration, the fold that is left out, and the bytes of the features.
[[nodiscard]] std::string checkpoint_sum(const learn::TrainingConfig& config, const std::string& features_sum);

/// A line of an epoch on standard error.
void tell_epoch(const learn::EpochRecord& record);

/// What a run is told by in its card.
struct RunFacts {
  std::string features_sha256, split, onnx;
  learn::TensorNotes features;  ///< notes of the features
  std::size_t epochs = 0;
  std::map<std::string, double> validation;
};
[[nodiscard]] CardJson card_of(const learn::TrainingConfig& config, const RunFacts& facts);

/// Which network a map of the features comes from, and which of its tensors it is.
struct MapSource {
  std::string model, tensor;
};
/// @error invalid_argument  the features do not say
[[nodiscard]] Result<MapSource> map_source(const learn::TensorNotes& notes, const std::string& map);

/// What every row of a network that was trained here begins with.
struct LocalRow {
  std::string id, task, decoder;
  std::string file, sha256;  ///< beside the row
  std::uintmax_t bytes = 0;
  std::string weights, commercial;  ///< of the licence
};
[[nodiscard]] CardJson row_of(const LocalRow& row);

/// The catalogue row of a network that reads maps: beside FILE it can be put into the folder of own models.
/// @param facts  its features' notes name the trunks: "map NAME" = "MODEL:TENSOR"
/// @error invalid_argument  maps that features do not name
[[nodiscard]] Result<std::string> manifest_of(const learn::TrainingConfig& config, const RunFacts& facts,
                                              const std::string& decoder, const std::vector<std::string>& outputs,
                                              const std::string& file);

/// Means over folds, printed and kept as cross_validation.json. With patience it says that each fold chose its own
/// epoch.
Status keep_cross_validation(const std::map<std::string, std::vector<double>>& figures,
                             const learn::TrainingConfig& config, const std::string& folder);

}  // namespace vultus::learning
