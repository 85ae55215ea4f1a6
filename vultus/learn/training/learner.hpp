// What a training run of maps and labels trains: a network, its loss, its answers. Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/torch.h>

#include <vultus/learn/head.hpp>
#include <vultus/learn/training/blocks/block.hpp>
#include <vultus/learn/training/loop.hpp>

namespace vultus::learn {

/// Samples of one step. n samples, K classes.
struct LearnBatch {
  std::vector<torch::Tensor> inputs;  ///< as Samples::inputs()
  std::vector<torch::Tensor> again;   ///< other views of the same samples; empty unless Learner::two_views()
  torch::Tensor targets;              ///< [n, K], rows of sum 1: mixed and smoothed labels
  torch::Tensor labels;               ///< [n], whole numbers: before mixing
  std::vector<std::int64_t> samples;  ///< which they are
  double progress = 0;                ///< share of the epochs that have passed, [0, 1)
};

/// An output of a network that is exported.
struct GraphOutput {
  std::string name;          ///< under which the runtime finds it
  std::string tensor;        ///< of the graph
  std::int64_t numbers = 0;  ///< of each sample
};

/// A system that learns. Thread-compatible.
class Learner {
 public:
  Learner() = default;
  Learner(const Learner&) = delete;
  Learner& operator=(const Learner&) = delete;
  virtual ~Learner() = default;

  [[nodiscard]] virtual std::shared_ptr<torch::nn::Module> net() const = 0;
  [[nodiscard]] virtual bool two_views() const { return false; }
  /// Parameters that learn at a rate of their own.
  [[nodiscard]] virtual std::vector<LoopGroup> groups() const { return {}; }
  virtual torch::Tensor loss(const LearnBatch& batch) = 0;
  /// What the answer is decided from: [n, numbers], e.g. probabilities; the average over a face and its mirror image.
  virtual torch::Tensor answers(const std::vector<torch::Tensor>& inputs) = 0;
  /// Writes the network as it answers after eval(). @param inputs  names of the maps, as in LearnBatch::inputs
  [[nodiscard]] virtual std::vector<GraphOutput> write(const blocks::Exporter& to,
                                                       const std::vector<std::string>& inputs) const = 0;
};

/// A learner as an ONNX file. @param inputs  the maps that it reads. @param name  of the graph
[[nodiscard]] std::string onnx_of(const Learner& learner, const std::vector<HeadInput>& inputs, WeightKind kind,
                                  const std::string& name);

}  // namespace vultus::learn
