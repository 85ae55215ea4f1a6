#include <utility>

#include <vultus/learn/training/blocks/temporal.hpp>

namespace vultus::learn::blocks {
namespace {

/// [t, t]: 1 where two tokens lie within a window, or in one segment.
torch::Tensor within_window(std::int64_t tokens, std::int64_t window) {
  const torch::Tensor at = torch::arange(tokens);
  return ((at.unsqueeze(0) - at.unsqueeze(1)).abs() <= window / 2).to(torch::kFloat);
}
torch::Tensor within_segment(std::int64_t tokens, std::int64_t segment) {
  const torch::Tensor at = torch::arange(tokens).div(segment, "floor");
  return (at.unsqueeze(0) == at.unsqueeze(1)).to(torch::kFloat);
}

/// [n, t, d] as maps of one row and back, for convolutions.
class TokensFirst : public Block {
 public:
  torch::Tensor forward(const torch::Tensor& x) override { return x.transpose(1, 2); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override {
    return to.transpose(x, {0, 2, 1});
  }
};

ConvOptions along_time(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride) {
  return {.in = in, .out = out, .kernel = {kernel}, .stride = {stride}};
}

}  // namespace

CausalConv::CausalConv(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t dilation)
    : reach_((kernel - 1) * dilation),
      conv_(part<Conv>(
          "conv", ConvOptions{.in = in, .out = out, .kernel = {kernel}, .padding = {reach_}, .dilation = {dilation}})) {
}

torch::Tensor CausalConv::forward(const torch::Tensor& x) {
  // Padded at both ends; what would see the future lies at the end and is cut off.
  return conv_->forward(x).slice(2, 0, x.size(2));
}

std::string CausalConv::write(const Exporter& to, const std::string& x) const {
  const std::string both = conv_->write(to.in("conv"), x);
  return reach_ == 0 ? both : to.slice(both, 2, 0, -reach_);
}

CausalTcn::CausalTcn(const TcnOptions& options) {
  std::int64_t in = options.in, dilation = 1;
  for (std::size_t i = 0; i < options.widths.size(); ++i, dilation *= 2) {
    const std::int64_t width = options.widths[i];
    const auto branch = part<Chain>("branch" + std::to_string(i));
    for (const std::int64_t from : {in, width}) {
      branch->add<CausalConv>(from, width, options.kernel, dilation);
      branch->add<LayerNorm>(width, Along::channels);
      branch->add<Activation>(Act::relu);
      branch->add<Dropout>(options.dropout);
    }
    branches_.push_back(branch);
    past_.push_back(in == width ? nullptr : part<Conv>("past" + std::to_string(i), along_time(in, width, 1, 1)));
    in = width;
  }
}

torch::Tensor CausalTcn::forward(const torch::Tensor& x) {
  torch::Tensor at = x;
  for (std::size_t i = 0; i < branches_.size(); ++i)
    at = torch::relu(branches_[i]->forward(at) + (past_[i] ? past_[i]->forward(at) : at));
  return at;
}

std::string CausalTcn::write(const Exporter& to, const std::string& x) const {
  std::string at = x;
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    const std::string number = std::to_string(i);
    const std::string past = past_[i] ? past_[i]->write(to.in("past" + number), at) : at;
    at = to.node("Relu", {to.add(branches_[i]->write(to.in("branch" + number), at), past)});
  }
  return at;
}

WindowedEncoder::WindowedEncoder(const WindowOptions& options) {
  for (std::int64_t i = 0; i < 2 * options.layers; ++i) {
    const std::string name = "layer" + std::to_string(i) + "_";
    layers_.push_back(
        {.norm = part<LayerNorm>(name + "norm", options.width),
         .mlp_norm = part<LayerNorm>(name + "mlp_norm", options.width),
         .attention =
             part<Attention>(name + "attention", AttentionOptions{.width = options.width, .heads = options.heads}),
         .mlp = part<Mlp>(name + "mlp", Wholes{options.width, 4 * options.width, options.width}),
         .allowed = register_buffer(name + "allowed", i % 2 == 0 ? within_window(options.tokens, options.window)
                                                                 : within_segment(options.tokens, options.segment))});
  }
}

torch::Tensor WindowedEncoder::forward(const torch::Tensor& x) {
  torch::Tensor at = x;
  for (const Layer& layer : layers_) {
    const torch::Tensor own = layer.norm->forward(at);
    at = at + layer.attention->forward(own, own, layer.allowed.unsqueeze(0));
    at = at + layer.mlp->forward(layer.mlp_norm->forward(at));
  }
  return at;
}

std::string WindowedEncoder::write(const Exporter& to, const std::string& x) const {
  std::string at = x;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    const Exporter own_to = to.in("layer" + std::to_string(i));
    const std::string own = layer.norm->write(own_to.in("norm"), at);
    const std::string allowed = own_to.constant(layer.allowed.unsqueeze(0));
    at = to.add(at, layer.attention->write(own_to.in("attention"), own, own, allowed, MaskOf::pairs));
    at = to.add(at, layer.mlp->write(own_to.in("mlp"), layer.mlp_norm->write(own_to.in("mlp_norm"), at)));
  }
  return at;
}

