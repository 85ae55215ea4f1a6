// A4Net: the emotion that a whole picture evokes, learnt together with four attributes. Not installed: shows libtorch.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <torch/torch.h>

#include <vultus/learn/onnx_writer.hpp>
#include <vultus/learn/training/blocks/cnn.hpp>

namespace vultus::learn {

struct SceneOptions {
  std::int64_t side = 64;  ///< of pictures, pixels; patch 2^(stages - 1) divides it
  std::int64_t patch = 4;
  blocks::Wholes widths{24, 48, 96};  ///< of the trunk; {40, 80, 160, 320} and depths {2, 2, 6, 2} are "atto"
  blocks::Wholes depths{3, 2, 2};
  std::int64_t emotions = 8;
  std::int64_t places = 4;  ///< kinds of scene; 0 = no such branch
  std::int64_t moods = 4;   ///< kinds of facial expression; 0 = no such branch
  bool brightness = true;
  bool colourfulness = true;
};

/// What the network says of pictures; an undefined tensor where there is no such branch.
struct SceneAnswers {
  torch::Tensor emotion;                    ///< logits [n, emotions]
  torch::Tensor brightness, colourfulness;  ///< [n]
  torch::Tensor place, mood;                ///< logits [n, places], [n, moods]
};

/// ConvNeXt V2 trunk. Branches of brightness and colourfulness look at the last block of the first stage, those of
/// place and mood at the last stage: LN(GAP(F)), a layer, GELU, then their answer. Trunk and branches together give the
/// emotion.
/// @source A4Net, arXiv 2504.06578; widths of the branches and the two layers of the fusion are our reading
class SceneNet : public torch::nn::Module {
 public:
  explicit SceneNet(const SceneOptions& options);
  /// @param pictures  [n, 3, side, side], levels -1 to 1
  SceneAnswers forward(const torch::Tensor& pictures);
  /// The last map of the trunk, [n, c, h, w], and what follows from it: for activation maps. @param trunk  of trunk()
  std::vector<torch::Tensor> trunk(const torch::Tensor& pictures);
  SceneAnswers behind(const std::vector<torch::Tensor>& trunk);
  /// The network for one picture, with the outputs "probabilities", "brightness", "colourfulness", "places", "moods".
  [[nodiscard]] std::string onnx(WeightKind kind = WeightKind::f32) const;
  [[nodiscard]] std::vector<std::string> outputs() const;  ///< those that there are

 private:
  struct Branch {
    std::string name;
    bool early = false;    ///< looks at the first stage
    bool classes = false;  ///< its answer are logits
    std::shared_ptr<blocks::Chain> feature;
    std::shared_ptr<blocks::Linear> answer;
  };
  void add_branch(const std::string& name, bool early, std::int64_t answers, bool classes);

  SceneOptions options_;
  std::vector<std::shared_ptr<blocks::Chain>> stages_;
  std::shared_ptr<blocks::Chain> whole_;  ///< of the trunk: [n, c, h, w] -> [n, c]
  std::vector<Branch> branches_;
  std::shared_ptr<blocks::Mlp> fusion_;
};

/// What is known of pictures. Brightness is [0, 1], colourfulness is divided by 100.
struct SceneTruth {
  torch::Tensor emotion;                    ///< [n], whole numbers
  torch::Tensor brightness, colourfulness;  ///< [n]; needed where there is a branch
  torch::Tensor place, mood;                ///< [n]
};

/// CE of the emotion + MSE of brightness and colourfulness + CE of place and mood, without those that have no branch.
[[nodiscard]] torch::Tensor scene_loss(const SceneAnswers& said, const SceneTruth& truth);

/// Where the network looks for a label: gradient-weighted activation of the trunk's last map, enlarged.
/// @param pictures  [n, 3, side, side]. @param labels  [n]. @return [n, side, side], [0, 1] each
/// @source R. Selvaraju et al., Grad-CAM, ICCV 2017, eq. 1 and 2
[[nodiscard]] torch::Tensor activation_maps(SceneNet& net, const torch::Tensor& pictures, const torch::Tensor& labels);

}  // namespace vultus::learn
