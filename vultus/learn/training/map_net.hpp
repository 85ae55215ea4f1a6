// Networks on inner maps of larger ones, made of blocks: what all expression systems share. Not installed: shows
// libtorch.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <torch/torch.h>

#include <vultus/learn/head.hpp>
#include <vultus/learn/training/blocks/block.hpp>
#include <vultus/learn/training/blocks/layers.hpp>

namespace vultus::learn {

/// Maps of one side, or of twice that side, brought to some channels and summed, normalised, rectified:
/// [n, channels, side, side] each -> [n, stem, 7, 7] for maps of 7 and 14.
class MapStem : public torch::nn::Module {
 public:
  /// @param inputs  maps whose sides fit (validate()). @param scales  by input: its numbers are divided by it
  MapStem(const std::vector<HeadInput>& inputs, const std::map<std::string, double>& scales, std::int64_t stem);
  torch::Tensor forward(const std::vector<torch::Tensor>& inputs);
  /// Writes the inputs' nodes too. @return name of the output
  [[nodiscard]] std::string write(const blocks::Exporter& to, const std::vector<std::string>& inputs) const;

 private:
  std::vector<double> scales_;
  std::vector<std::shared_ptr<blocks::Conv>> convolutions_;
  std::shared_ptr<blocks::BatchNorm> norm_;
};

/// How a MapHead is made.
struct MapHeadOptions {
  std::vector<HeadInput> inputs;
  std::map<std::string, double> scales;
  std::int64_t stem = 64;
  std::int64_t hidden = 128;  ///< 0 = none
  std::int64_t answers = 7;
  double input_dropout = 0.3;
  double dropout = 0.5;
};

/// A stem, then one hidden layer, then logits: [n, answers].
class MapHead : public torch::nn::Module {
 public:
  explicit MapHead(const MapHeadOptions& options);
  torch::Tensor forward(const std::vector<torch::Tensor>& inputs);
  [[nodiscard]] std::string write(const blocks::Exporter& to, const std::vector<std::string>& inputs) const;

 private:
  std::shared_ptr<MapStem> stem_;
  std::shared_ptr<blocks::Chain> rest_;
};

}  // namespace vultus::learn
