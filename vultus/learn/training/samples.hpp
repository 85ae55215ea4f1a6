// The samples of a training run: features on the disk, labels, folds. Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <torch/types.h>

#include <vultus/core/result.hpp>
#include <vultus/learn/tensor_file.hpp>
#include <vultus/learn/training_config.hpp>

namespace vultus::learn {

/// One sample in one of its variants.
struct SampleView {
  std::int64_t sample = 0;
  std::int64_t variant = 0;
};

/// Immutable; any thread.
class Samples {
 public:
  /// @error not_found, corrupt_data     the file, or a tensor of the configuration
  /// @error invalid_argument            a label outside its classes, or a class with fewer than two samples
  static Result<Samples> open(const TrainingConfig& config);

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] std::int64_t variants() const { return variants_; }
  /// The inputs of the network for some samples, floats.
  [[nodiscard]] std::vector<torch::Tensor> inputs(std::span<const SampleView> views) const;
  /// Class of a sample, or place in the numbers, by target.
  [[nodiscard]] const std::vector<std::int64_t>& labels(std::size_t target) const { return labels_[target]; }
  /// The fold of each sample: every class of the first target is spread evenly, by the seed.
  [[nodiscard]] const std::vector<int>& folds() const { return folds_; }
  /// Which sample is in which fold, as a sum for the model card.
  [[nodiscard]] std::string split_text() const;
  [[nodiscard]] const TensorNotes& notes() const { return file_.notes(); }
  [[nodiscard]] const TensorFile& file() const { return file_; }

 private:
  explicit Samples(TensorFile file) : file_(std::move(file)) {}
  Status read(const TrainingConfig& config);
  void spread_folds(const TrainingConfig& config);

  TensorFile file_;
  std::int64_t count_ = 0, variants_ = 0;
  std::vector<HeadInput> shapes_;
  std::vector<std::span<const std::byte>> maps_;
  std::vector<std::vector<std::int64_t>> labels_;
  std::vector<int> folds_;
};

}  // namespace vultus::learn
