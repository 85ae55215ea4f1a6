// Small towers for pictures and for words, from scratch: what FA3-CLIP and SLIP have in common. Not installed: shows
// libtorch. Shapes: n = batch, d = width, t = words.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <vultus/learn/training/blocks/cnn.hpp>
#include <vultus/learn/training/blocks/transformer.hpp>

namespace vultus::learn {

/// Convolutions of 3 x 3 that halve the sides, with BatchNorm and ReLU: [n, widths[0], h, w] ->
/// [n, widths.back(), h / 2^stages, w / 2^stages].
[[nodiscard]] std::shared_ptr<blocks::Chain> conv_stem(const blocks::Wholes& widths);

struct TextTowerOptions {
  std::int64_t vocabulary = 0;  ///< numbers of words, see liveness::WordTokenizer
  std::int64_t length = 0;      ///< of sentences, words
  std::int64_t width = 64;
  std::int64_t heads = 4;
  std::int64_t layers = 2;
};

/// Sentences as rows of numbers: a pre-norm encoder over words, and the mean of those that are there.
class TextTower : public torch::nn::Module {
 public:
  explicit TextTower(const TextTowerOptions& options);

  /// Words by their numbers: [n, t] of int64 -> [n, t, d], without positions.
  [[nodiscard]] torch::Tensor words(const torch::Tensor& tokens);
  /// @param embedded  [n, length, d], as of words() or learnt. @param there  [n, length], 1 = a word; undefined = all
  /// @return [n, d]
  torch::Tensor forward(const torch::Tensor& embedded, const torch::Tensor& there = {});
  /// Writes what forward() does where all words are there.
  [[nodiscard]] std::string write(const blocks::Exporter& to, const std::string& embedded) const;
  [[nodiscard]] std::int64_t width() const { return width_; }

 private:
  std::int64_t width_;
  torch::Tensor table_;
  std::shared_ptr<blocks::Positions> positions_;
  std::shared_ptr<blocks::Encoder> encoder_;
  std::shared_ptr<blocks::Linear> out_;
};

/// Rows of unit length along an axis.
[[nodiscard]] torch::Tensor unit_rows(const torch::Tensor& x, std::int64_t axis = 1);

}  // namespace vultus::learn
