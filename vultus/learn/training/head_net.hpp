// A head as a network with gradients. Not installed: shows libtorch.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <torch/nn.h>

#include <vultus/learn/head.hpp>
#include <vultus/learn/training_config.hpp>

namespace vultus::learn {

/// The layers of a HeadShape with batch normalisation behind the stem and the hidden layer, which folded() takes away.
class HeadNetImpl : public torch::nn::Module {
 public:
  explicit HeadNetImpl(const TrainingConfig& config);

  /// @param inputs  in the order of the shape: [n, channels, side, side] or [n, channels], as they are in the file
  /// @return logits or numbers, in the order of the outputs: [n, classes]
  std::vector<torch::Tensor> forward(const std::vector<torch::Tensor>& inputs);

  /// Numbers come out as offset + spread * what the last layer says.
  void set_spread(std::size_t output, double offset, double spread);
  /// The same head without normalisation and scales: what is exported.
  [[nodiscard]] HeadWeights folded() const;

 private:
  HeadShape shape_;
  std::vector<double> scales_, offsets_, spreads_;
  torch::nn::ModuleList stems_, outs_;
  torch::nn::BatchNorm1d stem_norm_{nullptr}, hidden_norm_{nullptr};
  torch::nn::Linear hidden_{nullptr};
  torch::nn::Dropout input_dropout_{nullptr}, dropout_{nullptr};
};
TORCH_MODULE(HeadNet);

}  // namespace vultus::learn
