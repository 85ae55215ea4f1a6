// A small autoencoder with a codebook. Not installed: shows libtorch. Shapes: n = batch, s = stride.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <vultus/learn/training/blocks/layers.hpp>
#include <vultus/learn/training/tokenizer/vector_quantiser.hpp>

namespace vultus::learn {

struct TokenizerOptions {
  std::int64_t width = 32;    ///< channels of the first layer; twice as many behind it
  std::int64_t halvings = 2;  ///< the sides of the map of codes are those of the picture over 2^halvings, [1, 5]
  std::int64_t depth = 2;     ///< residual blocks on each side
  VectorQuantiser::Options codes;
};

/// x + conv 1x1(relu(conv 3x3(relu(x)))). @source van den Oord et al. 2017, section 4.1
class PlainResidual : public blocks::Block {
 public:
  PlainResidual(std::int64_t channels, std::int64_t inner);  // NOLINT: sizes of a layer
  torch::Tensor forward(const torch::Tensor& x) override { return x + branch_->forward(x); }
  [[nodiscard]] std::string write(const blocks::Exporter& to, const std::string& x) const override {
    return to.add(x, branch_->write(to.in("branch"), x));
  }

 private:
  std::shared_ptr<blocks::Chain> branch_;
};

struct TokenizerAnswer {
  torch::Tensor pictures;  ///< [n, 3, h, w], levels less 127.5 over 127.5, not clipped
  Quantised codes;
};

/// Convolutions of stride 2, residual blocks, codebook, residual blocks, transposed convolutions.
/// @source van den Oord et al. 2017, section 4.1; widths are our own
class TokenizerNet : public blocks::Composed {
 public:
  explicit TokenizerNet(const TokenizerOptions& options);

  /// @param pictures  [n, 3, h, w], levels less 127.5 over 127.5; the stride divides h and w
  TokenizerAnswer forward(const torch::Tensor& pictures);
  [[nodiscard]] std::int64_t stride() const { return std::int64_t{1} << options_.halvings; }
  [[nodiscard]] std::int64_t entries() const { return options_.codes.entries; }

  /// Input "picture" [1, 3, side, side], which the runtime may give another size; outputs "reconstruction" (levels 0 to
  /// 255) and "codes".
  [[nodiscard]] std::string onnx(WeightKind kind, std::int64_t side = 64) const;

 private:
  TokenizerOptions options_;
  std::shared_ptr<blocks::Chain> encoder_, decoder_;
  std::shared_ptr<VectorQuantiser> quantiser_;
};

}  // namespace vultus::learn