TemporalPyramid::TemporalPyramid(std::int64_t width, std::int64_t levels) {
  for (std::int64_t i = 0; i < levels; ++i) {
    if (i > 0) down_.push_back(part<Conv>("down" + std::to_string(i), along_time(width, width, 3, 2)));
    norms_.push_back(part<LayerNorm>("norm" + std::to_string(i), width));
  }
}

std::vector<torch::Tensor> TemporalPyramid::forward(const torch::Tensor& x) {
  std::vector<torch::Tensor> levels;
  torch::Tensor at = x.transpose(1, 2);
  for (std::size_t i = 0; i < norms_.size(); ++i) {
    if (i > 0) at = torch::relu(down_[i - 1]->forward(at));
    levels.push_back(norms_[i]->forward(at.transpose(1, 2)));
  }
  return levels;
}

std::vector<std::string> TemporalPyramid::write(const Exporter& to, const std::string& x) const {
  std::vector<std::string> levels;
  std::string at = to.transpose(x, {0, 2, 1});
  for (std::size_t i = 0; i < norms_.size(); ++i) {
    const std::string number = std::to_string(i);
    if (i > 0) at = to.node("Relu", {down_[i - 1]->write(to.in("down" + number), at)});
    levels.push_back(norms_[i]->write(to.in("norm" + number), to.transpose(at, {0, 2, 1})));
  }
  return levels;
}

SpanHeads::SpanHeads(std::int64_t width, std::int64_t classes, std::int64_t levels)
    : classify_(part<Chain>("classify")),
      measure_(part<Chain>("measure")),
      scales_(register_parameter("scales", torch::zeros({levels}))) {
  for (const auto& [chain, out] : {std::pair{classify_, classes}, std::pair{measure_, std::int64_t{2}}}) {
    chain->add<TokensFirst>();
    chain->add<Conv>(along_time(width, width, 3, 1));
    chain->add<Activation>(Act::relu);
    chain->add<Conv>(along_time(width, out, 3, 1));
    chain->add<TokensFirst>();
  }
}

std::vector<SpanAnswer> SpanHeads::forward(const std::vector<torch::Tensor>& levels) {
  std::vector<SpanAnswer> answers;
  for (std::size_t i = 0; i < levels.size(); ++i)
    answers.push_back({.classes = classify_->forward(levels[i]),
                       .reach = torch::exp(torch::clamp(
                           measure_->forward(levels[i]) + scales_[static_cast<std::int64_t>(i)], -10, 10))});
  return answers;
}

std::vector<std::pair<std::string, std::string>> SpanHeads::write(const Exporter& to,
                                                                  const std::vector<std::string>& levels) const {
  std::vector<std::pair<std::string, std::string>> answers;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const Exporter level = to.in("level" + std::to_string(i));
    const std::string scale =
        level.constant(scales_.slice(0, static_cast<std::int64_t>(i), static_cast<std::int64_t>(i) + 1));
    const std::string raw = level.add(measure_->write(level.in("measure"), levels[i]), scale);
    answers.emplace_back(classify_->write(level.in("classify"), levels[i]),
                         level.node("Exp", {level.node("Clip", {raw, level.scalar(-10), level.scalar(10)})}));
  }
  return answers;
}

}  // namespace vultus::learn::blocks
