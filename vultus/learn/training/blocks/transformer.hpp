// Tokens, attention and the pre-norm encoder. Shapes: n = batch, t = tokens, d = numbers of a token.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vultus/learn/training/blocks/layers.hpp>

namespace vultus::learn::blocks {

/// Squares of a picture as tokens: [n, c, h, w] -> [n, (h / patch) (w / patch), d], row by row.
/// @source A. Dosovitskiy et al., An Image is Worth 16x16 Words, ICLR 2021, eq. 1
class PatchEmbedding : public Block {
 public:
  PatchEmbedding(std::int64_t channels, std::int64_t patch, std::int64_t width);  // NOLINT: sizes of a layer
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::int64_t width_;
  std::shared_ptr<Conv> conv_;
};

/// Blocks of a clip as tokens: [n, c, frames, h, w] -> [n, (frames / depth) (h / patch) (w / patch), d], frame by
/// frame.
/// @source A. Arnab et al., ViViT, ICCV 2021, section 3.2
class TubeletEmbedding : public Block {
 public:
  TubeletEmbedding(std::int64_t channels, std::int64_t depth, std::int64_t patch,  // NOLINT: sizes of a layer
                   std::int64_t width);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::int64_t width_;
  std::shared_ptr<Conv> conv_;
};

/// Sines and cosines of the places 0 to t - 1: [t, d], d even; the sines of all frequencies first.
/// @source A. Vaswani et al., Attention Is All You Need, 2017, section 3.5 (there they alternate)
[[nodiscard]] torch::Tensor sine_positions(std::int64_t tokens, std::int64_t width);
/// Of a grid, row by row: [rows columns, d], d a multiple of 4; half the numbers for the row, half for the column.
/// @source K. He et al., Masked Autoencoders, CVPR 2022, section 3
[[nodiscard]] torch::Tensor grid_positions(std::int64_t rows, std::int64_t columns, std::int64_t width);

/// Adds a learnt or fixed row to each token, after putting a learnt class token before them if wanted:
/// [n, t, d] -> [n, t (+ 1), d].
class Positions : public Block {
 public:
  enum class Kind : std::uint8_t { learnt, fixed };
  enum class ClassToken : std::uint8_t { none, first };
  /// @param table  [t, d]: where it begins, or what stays
  Positions(const torch::Tensor& table, Kind kind, ClassToken class_token = ClassToken::none);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  torch::Tensor table_, class_token_;
};

// Masks, `there`: floats [n, t], 1 = the token is there, 0 = not; an undefined tensor or an empty name = all are.
// A token that is not there gets no attention; where none is there, all get the same. Attention also takes [n or 1, t,
// s]: whom each query may look at.

/// Which of both a name of a mask stands for.
enum class MaskOf : std::uint8_t { tokens, pairs };

struct AttentionOptions {
  std::int64_t width = 64;
  std::int64_t heads = 4;    ///< divides the width
  std::int64_t context = 0;  ///< numbers of a token of keys and values; 0 = width
  double dropout = 0;        ///< of attention, while training
};

/// Several heads of softmax(Q K^T / sqrt(d)) V: queries [n, t, d] look at a context [n, s, c]; -> [n, t, d].
/// @source A. Vaswani et al., Attention Is All You Need, 2017, eq. 1
class Attention : public Composed {
 public:
  explicit Attention(const AttentionOptions& options);

  /// @param context  the tokens that are looked at; the queries themselves for self-attention
  /// @param there    [n, s] of the context, or [n or 1, t, s] of pairs
  torch::Tensor forward(const torch::Tensor& queries, const torch::Tensor& context, const torch::Tensor& there = {});
  [[nodiscard]] std::string write(const Exporter& to, const std::string& queries, const std::string& context,
                                  const std::string& there = {}, MaskOf mask = MaskOf::tokens) const;
  /// Who looked at whom in the last forward(): [n, heads, t, s]; kept only if asked for.
  void keep_maps(bool keep) { keep_ = keep; }  // NOLINT: the one switch
  [[nodiscard]] const torch::Tensor& maps() const { return maps_; }

