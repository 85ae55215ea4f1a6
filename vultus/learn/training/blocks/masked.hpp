// Learning by what is hidden: masks, and the decoder that fills in. Shapes: n = batch, t = tokens, d = numbers of one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <vultus/learn/training/blocks/transformer.hpp>

namespace vultus::learn::blocks {

/// Tokens hidden by chance, floor(share t) of each sample: [n, t] of floats, 1 = hidden. Draws from libtorch.
/// @param share  [0, 1). @source K. He et al., Masked Autoencoders, CVPR 2022, section 3
[[nodiscard]] torch::Tensor random_mask(std::int64_t samples, std::int64_t tokens, double share);

/// The same places hidden at all times, floor(share places) of them, others in every sample: [n, times places], time by
/// time. @source Z. Tong et al., VideoMAE, NeurIPS 2022, section 3.3
[[nodiscard]] torch::Tensor tube_mask(std::int64_t samples, std::int64_t times, std::int64_t places, double share);

/// How much each token weighs by its score, between 0 and 1, with gradients: sigmoid((score - threshold of the sample)
/// / temperature), the threshold halfway between the last score of the share that is kept and the first that is not.
/// @param scores  [n, t]. @param kept  (0, 1), share of the tokens with a weight above one half
/// @source our reading of a relaxed top-k
[[nodiscard]] torch::Tensor soft_mask(const torch::Tensor& scores, double kept, double temperature);

/// The tokens that are not hidden, in their order: [n, t, d] -> [n, v, d]; v is that of every sample.
[[nodiscard]] torch::Tensor visible_of(const torch::Tensor& tokens, const torch::Tensor& hidden);
/// Back at their places, zeros elsewhere: [n, v, d] -> [n, t, d].
[[nodiscard]] torch::Tensor placed(const torch::Tensor& visible, const torch::Tensor& hidden);

/// Squares of pictures as rows: [n, c, h, w] -> [n, (h / patch) (w / patch), c patch patch], as PatchEmbedding orders
/// them.
[[nodiscard]] torch::Tensor patches_of(const torch::Tensor& pictures, std::int64_t patch);
/// Blocks of clips: [n, c, frames, h, w] -> [n, t, c depth patch patch], as TubeletEmbedding orders them.
[[nodiscard]] torch::Tensor tubelets_of(const torch::Tensor& clips, std::int64_t depth, std::int64_t patch);

/// What hidden_error() compares with: the numbers, or those of each patch brought to mean 0 and deviation 1.
enum class Target : std::uint8_t { plain, normalised };

/// Mean squared error of what was hidden alone; [n, t, numbers] each.
/// @param hidden  [n, t]
/// @return 0 where nothing is hidden. @source K. He et al., CVPR 2022, section 3, "Reconstruction target"
[[nodiscard]] torch::Tensor hidden_error(const torch::Tensor& said, const torch::Tensor& patches,
                                         const torch::Tensor& hidden, Target target);

struct MaskedDecoderOptions {
  std::int64_t encoder_width = 64;
  std::int64_t width = 32;
  std::int64_t heads = 4;
  std::int64_t layers = 2;
  std::int64_t numbers = 48;  ///< of a patch
};

/// What was seen and a learnt token at hidden places, with positions, through an encoder to the numbers of each patch.
class MaskedDecoder : public Composed {
 public:
  /// @param positions  [t, width], fixed
  MaskedDecoder(const MaskedDecoderOptions& options, const torch::Tensor& positions);
  /// @param seen  [n, t, encoder width]: placed(); what stands at hidden places is not looked at
  /// @return [n, t, numbers]
  torch::Tensor forward(const torch::Tensor& seen, const torch::Tensor& hidden);
  [[nodiscard]] std::string write(const Exporter& to, const std::string& seen, const std::string& hidden) const;

 private:
  std::shared_ptr<Linear> narrow_, last_;
  std::shared_ptr<Encoder> encoder_;
  torch::Tensor positions_, token_;
};

}  // namespace vultus::learn::blocks
