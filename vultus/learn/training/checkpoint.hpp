// The state of a training run in one file, and the weights of a network in a plain one. Not installed: shows libtorch.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>

#include <vultus/core/result.hpp>
#include <vultus/learn/tensor_file.hpp>

namespace vultus::learn {

/// How far a run has come.
struct Progress {
  int epoch = 0;         ///< the last that ended
  double best = -1e300;  ///< merit of the best
  int best_epoch = 0;    ///< 0 = none
};

/// Names and shapes of all parameters and buffers, a line each: what a checkpoint must fit.
[[nodiscard]] std::string architecture_of(const torch::nn::Module& net);

using Optimisers = std::vector<std::unique_ptr<torch::optim::Optimizer>>;

/// @return the bytes of a checkpoint
[[nodiscard]] std::string checkpoint_bytes(const torch::nn::Module& net, const Optimisers& optimisers,
                                           const std::string& identity, const Progress& progress);

/// Reads a checkpoint into network and optimisers.
/// @return where it was; epoch 0 where there is no such file
/// @error model_mismatch  of another identity or architecture: nothing is changed; names what differs
/// @error corrupt_data    not a checkpoint
Result<Progress> restore_checkpoint(const std::filesystem::path& path, torch::nn::Module& net,
                                    const Optimisers& optimisers, const std::string& identity);

/// Keeps parameters and buffers of a network by their names in the format of safetensors.
/// @param notes  the model card, by name: data, terms, protocol, hash of the split, measures
/// @error as TensorFileWriter; unsupported  a tensor that is neither of floats nor of 64-bit whole numbers
Status write_weights(const std::filesystem::path& path, const torch::nn::Module& net, const TensorNotes& notes);

/// @return the notes of the file
/// @error as TensorFile::open(); model_mismatch  a tensor that is missing, too many or of another shape: nothing
/// changes
Result<TensorNotes> read_weights(const std::filesystem::path& path, torch::nn::Module& net);

}  // namespace vultus::learn
