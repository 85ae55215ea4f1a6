// FA3-CLIP as a small network from scratch. Not installed: shows libtorch.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <vultus/learn/training/blocks/spectrum.hpp>
#include <vultus/learn/training/liveness/token_merge.hpp>
#include <vultus/learn/training/liveness/towers.hpp>

namespace vultus::learn {

/// Share of the half spectrum that the stream of fine structure does not see.
inline constexpr double kFa3HighPass = 0.25;

struct Fa3Options {
  std::int64_t side = 112;  ///< of pictures, a multiple of 16
  std::int64_t width = 64;  ///< of both towers, a multiple of heads
  std::int64_t layers = 4;  ///< of the picture tower
  std::int64_t heads = 4;
  std::int64_t context = 6;      ///< learnt words of a prompt
  std::int64_t neighbours = 15;  ///< of the token clustering
  std::int64_t clusters = 32;
  std::int64_t vocabulary = 0;
  std::array<std::vector<std::int64_t>, 2>
      endings{};          ///< words behind the learnt ones, of "fake" and of "live", equally many
  bool frequency = true;  ///< the stream of fine structure, in both branches
  bool prompts = true;    ///< learnt words that see the picture; else two learnt rows take the place of the texts
};

/// What it says about pictures.
struct Fa3Answer {
  torch::Tensor logits;                ///< [n, 2]: fake, live; scaled cosines
  torch::Tensor fake_text, live_text;  ///< [n, d], any length
};

/// Learnt words are moved by what the picture and its fine structure show: one bias a class and word.
/// @source FA3-CLIP, arXiv 2504.00454, attack-agnostic prompts
class Fa3Prompts : public torch::nn::Module {
 public:
  explicit Fa3Prompts(const Fa3Options& options);
  /// @param pictures, fine  [n, 3, side, side]; `fine` may be undefined
  /// @return [n, d] of each class
  std::array<torch::Tensor, 2> forward(const torch::Tensor& pictures, const torch::Tensor& fine);
  [[nodiscard]] std::array<std::string, 2> write(const blocks::Exporter& to, const std::string& pictures,
                                                 const std::string& fine) const;

 private:
  [[nodiscard]] torch::Tensor base(std::size_t label) const;  ///< [1, words, d]: all words before they are moved
  std::int64_t width_, context_, words_;
  std::array<torch::Tensor, 2> endings_;
  std::shared_ptr<blocks::Chain> stem_, fine_stem_;
  std::array<std::shared_ptr<blocks::Chain>, 2> looks_;
  std::array<std::shared_ptr<blocks::Linear>, 2> to_words_;
  std::array<torch::Tensor, 2> learnt_;
  torch::Tensor mix_, place_;
  std::shared_ptr<TextTower> tower_;
};

/// The stream beside the picture tower: inner maps and a stem of their own through the frequency operator, merged to
/// few tokens, which look at all of them.
/// @source FA3-CLIP, arXiv 2504.00454, frequency compression
class Fa3Frequency : public torch::nn::Module {
 public:
  explicit Fa3Frequency(const Fa3Options& options);
  /// @param pictures  [n, 3, side, side]. @param inner  [n, d, h, w] of each layer, without gradients
  /// @return [n, d]
  torch::Tensor forward(const torch::Tensor& pictures, const std::vector<torch::Tensor>& inner);
  [[nodiscard]] std::string write(const blocks::Exporter& to, const std::string& pictures,
                                  const std::vector<std::string>& inner) const;

 private:
  TokenMerge merge_;
  std::int64_t width_;
  std::shared_ptr<blocks::Chain> stem_;
  std::shared_ptr<blocks::SpectrumConv> fourier_;
  std::shared_ptr<blocks::LayerNorm> norm_;
  std::shared_ptr<blocks::Attention> look_;
  std::shared_ptr<blocks::Linear> score_, share_, out_;
};

/// The whole: [n, 3, side, side], levels less 127.5 over 127.5.
class Fa3Net : public torch::nn::Module {
 public:
  explicit Fa3Net(const Fa3Options& options);
  Fa3Answer forward(const torch::Tensor& pictures);
  /// @return the name of the logits
  [[nodiscard]] std::string write(const blocks::Exporter& to, const std::string& pictures) const;
  [[nodiscard]] std::string onnx(WeightKind kind) const;  ///< input "picture", output "logits"
  [[nodiscard]] const Fa3Options& options() const { return options_; }

 private:
  [[nodiscard]] std::int64_t grid() const { return options_.side / 16; }

  Fa3Options options_;
  std::shared_ptr<blocks::Chain> stem_;
  std::shared_ptr<blocks::Positions> positions_;
  std::shared_ptr<blocks::Encoder> encoder_;
  std::shared_ptr<blocks::Linear> out_;
  std::shared_ptr<blocks::BandMask> high_pass_;
  std::shared_ptr<Fa3Frequency> frequency_;
  std::shared_ptr<Fa3Prompts> prompts_;
  torch::Tensor rows_;           // [2, d], where there are no prompts
  torch::Tensor share_, scale_;  // of the frequency stream, before the sigmoid; logarithm of the scale of cosines
};

/// Cross-entropy of the logits, and NT-Xent of both texts: faces i and i + n/2 belong together.
/// @param labels    [n]: 0 = fake, 1 = live; the first half must be fakes, the second live
/// @param contrast  weight of NT-Xent
/// @source FA3-CLIP, arXiv 2504.00454, section of the losses; tau = 0.5
[[nodiscard]] torch::Tensor fa3_loss(const Fa3Answer& answer, const torch::Tensor& labels, double contrast);

}  // namespace vultus::learn