  /// The layers of queries and values, and others in their place: where adapters join.
  [[nodiscard]] const BlockPointer& query() const { return query_; }
  [[nodiscard]] const BlockPointer& value() const { return value_; }
  void replace_query(BlockPointer block) { query_ = replace_module("query", std::move(block)); }
  void replace_value(BlockPointer block) { value_ = replace_module("value", std::move(block)); }

 private:
  AttentionOptions options_;
  BlockPointer query_, key_, value_, out_;
  bool keep_ = false;
  torch::Tensor maps_;
};

struct EncoderOptions {
  std::int64_t width = 64;
  std::int64_t heads = 4;
  std::int64_t layers = 4;
  std::int64_t hidden = 0;   ///< of the MLP; 0 = 4 width
  double layer_scale = 0.1;  ///< gamma at the beginning; 0 = no LayerScale
  double dropout = 0;        ///< in attention and MLP, while training
  double drop_path = 0;      ///< share of samples that pass the last layer by, less in those before, while training
  std::int64_t context = 0;  ///< > 0: between attention and MLP each layer looks at a context of this width
};

/// x + gamma f(norm(x)) for self-attention, for cross-attention where there is a context, and for the MLP.
/// @source pre-norm: R. Xiong et al., ICML 2020; LayerScale: H. Touvron et al., CaiT, ICCV 2021, eq. 5; stochastic
/// depth: G. Huang et al., ECCV 2016
class EncoderLayer : public Composed {
 public:
  EncoderLayer(const EncoderOptions& options, double drop_path);
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& there = {}, const torch::Tensor& context = {},
                        const torch::Tensor& context_there = {});
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x, const std::string& there = {},
                                  const std::string& context = {}, const std::string& context_there = {}) const;
  [[nodiscard]] const std::shared_ptr<Attention>& attention() const { return attention_; }
  [[nodiscard]] const std::shared_ptr<Attention>& cross() const { return cross_; }  ///< null without a context

 private:
  [[nodiscard]] torch::Tensor joined(const torch::Tensor& x, const torch::Tensor& change, const torch::Tensor& gamma);
  [[nodiscard]] std::string joined(const Exporter& to, const std::string& x, const std::string& change,
                                   const torch::Tensor& gamma, const std::string& name) const;

  double drop_path_;
  std::shared_ptr<LayerNorm> norm_, cross_norm_, mlp_norm_;
  std::shared_ptr<Attention> attention_, cross_;
  std::shared_ptr<Mlp> mlp_;
  torch::Tensor gamma_, cross_gamma_, mlp_gamma_;
};

/// Layers and a last normalisation over any tokens: [n, t, d] -> [n, t, d].
class Encoder : public Block {
 public:
  explicit Encoder(const EncoderOptions& options);
  torch::Tensor forward(const torch::Tensor& x) override { return forward(x, {}); }
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& there, const torch::Tensor& context = {},
                        const torch::Tensor& context_there = {});
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override { return write(to, x, {}); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x, const std::string& there,
                                  const std::string& context = {}, const std::string& context_there = {}) const;
  [[nodiscard]] const std::vector<std::shared_ptr<EncoderLayer>>& layers() const { return layers_; }
  [[nodiscard]] const std::shared_ptr<LayerNorm>& norm() const { return norm_; }

 private:
  std::vector<std::shared_ptr<EncoderLayer>> layers_;
  std::shared_ptr<LayerNorm> norm_;
};

/// Tokens as one: the first, or the mean of those that are there. [n, t, d] -> [n, d].
class TokenPool : public Block {
 public:
  enum class Kind : std::uint8_t { first, mean };
  explicit TokenPool(Kind kind) : kind_(kind) {}
  torch::Tensor forward(const torch::Tensor& x) override { return forward(x, {}); }
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& there);
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override { return write(to, x, {}); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x, const std::string& there) const;

 private:
  Kind kind_;
};

}  // namespace vultus::learn::blocks
