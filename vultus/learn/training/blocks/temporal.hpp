// Networks along time: causal convolutions, attention in windows, a pyramid of rates, heads that find spans.
// Shapes: [n, c, t] for convolutions, [n, t, d] for tokens.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <vultus/learn/training/blocks/transformer.hpp>

namespace vultus::learn::blocks {

/// A convolution that sees the present and the past alone: [n, in, t] -> [n, out, t].
class CausalConv : public Block {
 public:
  CausalConv(std::int64_t in, std::int64_t out, std::int64_t kernel,
             std::int64_t dilation);  // NOLINT: sizes of a layer
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::int64_t reach_;
  std::shared_ptr<Conv> conv_;
};

struct TcnOptions {
  std::int64_t in = 32;
  Wholes widths{32, 32, 32};  ///< one block each, dilation 2^i
  std::int64_t kernel = 5;
  double dropout = 0.1;
};

/// Blocks of two causal convolutions with LayerNorm over the channels, ReLU and dropout, and a way past them:
/// [n, in, t] -> [n, widths.back(), t]. Sees 1 + 2 (kernel - 1)(2^blocks - 1) moments.
/// @source S. Bai et al., An Empirical Evaluation of Generic Convolutional and Recurrent Networks, 2018, figure 1;
/// there weights are normalised in place of channels
class CausalTcn : public Block {
 public:
  explicit CausalTcn(const TcnOptions& options);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::vector<std::shared_ptr<Chain>> branches_;
  std::vector<std::shared_ptr<Conv>> past_;  // null where the width stays
};

/// Who may look at whom along time.
struct WindowOptions {
  std::int64_t width = 64;
  std::int64_t heads = 4;
  std::int64_t tokens = 64;   ///< t: masks are made for it
  std::int64_t window = 9;    ///< odd: a token looks (window - 1) / 2 to either side
  std::int64_t segment = 16;  ///< tokens of a segment look at each other alone
  std::int64_t layers = 2;    ///< pairs: one of windows, one of segments
};

/// Pre-norm layers that look in sliding windows and in segments in turn: [n, t, d] -> [n, t, d].
/// @source sliding windows: I. Beltagy et al., Longformer, 2020, section 3.1; segments: our reading of system 14
class WindowedEncoder : public Block {
 public:
  explicit WindowedEncoder(const WindowOptions& options);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  struct Layer {
    std::shared_ptr<LayerNorm> norm, mlp_norm;
    std::shared_ptr<Attention> attention;
    std::shared_ptr<Mlp> mlp;
    torch::Tensor allowed;  // [t, t], 1 = may look
  };
  std::vector<Layer> layers_;
};

/// Levels of half the rate each: [n, t, d] -> levels of [n, t / 2^i, d], i from 0; 2^(levels - 1) divides t.
class TemporalPyramid : public Composed {
 public:
  TemporalPyramid(std::int64_t width, std::int64_t levels);  // NOLINT: sizes of a layer
  std::vector<torch::Tensor> forward(const torch::Tensor& x);
  [[nodiscard]] std::vector<std::string> write(const Exporter& to, const std::string& x) const;

 private:
  std::vector<std::shared_ptr<Conv>> down_;
  std::vector<std::shared_ptr<LayerNorm>> norms_;
};

/// What the heads say of each moment of a level.
struct SpanAnswer {
  torch::Tensor classes;  ///< [n, t, classes], logits
  torch::Tensor reach;    ///< [n, t, 2], > 0: how far the span reaches back and on, in moments of the level
};

/// Heads of one dimension, shared by the levels of a pyramid, with a learnt scale each.
/// @source Z. Tian et al., FCOS, ICCV 2019, section 3.2, along time: C. Zhang et al., ActionFormer, ECCV 2022
class SpanHeads : public Composed {
 public:
  SpanHeads(std::int64_t width, std::int64_t classes, std::int64_t levels);  // NOLINT: sizes of a layer
  std::vector<SpanAnswer> forward(const std::vector<torch::Tensor>& levels);
  /// @return for each level the names of classes (logits) and reach
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> write(const Exporter& to,
                                                                       const std::vector<std::string>& levels) const;

 private:
  std::shared_ptr<Chain> classify_, measure_;
  torch::Tensor scales_;
};

}  // namespace vultus::learn::blocks
