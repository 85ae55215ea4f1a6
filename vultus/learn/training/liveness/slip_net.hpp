// SLIP as a small network from scratch. Not installed: shows libtorch. Shapes: n = batch, d = width, s = side / 16.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <vultus/learn/training/liveness/towers.hpp>

namespace vultus::learn {

inline constexpr double kSlipLevel = 255;       ///< of the strongest cue that is taught
inline constexpr std::int64_t kSlipCells = 32;  ///< to a side of a map

struct SlipOptions {
  std::int64_t side = 112;  ///< of pictures; 112 only, since 7 x 7 places become 32 x 32 cells
  std::int64_t width = 64;
  std::int64_t heads = 4;
  std::int64_t vocabulary = 0;
  std::int64_t length = 14;  ///< of sentences
};

/// Turns a map of features into one of cues: transposed convolutions 7 -> 16 (kernel 6, stride 2, padding 1) and
/// 16 -> 32 (3, 2, 1, output padding 1), then convolutions down to one channel.
/// @source SLIP, AAAI 2025, arXiv 2503.19982, spoof cue map decoder
class CueDecoder : public blocks::Block {
 public:
  explicit CueDecoder(std::int64_t width);
  /// [n, d, 7, 7] -> [n, 1, 32, 32], levels over 255
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const blocks::Exporter& to, const std::string& x) const override;

 private:
  torch::nn::ConvTranspose2d up_{nullptr}, again_{nullptr};
  std::shared_ptr<blocks::BatchNorm> norm_, norm_again_;
  std::shared_ptr<blocks::Chain> convs_;
};

/// What it sees in pictures.
struct SlipView {
  torch::Tensor places;  ///< [n, d, s, s]: the features of each place
  torch::Tensor joined;  ///< the same, averaged with those of the whole picture
};

class SlipNet : public torch::nn::Module {
 public:
  explicit SlipNet(const SlipOptions& options);

  /// @param pictures  [n, 3, side, side], levels less 127.5 over 127.5
  SlipView look(const torch::Tensor& pictures);
  /// Sentences as rows: [n, length] of words, 0 = none -> [n, d].
  torch::Tensor read(const torch::Tensor& tokens);
  /// Sentences averaged with the places of a picture, of unit length: [n, d, s, s].
  [[nodiscard]] static torch::Tensor meet(const torch::Tensor& texts, const torch::Tensor& places);
  torch::Tensor say(const torch::Tensor& tokens, const torch::Tensor& places) { return meet(read(tokens), places); }
  /// R(a, b): both beside each other, through three convolutions of 1 x 1.
  torch::Tensor join(const torch::Tensor& a, const torch::Tensor& b);
  /// [n, 1, 32, 32], levels over 255.
  torch::Tensor cues(const torch::Tensor& features) { return decoder_->forward(features); }

  /// The picture as a map of levels 0 to 255: input "picture", output "map".
  [[nodiscard]] std::string onnx(WeightKind kind) const;

  /// Two groups that are trained by losses of their own.
  [[nodiscard]] std::vector<torch::Tensor> picture_parameters() const;
  [[nodiscard]] std::vector<torch::Tensor> text_parameters() const;
  /// These get gradients, all others none, in what is computed from here on.
  void train_alone(const std::vector<torch::Tensor>& trained);

 private:
  SlipOptions options_;
  std::shared_ptr<blocks::Chain> stem_, join_;
  std::shared_ptr<blocks::ResidualBlock> deeper_;
  std::shared_ptr<blocks::Linear> whole_;
  std::shared_ptr<TextTower> tower_;
  std::shared_ptr<CueDecoder> decoder_;
};

/// Mean over samples and places of the cosine along the channels: [n, d, s, s] each.
[[nodiscard]] torch::Tensor mean_cosine(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace vultus::learn
