// Several losses at once: their weights; a network against another; answers that come early. Not installed: shows
// libtorch.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <vultus/learn/training/blocks/layers.hpp>

namespace vultus::learn::blocks {

enum class RampShape : std::uint8_t { linear, cosine, exponential };
/// From `from` to `to` while progress goes from `begin` to `end`, flat before and behind. @param progress  share of a
/// run `exponential`: from + (to - from) exp(-5 (1 - x)^2), which begins 0.0067 above `from`.
/// @source exponential: S. Laine, T. Aila, Temporal Ensembling, ICLR 2017, section 3.1
[[nodiscard]] double ramp(double progress, double from, double to, RampShape shape = RampShape::linear,
                          double begin = 0, double end = 1);

/// Weights of losses that stall rise, of losses that jump fall: w_i = losses (r_i^b / (v_i + eta)) / sum over j of the
/// same, r_i = mean of the newer half of the window / mean of the older, v_i = its variance.
/// @source our reading of NullSwap's dynamic weights; b from 0.5 to 2 over the epochs is the caller's
class DynamicWeights {
 public:
  explicit DynamicWeights(std::size_t window = 30, double eta = 1e-8) : window_(window), eta_(eta) {}
  void add(const std::map<std::string, double>& losses);  ///< of one step; losses > 0
  /// @return by name, of mean 1; 1 each until the window is full
  [[nodiscard]] std::map<std::string, double> weights(double power) const;

 private:
  std::size_t window_;
  double eta_;
  std::map<std::string, std::deque<double>> traces_;
};

/// Sum of exp(-s_i) loss_i + s_i, s_i learnt: the noise of each task.
/// @source A. Kendall et al., Multi-Task Learning Using Uncertainty, CVPR 2018, eq. 10, up to factors of two
class UncertaintyWeights : public torch::nn::Module {
 public:
  explicit UncertaintyWeights(std::int64_t losses) : log_variance_(register_parameter("s", torch::zeros({losses}))) {}
  /// @param losses  numbers, as many as there are weights
  [[nodiscard]] torch::Tensor forward(const std::vector<torch::Tensor>& losses) const;
  [[nodiscard]] torch::Tensor weights() const { return torch::exp(-log_variance_).detach(); }

 private:
  torch::Tensor log_variance_;
};

/// Says of each neighbourhood of a picture whether it is real: [n, in, h, w] -> logits [n, 1, h', w'], sides halved by
/// each stage, then 3 x 3. @source P. Isola et al., CVPR 2017, section 3.2.2 (PatchGAN)
class PatchCritic : public Block {
 public:
  explicit PatchCritic(std::int64_t in, const Wholes& widths = {16, 32, 64});
  torch::Tensor forward(const torch::Tensor& x) override { return chain_->forward(x); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override {
    return chain_->write(to, x);
  }

 private:
  std::shared_ptr<Chain> chain_;
};

/// What the critic makes small: mean of max(0, 1 - real) + max(0, 1 + made).
/// @source J. Lim, J. Ye, Geometric GAN, 2017, eq. 13
[[nodiscard]] torch::Tensor critic_hinge(const torch::Tensor& real, const torch::Tensor& made);
/// What the maker makes small: -mean(made).
[[nodiscard]] torch::Tensor maker_hinge(const torch::Tensor& made);

/// Which exit of a network answers each sample: the first whose highest probability reaches `sure`, else the last.
/// @param exits  logits of each exit, [n, classes]. @param sure  (0, 1]; above 1 = always the last
struct EarlyAnswers {
  torch::Tensor logits;            ///< [n, classes]
  std::vector<std::int64_t> exit;  ///< of each sample
};
[[nodiscard]] EarlyAnswers early_exit(const std::vector<torch::Tensor>& exits, double sure);
/// Cross-entropy of every exit, weighed. @param weights  one an exit; empty = equal, of sum 1
/// @source S. Teerapittayanon et al., BranchyNet, ICPR 2016, eq. 2
[[nodiscard]] torch::Tensor exits_cross_entropy(const std::vector<torch::Tensor>& exits, const torch::Tensor& labels,
                                                const std::vector<double>& weights = {});

}  // namespace vultus::learn::blocks
