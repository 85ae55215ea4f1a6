// Several sources joined: who looks at whom, and who is believed. Each source is [n, t, own width], on one clock.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <vultus/learn/training/blocks/transformer.hpp>

namespace vultus::learn::blocks {

struct LeaderFusionOptions {
  Wholes widths{64, 32};    ///< of the sources; the first leads
  std::int64_t width = 32;  ///< of queries, keys and values
  std::int64_t heads = 2;   ///< divides the width
  double dropout = 0;
};

/// Attention over the sources at each time, added to the values, brought back by a layer, normalised, and put beside
/// the leader's own numbers: -> [n, t, sources width + widths[0]].
/// @source S. Zhang et al., leader-follower attention (LFAN), ICMI 2021 (continuous emotion from three sources)
class LeaderFusion : public Composed {
 public:
  explicit LeaderFusion(const LeaderFusionOptions& options);
  torch::Tensor forward(const std::vector<torch::Tensor>& sources);
  [[nodiscard]] std::string write(const Exporter& to, const std::vector<std::string>& sources) const;
  [[nodiscard]] std::int64_t answers() const;  ///< numbers of a token that comes out

 private:
  LeaderFusionOptions options_;
  std::vector<std::shared_ptr<Linear>> query_, key_, value_;
  std::shared_ptr<Linear> out_;
  std::shared_ptr<LayerNorm> norm_;
};

/// Each source brought to one width, put side by side, and each number weighed: softmax(W c) c, as it is believed.
/// -> [n, t, sources width]. @source the gate of the same work (CAN)
class GateFusion : public Composed {
 public:
  GateFusion(const Wholes& widths, std::int64_t width);
  torch::Tensor forward(const std::vector<torch::Tensor>& sources);
  [[nodiscard]] std::string write(const Exporter& to, const std::vector<std::string>& sources) const;

 private:
  std::vector<std::shared_ptr<Linear>> in_;
  std::shared_ptr<Linear> gate_;
};

/// What is each source's own looks at what all have in common, and is added to it: tokens [n, t, d] of the specific
/// side are the context, those of the invariant side the queries. -> [n, t, d]
class SpecificToInvariant : public Composed {
 public:
  explicit SpecificToInvariant(const AttentionOptions& options);
  torch::Tensor forward(const torch::Tensor& invariant, const torch::Tensor& specific);
  [[nodiscard]] std::string write(const Exporter& to, const std::string& invariant, const std::string& specific) const;

 private:
  std::shared_ptr<LayerNorm> norm_, context_norm_;
  std::shared_ptr<Attention> attention_;
};

/// Says from which source a code comes: [n, d] -> logits [n, sources]. Fed through reverse_gradient() it drives what
/// tells sources apart out of the codes. @source Y. Ganin, V. Lempitsky, ICML 2015
[[nodiscard]] std::shared_ptr<Mlp> discriminator(std::int64_t width, std::int64_t sources, std::int64_t hidden = 64);

}  // namespace vultus::learn::blocks
