#include <vultus/learn/training/liveness/towers.hpp>

#include <torch/nn/functional.h>

namespace vultus::learn {

using blocks::Act;
using blocks::Exporter;

std::shared_ptr<blocks::Chain> conv_stem(const blocks::Wholes& widths) {
  auto stem = std::make_shared<blocks::Chain>();
  for (std::size_t i = 1; i < widths.size(); ++i) {
    stem->add<blocks::Conv>(blocks::conv2d(widths[i - 1], widths[i], 3, 2, false));
    stem->add<blocks::BatchNorm>(widths[i]);
    stem->add<blocks::Activation>(Act::relu);
  }
  return stem;
}

TextTower::TextTower(const TextTowerOptions& options) : width_(options.width) {
  // @source CLIP: embeddings begin with a spread of 0.02
  table_ = register_parameter("table", torch::randn({options.vocabulary, options.width}) * 0.02);
  positions_ = register_module("positions",
                               std::make_shared<blocks::Positions>(torch::randn({options.length, options.width}) * 0.01,
                                                                   blocks::Positions::Kind::learnt));
  encoder_ =
      register_module("encoder", std::make_shared<blocks::Encoder>(blocks::EncoderOptions{.width = options.width,
                                                                                          .heads = options.heads,
                                                                                          .layers = options.layers,
                                                                                          .hidden = 2 * options.width,
                                                                                          .layer_scale = 0}));
  out_ = register_module("out", std::make_shared<blocks::Linear>(options.width, options.width));
}

torch::Tensor TextTower::words(const torch::Tensor& tokens) { return torch::embedding(table_, tokens); }

torch::Tensor TextTower::forward(const torch::Tensor& embedded, const torch::Tensor& there) {
  const torch::Tensor said = encoder_->forward(positions_->forward(embedded), there);
  return out_->forward(blocks::TokenPool(blocks::TokenPool::Kind::mean).forward(said, there));
}

std::string TextTower::write(const Exporter& to, const std::string& embedded) const {
  const std::string said = encoder_->write(to.in("encoder"), positions_->write(to.in("positions"), embedded));
  return out_->write(to.in("out"), blocks::TokenPool(blocks::TokenPool::Kind::mean).write(to.in("pool"), said));
}

torch::Tensor unit_rows(const torch::Tensor& x, std::int64_t axis) {
  return torch::nn::functional::normalize(x, torch::nn::functional::NormalizeFuncOptions().dim(axis));
}

}  // namespace vultus::learn
