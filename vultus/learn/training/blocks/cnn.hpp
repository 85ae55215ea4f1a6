// Residual networks of maps: ResNet and IR blocks, squeeze and excitation, ConvNeXt V2, a small U-Net. [n, c, h, w].
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vultus/learn/training/blocks/layers.hpp>

namespace vultus::learn::blocks {

/// Channels weighed by what they say on the average: x sigmoid(W2 relu(W1 mean(x))).
/// @source J. Hu et al., Squeeze-and-Excitation Networks, CVPR 2018, eq. 2 to 4
class SqueezeExcite : public Block {
 public:
  explicit SqueezeExcite(std::int64_t channels, std::int64_t reduction = 4);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::shared_ptr<Mlp> mlp_;
};

/// `basic`: conv, norm, relu, conv, norm, sum, relu. `ir`: norm, conv, norm, prelu, conv, norm, sum.
enum class ResidualKind : std::uint8_t { basic, ir };

/// @source basic: K. He et al., CVPR 2016, figure 2; ir: J. Deng et al., ArcFace, CVPR 2019, section 2.2
class ResidualBlock : public Block {
 public:
  struct Options {
    std::int64_t in = 16;
    std::int64_t out = 16;
    std::int64_t stride = 1;
    ResidualKind kind = ResidualKind::basic;
    std::int64_t squeeze = 0;  ///< reduction of squeeze and excitation; 0 = none
  };
  explicit ResidualBlock(const Options& options);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  ResidualKind kind_;
  std::shared_ptr<Chain> branch_, shortcut_;  // no shortcut: the input itself
};

/// A stem of 3 x 3, then stages of blocks; each stage but the first halves the sides.
struct ResidualCnnOptions {
  std::int64_t in = 3;
  Wholes widths{16, 32, 64};
  Wholes depths{1, 1, 1};  ///< blocks of each stage
  std::int64_t stem_stride = 1;
  ResidualKind kind = ResidualKind::basic;
  std::int64_t squeeze = 0;
};

/// [n, in, h, w] -> [n, widths.back(), h', w'], h' = h / (stem_stride 2^(stages - 1)) rounded up.
class ResidualCnn : public Block {
 public:
  explicit ResidualCnn(const ResidualCnnOptions& options);
  torch::Tensor forward(const torch::Tensor& x) override { return stages(x).back(); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override {
    return write_stages(to, x).back();
  }
  /// What each stage answers.
  [[nodiscard]] std::vector<torch::Tensor> stages(const torch::Tensor& x);
  [[nodiscard]] std::vector<std::string> write_stages(const Exporter& to, const std::string& x) const;

 private:
  std::vector<std::shared_ptr<Chain>> stages_;  // the stem belongs to the first
};

/// Global response normalisation of [n, h, w, c]: gamma (x N(x)) + beta + x, N = |x_c| / mean over c of |x_c|.
/// @source S. Woo et al., ConvNeXt V2, CVPR 2023, eq. 2 and algorithm 1
class ResponseNorm : public Block {
 public:
  explicit ResponseNorm(std::int64_t channels);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  torch::Tensor gamma_, beta_;
};

/// Depthwise k x k, LayerNorm, 4 times the channels, GELU, GRN, back, sum. @source as ResponseNorm, figure 5
class ConvNextBlock : public Block {
 public:
  explicit ConvNextBlock(std::int64_t channels, std::int64_t kernel = 7);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::shared_ptr<Conv> conv_;
  std::shared_ptr<Chain> mix_;
};

struct ConvNextOptions {
  std::int64_t in = 3;
  std::int64_t patch = 4;  ///< sides are divided by it in the stem, by 2 between stages
  Wholes widths{32, 64, 128};
  Wholes depths{2, 2, 2};
  std::int64_t kernel = 7;
};

/// [n, in, h, w] -> [n, widths.back(), h', w']; patch 2^(stages - 1) divides the sides.
class ConvNext : public Block {
 public:
  explicit ConvNext(const ConvNextOptions& options);
  torch::Tensor forward(const torch::Tensor& x) override { return chain_->forward(x); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override {
    return chain_->write(to, x);
  }

 private:
  std::shared_ptr<Chain> chain_;
};

struct UNetOptions {
  std::int64_t in = 3;
  std::int64_t out = 1;
  Wholes widths{16, 32, 64};   ///< of each level; sides are halved between them
  std::int64_t condition = 0;  ///< numbers of a row that is added, through a layer, in every level; 0 = none
};

/// Down, up, and what was on the way down beside it: [n, in, h, w] -> [n, out, h, w]; 2^(levels - 1) divides the sides.
/// @source O. Ronneberger et al., U-Net, MICCAI 2015; condition as the time of J. Ho et al., DDPM, NeurIPS 2020, app. B
class UNet : public Block {
 public:
  explicit UNet(const UNetOptions& options);
  torch::Tensor forward(const torch::Tensor& x) override { return forward(x, {}); }
  /// @param condition  [n, condition]
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& condition);
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override { return write(to, x, {}); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x, const std::string& condition) const;

 private:
  struct Level {
    std::shared_ptr<Chain> first, second;  // convolutions before and behind the place where the condition is added
    std::shared_ptr<Linear> condition;
  };
  Level level(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t condition);
  static torch::Tensor through(const Level& level, const torch::Tensor& x, const torch::Tensor& condition);
  static std::string write_level(const Exporter& to, const Level& level, const std::string& x,
                                 const std::string& condition);

  std::vector<Level> down_, up_;
  std::shared_ptr<Pool> pool_;
  std::shared_ptr<Upsample> twice_;
  std::shared_ptr<Conv> last_;
};

}  // namespace vultus::learn::blocks
