// MF2: a face trunk that is learnt from captions at two levels. Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <torch/torch.h>

#include <vultus/learn/onnx_writer.hpp>
#include <vultus/learn/training/blocks/transformer.hpp>
#include <vultus/learn/training/systems/face_regions.hpp>

namespace vultus::learn {

struct FoundationOptions {
  std::int64_t side = 64;
  std::int64_t patch = 8;
  std::int64_t width = 96;
  std::int64_t heads = 4;
  std::int64_t layers = 4;
  std::vector<int> units;                  ///< FACS numbers of the action units
  std::vector<std::string> unit_captions;  ///< of each unit its six sentences, absent to E: 6 units
  std::vector<std::string> face_captions;  ///< sentences of whole faces, whose words are learnt too
  std::int64_t code = 64;                  ///< numbers of what pictures and captions are compared by
  double temperature = 0.1;                ///< of the comparison
  bool local = true;                       ///< captions of units against local tokens; false = ablated
  bool global = true;                      ///< captions of the face against the global token; false = ablated

  [[nodiscard]] std::int64_t grid() const { return side / patch; }
};

/// Words of sentences as a code: the mean of learnt words, then two layers.
class CaptionEncoder : public torch::nn::Module {
 public:
  /// @param sentences  whose words are known
  CaptionEncoder(const std::vector<std::string>& sentences, std::int64_t code);
  /// Words that are not known are left out. @return [sentences, code], unit length
  torch::Tensor forward(const std::vector<std::string>& sentences);

 private:
  std::map<std::string, std::int64_t> words_;
  torch::Tensor table_;
  std::shared_ptr<blocks::Mlp> mlp_;
};

/// Codes of pictures against those of the sentences that belong to them, each sentence once: the mean of
/// -log softmax over the sentences, and the same the other way round over all pictures of a sentence.
/// @param pictures   [n, code], unit length. @param sentences  [m, code], unit length. @param which  [n], in [0, m)
/// @source NT-Xent as in MF2; our reading: equal sentences are one, since the grammar makes few
[[nodiscard]] torch::Tensor caption_loss(const torch::Tensor& pictures, const torch::Tensor& sentences,
                                         const torch::Tensor& which, double temperature);

/// The trunk, with heads that compare.
class FoundationNet : public torch::nn::Module {
 public:
  explicit FoundationNet(const FoundationOptions& options);

  struct Features {
    torch::Tensor global;               ///< [n, width]
    torch::Tensor local;                ///< [n, regions, width]
    std::vector<torch::Tensor> blocks;  ///< tokens behind each layer, [n, 1 + patches, width]
  };
  /// @param pictures  [n, 3, side, side], levels -1 to 1
  Features features(const torch::Tensor& pictures);
  struct Loss {
    torch::Tensor global, local, units;
  };
  /// @param levels  [n, units], 0 to 5. @param captions  of the whole face, n
  Loss loss(const torch::Tensor& pictures, const torch::Tensor& levels, const std::vector<std::string>& captions);
  torch::Tensor unit_logits(const Features& features);  ///< [n, units]
  /// Probabilities of the six levels of each unit, by likeness to the captions: [n, units, 6].
  torch::Tensor levels(const Features& features);
  /// One face: "picture"; "units" [1, units] probabilities, "levels" [1, units, 6].
  [[nodiscard]] std::string onnx(WeightKind kind = WeightKind::f32);
  void write(const blocks::Exporter& to, const std::vector<std::string>& blocks);  ///< those two outputs

  [[nodiscard]] const FoundationOptions& options() const { return options_; }
  /// Names of "picture"'s tokens behind each layer, for what is built on top.
  [[nodiscard]] std::vector<std::string> write_blocks(const blocks::Exporter& to, const std::string& picture) const;

 private:
  torch::Tensor unit_texts();  ///< [units, 6, code]

  FoundationOptions options_;
  std::shared_ptr<blocks::PatchEmbedding> embedding_;
  std::shared_ptr<blocks::Positions> positions_;
  std::shared_ptr<blocks::Encoder> encoder_;
  std::shared_ptr<blocks::Linear> global_, local_;
  torch::Tensor unit_weight_, unit_bias_;
  std::shared_ptr<CaptionEncoder> captions_;
  torch::Tensor regions_, unit_regions_;
};

}  // namespace vultus::learn
