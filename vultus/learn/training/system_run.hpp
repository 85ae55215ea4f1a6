// Training one of the systems that learn from maps and labels: samples, mixing, curriculum, planted noise, averaged
// weights, validation. Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/learn/training/learner.hpp>
#include <vultus/learn/training/samples.hpp>
#include <vultus/learn/training_config.hpp>
#include <vultus/learn/training_log.hpp>

namespace vultus::learn {

/// What a learner is made for.
struct LearnerData {
  std::int64_t samples = 0;    ///< of the features, whatever they are used for
  std::vector<double> counts;  ///< samples of each class that are trained on, with planted noise
  torch::Tensor parts;         ///< [samples, P] of the features' tensor "parts"; undefined without
  TensorNotes notes;           ///< of the features: "map NAME" = "MODEL:TENSOR" ...
};

/// A system: how it is made and how its answers are judged.
struct LearningSystem {
  std::function<Result<std::unique_ptr<Learner>>(const TrainingConfig&, const LearnerData&)> make;
  /// The class that an answer means: from a row of Learner::answers().
  std::function<Result<std::int64_t>(std::span<const float>)> decide;
  /// Classes below it are trained on but not judged; with a curriculum they are the easy samples.
  std::int64_t judged_from = 0;
};

/// An answer to a sample of the fold that was left out.
struct Judged {
  std::int64_t sample = 0, truth = 0, answer = 0;
};

struct SystemResult {
  std::string onnx;
  std::vector<EpochRecord> epochs;
  std::map<std::string, double> validation;  ///< "accuracy", "uar", "f1" and "recall CLASS"; empty without a fold
  std::vector<Judged> judged;
  std::vector<bool> flipped;  ///< of each sample: planted noise changed its label
  std::string split;          ///< fold of each sample, a line each
  TensorNotes features;
  std::unique_ptr<Learner> learner;  ///< as it is exported
  std::unique_ptr<Learner> trained;  ///< the one whose loss was called: of averaged weights another one
};

/// Trains as run_loop() does, by the first target of the configuration.
/// @error as run_loop(), Samples::open() and `make`; invalid_argument  a curriculum without easy or hard samples
Result<SystemResult> train_system(const TrainingConfig& config, const LearningSystem& system,
                                  const std::filesystem::path& folder,
                                  const std::function<void(const EpochRecord&)>& told,
                                  const std::stop_token& stop = {});

}  // namespace vultus::learn
