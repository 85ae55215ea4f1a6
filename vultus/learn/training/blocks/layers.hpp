// Layers that networks are made of. Shapes: n = batch, c = channels, t = tokens or times, d = numbers of a token.
#pragma once

#include <cstdint>
#include <string>

#include <vultus/learn/training/blocks/conv.hpp>

namespace vultus::learn::blocks {

/// y = x W^T + b over the last axis: [..., in] -> [..., out].
class Linear : public Block {
 public:
  Linear(std::int64_t in, std::int64_t out, bool with_bias = true);  // NOLINT: sizes of a layer
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

  torch::Tensor weight;  ///< [out, in]
  torch::Tensor bias;    ///< [out]; undefined without
};

/// Normalises each channel over batch and places, with running statistics after eval(): [n, c] or [n, c, places ...].
/// @source S. Ioffe, C. Szegedy, Batch Normalization, ICML 2015
class BatchNorm : public Block {
 public:
  explicit BatchNorm(std::int64_t channels, double momentum = 0.1);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  double momentum_;
  torch::Tensor weight_, bias_, mean_, variance_;
};

/// Which axis LayerNorm goes along.
enum class Along : std::uint8_t { last, channels };

/// Normalises the last axis of each token, or the channels of each place of [n, c, places ...].
/// @source J. Ba et al., Layer Normalization, 2016
class LayerNorm : public Block {
 public:
  explicit LayerNorm(std::int64_t numbers, Along along = Along::last, double epsilon = 1e-6);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  Along along_;
  double epsilon_;
  torch::Tensor weight_, bias_;
};

/// Normalises groups of the channels of each sample: [n, c, places ...]. @source Y. Wu, K. He, Group Normalization,
/// 2018
class GroupNorm : public Block {
 public:
  GroupNorm(std::int64_t groups, std::int64_t channels);  // NOLINT: sizes of a layer
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::int64_t groups_;
  torch::Tensor weight_, bias_;
};

/// GELU is that of the error function, SiLU is x sigmoid(x), `leaky` keeps a fifth of what is below 0.
enum class Act : std::uint8_t { none, relu, leaky, gelu, silu, sigmoid, tanh };

class Activation : public Block {
 public:
  explicit Activation(Act act) : act_(act) {}
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  Act act_;
};

/// x where x > 0, else x times a slope of its channel: [n, c, places ...].
/// @source K. He et al., Delving Deep into Rectifiers, ICCV 2015
class PRelu : public Block {
 public:
  explicit PRelu(std::int64_t channels);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  torch::Tensor slope_;
};

enum class Pooling : std::uint8_t { mean, max };

/// The mean or largest of windows of k x k, side by side or at every `stride`: [n, c, h, w].
class Pool : public Block {
 public:
  /// @param stride  0 = kernel
  explicit Pool(Pooling kind, std::int64_t kernel = 2, std::int64_t stride = 0)
      : kind_(kind), kernel_(kernel), stride_(stride > 0 ? stride : kernel) {}
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  Pooling kind_;
  std::int64_t kernel_, stride_;
};

/// The mean or largest over all places: [n, c, h, w] -> [n, c].
class GlobalPool : public Block {
 public:
  explicit GlobalPool(Pooling kind = Pooling::mean) : kind_(kind) {}
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  Pooling kind_;
};

enum class Resampling : std::uint8_t { nearest, linear };

/// Maps `factor` times as large: [n, c, h, w]. `linear`: corners are not aligned.
class Upsample : public Block {
 public:
  explicit Upsample(std::int64_t factor = 2, Resampling kind = Resampling::nearest) : factor_(factor), kind_(kind) {}
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::int64_t factor_;
  Resampling kind_;
};

/// [n, ...] -> [n, all].
class Flatten : public Block {
 public:
  torch::Tensor forward(const torch::Tensor& x) override { return x.flatten(1); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;
};

/// Leaves numbers out by chance while training. @param share  [0, 1)
class Dropout : public Block {
 public:
  explicit Dropout(double share) : share_(share) {}
  torch::Tensor forward(const torch::Tensor& x) override { return torch::dropout(x, share_, is_training()); }
  [[nodiscard]] std::string write(const Exporter& /*to*/, const std::string& x) const override { return x; }

 private:
  double share_;
};

/// Linear layers with an activation between them: [..., widths.front()] -> [..., widths.back()].
class Mlp : public Block {
 public:
  /// @param widths  at least two. @param dropout  behind each activation
  explicit Mlp(const Wholes& widths, Act act = Act::gelu, double dropout = 0);
  torch::Tensor forward(const torch::Tensor& x) override { return chain_->forward(x); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override {
    return chain_->write(to, x);
  }

 private:
  std::shared_ptr<Chain> chain_;
};

}  // namespace vultus::learn::blocks
