// AdaTosk: expressions over time, with a soft mask that says which tokens of a clip matter. Not installed: shows
// libtorch.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include <torch/torch.h>

#include <vultus/learn/onnx_writer.hpp>
#include <vultus/learn/training/blocks/masked.hpp>

namespace vultus::learn {

struct DynamicOptions {
  std::int64_t frames = 16;
  std::int64_t side = 64;
  std::int64_t depth = 2;   ///< frames of a tubelet
  std::int64_t patch = 16;  ///< its sides
  std::int64_t width = 96;
  std::int64_t heads = 4;
  std::int64_t layers = 4;
  std::int64_t classes = 7;
  double hard_mask = 0.5;   ///< share of tokens that are hidden while training, [0, 0.95)
  double kept = 0.7;        ///< share of tokens that the encoder sees in use, (0, 1]
  bool by_movement = true;  ///< M_dyn; false = ablated
  bool by_meaning = true;   ///< M_sem; false = ablated

  [[nodiscard]] std::int64_t steps() const { return frames / depth; }
  [[nodiscard]] std::int64_t places() const { return (side / patch) * (side / patch); }
  [[nodiscard]] std::int64_t tokens() const { return steps() * places(); }
  [[nodiscard]] std::int64_t kept_tokens() const {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(kept * static_cast<double>(tokens())));
  }
};

/// M_dyn of token codes: softmax over time of how far each step moved from the one before (the first as the second),
/// mean 1. @param z  [n, steps, places, d]. @param temperature  > 0, one number. @return [n, steps]
[[nodiscard]] torch::Tensor movement_mask(const torch::Tensor& z, const torch::Tensor& temperature);

/// M_sem: sigma(a cos(z, meaning) - b s), s = sum over earlier steps of cos(z_t, z_tau) M_tau at the same place.
/// @param z  [n, steps, places, d]. @param meaning  [d]. @param a, b  > 0, one number each. @return [n, steps, places]
[[nodiscard]] torch::Tensor meaning_mask(const torch::Tensor& z, const torch::Tensor& meaning, const torch::Tensor& a,
                                         const torch::Tensor& b);

/// Tubelets, soft mask M = M_dyn M_sem, and an encoder that two branches share. While training each sees the tokens
/// that a random hard mask leaves: one reconstructs the others, one classifies tokens times M. In use the tokens of the
/// least M do not reach the encoder.
/// @source AdaTosk, arXiv 2502.21004. Our reading: masks are computed from codes before the encoder; what M multiplies
/// also weighs the mean over tokens, since a normalising encoder would not see a factor; temperature, a and b are
/// learnt
class DynamicNet : public torch::nn::Module {
 public:
  explicit DynamicNet(const DynamicOptions& options);

  struct Loss {
    torch::Tensor classes, reconstruction;
  };
  /// Both branches. @param clips  [n, 3, frames, side, side], levels -1 to 1. @param labels  [n]
  Loss loss(const torch::Tensor& clips, const torch::Tensor& labels);

  struct Answers {
    torch::Tensor logits;  ///< [n, classes]
    torch::Tensor mask;    ///< [n, steps, places]
  };
  enum class Choice : std::uint8_t { largest, least };
  /// @param kept    tokens that the encoder sees; all of them: nothing is dropped
  /// @param choice  those of the largest mask, or of the least: what the choice is worth
  Answers answer(const torch::Tensor& clips, std::int64_t kept, Choice choice = Choice::largest);

  /// One clip: input "frames" [frames, 3, side, side]; outputs "probabilities" and "mask" [1, steps, places].
  [[nodiscard]] std::string onnx(WeightKind kind = WeightKind::f32) const;
  [[nodiscard]] const DynamicOptions& options() const { return options_; }

 private:
  torch::Tensor codes(const torch::Tensor& clips);
  torch::Tensor mask_of(const torch::Tensor& z);
  torch::Tensor classified(const torch::Tensor& tokens, const torch::Tensor& weights);
  [[nodiscard]] std::string write_mask(const blocks::Exporter& to, const std::string& z) const;

  DynamicOptions options_;
  std::shared_ptr<blocks::TubeletEmbedding> embedding_;
  std::shared_ptr<blocks::LayerNorm> norm_;
  std::shared_ptr<blocks::Encoder> encoder_;
  std::shared_ptr<blocks::MaskedDecoder> decoder_;
  std::shared_ptr<blocks::Linear> head_;
  torch::Tensor positions_, meaning_, temperature_, a_, b_;
};

}  // namespace vultus::learn
