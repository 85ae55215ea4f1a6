#include <cmath>
#include <utility>

#include <vultus/learn/training/blocks/adapters.hpp>

namespace vultus::learn::blocks {

LowRank::LowRank(std::shared_ptr<Linear> layer, std::int64_t rank, double alpha)
    : layer_(register_module("layer", std::move(layer))),
      scale_(alpha > 0 ? alpha / static_cast<double>(rank) : 1),
      down_(register_parameter("down", torch::randn({rank, layer_->weight.size(1)}) /
                                           std::sqrt(static_cast<double>(layer_->weight.size(1))))),
      up_(register_parameter("up", torch::zeros({layer_->weight.size(0), rank}))) {
  freeze(*layer_);
}

torch::Tensor LowRank::forward(const torch::Tensor& x) {
  return layer_->forward(x) + torch::matmul(torch::matmul(x, down_.t()), up_.t()) * scale_;
}

std::string LowRank::write(const Exporter& to, const std::string& x) const { return merged()->write(to, x); }

std::shared_ptr<Linear> LowRank::merged() const {
  const torch::NoGradGuard no_gradients;
  auto one = std::make_shared<Linear>(layer_->weight.size(1), layer_->weight.size(0), layer_->bias.defined());
  // Summed in double: the sum is rounded once.
  one->weight.copy_(layer_->weight.to(torch::kDouble) +
                    torch::mm(up_.to(torch::kDouble), down_.to(torch::kDouble)) * scale_);
  if (layer_->bias.defined()) one->bias.copy_(layer_->bias);
  return one;
}

Bottleneck::Bottleneck(BlockPointer block, std::int64_t width, std::int64_t hidden, double scale)
    : block_(register_module("block", std::move(block))),
      norm_(part<LayerNorm>("norm", width)),
      down_(part<Linear>("down", width, hidden)),
      up_(part<Linear>("up", hidden, width)),
      scale_(scale) {
  const torch::NoGradGuard no_gradients;
  up_->weight.zero_(), up_->bias.zero_();
}

torch::Tensor Bottleneck::forward(const torch::Tensor& x) {
  return block_->forward(x) + up_->forward(torch::gelu(down_->forward(norm_->forward(x)))) * scale_;
}

std::string Bottleneck::write(const Exporter& to, const std::string& x) const {
  const std::string narrow = down_->write(to.in("down"), norm_->write(to.in("norm"), x));
  const std::string side = up_->write(to.in("up"), Activation(Act::gelu).write(to.in("act"), narrow));
  return to.add(block_->write(to.in("block"), x), to.times(side, scale_));
}

Prompts::Prompts(std::int64_t count, std::int64_t width)
    : tokens_(register_parameter("tokens", 0.02 * torch::randn({1, count, width}))) {}

torch::Tensor Prompts::forward(const torch::Tensor& x) {
  return torch::cat({tokens_.expand({x.size(0), -1, -1}), x}, 1);
}

std::string Prompts::write(const Exporter& to, const std::string& x) const {
  // Repeated for the batch, whatever its size: nothing of the first token, and the prompts added to it.
  const std::string none = to.times(to.slice(x, 1, 0, 1), 0);
  return to.concat({to.add(none, to.weight("tokens", tokens_)), x}, 1);
}

void freeze(torch::nn::Module& module) {
  for (torch::Tensor& parameter : module.parameters()) parameter.set_requires_grad(false);
}

std::vector<std::shared_ptr<LowRank>> add_low_rank(Encoder& encoder, std::int64_t rank, double alpha) {
  freeze(encoder);
  std::vector<std::shared_ptr<LowRank>> adapters;
  for (const auto& layer : encoder.layers()) {
    const auto adapted = [&](const BlockPointer& block) {
      const auto linear = std::dynamic_pointer_cast<Linear>(block);
      TORCH_CHECK(linear, "a layer that has an adapter already");
      adapters.push_back(std::make_shared<LowRank>(linear, rank, alpha));
      return adapters.back();
    };
    layer->attention()->replace_query(adapted(layer->attention()->query()));
    layer->attention()->replace_value(adapted(layer->attention()->value()));
  }
  return adapters;
}

}  // namespace vultus::learn::blocks
