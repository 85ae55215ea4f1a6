// Few numbers that change what a trained network says: low-rank, a side branch, prompts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <vultus/learn/training/blocks/transformer.hpp>

namespace vultus::learn::blocks {

/// W x + (alpha / rank) B A x, W frozen: begins as W x, for B begins with zeros.
/// @source E. Hu et al., LoRA, ICLR 2022, eq. 3
class LowRank : public Block {
 public:
  /// @param alpha  scale; 0 = rank
  LowRank(std::shared_ptr<Linear> layer, std::int64_t rank, double alpha = 0);
  torch::Tensor forward(const torch::Tensor& x) override;
  /// Written as the one layer that merged() is.
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;
  /// One plain layer with the same answers.
  [[nodiscard]] std::shared_ptr<Linear> merged() const;

 private:
  std::shared_ptr<Linear> layer_;
  double scale_;
  torch::Tensor down_, up_;  // A [rank, in], B [out, rank]
};

/// f(x) + scale U gelu(D norm(x)), f frozen or not: begins as f(x), for U begins with zeros.
/// @source N. Houlsby et al., ICML 2019; beside the block: S. Chen et al., AdaptFormer, NeurIPS 2022, eq. 3
class Bottleneck : public Block {
 public:
  /// @param block  keeps the width. @param width  of its last axis
  Bottleneck(BlockPointer block, std::int64_t width, std::int64_t hidden, double scale = 0.1);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  BlockPointer block_;
  std::shared_ptr<LayerNorm> norm_;
  std::shared_ptr<Linear> down_, up_;
  double scale_;
};

/// Learnt tokens before the others: [n, t, d] -> [n, count + t, d].
/// @source M. Jia et al., Visual Prompt Tuning, ECCV 2022, eq. 4
class Prompts : public Block {
 public:
  Prompts(std::int64_t count, std::int64_t width);  // NOLINT: sizes of a layer
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  torch::Tensor tokens_;
};

/// Nothing in a module learns any more; the optimiser leaves it alone. Modules have no such switch of their own: it is
/// each parameter that has it. Running statistics are kept by eval(), which the caller chooses.
void freeze(torch::nn::Module& module);

/// Low-rank adapters at queries and values of every layer, everything else frozen.
/// @return the adapters, two a layer
std::vector<std::shared_ptr<LowRank>> add_low_rank(Encoder& encoder, std::int64_t rank, double alpha = 0);

}  // namespace vultus::learn::blocks
