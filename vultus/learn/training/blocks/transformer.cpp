#include <cmath>

#include <vultus/learn/training/blocks/transformer.hpp>

namespace vultus::learn::blocks {
namespace {

/// What is taken from the scores of tokens that are not there: far below any score, and still a number.
constexpr double kFar = 1e9;

/// Maps to tokens: [n, d, places ...] -> [n, t, d].
torch::Tensor as_tokens(const torch::Tensor& maps) { return maps.flatten(2).transpose(1, 2); }
std::string as_tokens(const Exporter& to, const std::string& maps, std::int64_t width) {
  return to.transpose(to.reshape(maps, {0, width, -1}), {0, 2, 1});
}

}  // namespace

PatchEmbedding::PatchEmbedding(std::int64_t channels, std::int64_t patch, std::int64_t width)
    : width_(width),
      conv_(part<Conv>(
          "conv",
          ConvOptions{
              .in = channels, .out = width, .kernel = {patch, patch}, .stride = {patch, patch}, .padding = {0, 0}})) {}

torch::Tensor PatchEmbedding::forward(const torch::Tensor& x) { return as_tokens(conv_->forward(x)); }

std::string PatchEmbedding::write(const Exporter& to, const std::string& x) const {
  return as_tokens(to, conv_->write(to.in("conv"), x), width_);
}

TubeletEmbedding::TubeletEmbedding(std::int64_t channels, std::int64_t depth, std::int64_t patch, std::int64_t width)
    : width_(width),
      conv_(part<Conv>("conv", ConvOptions{.in = channels,
                                           .out = width,
                                           .kernel = {depth, patch, patch},
                                           .stride = {depth, patch, patch},
                                           .padding = {0, 0, 0}})) {}

torch::Tensor TubeletEmbedding::forward(const torch::Tensor& x) { return as_tokens(conv_->forward(x)); }

std::string TubeletEmbedding::write(const Exporter& to, const std::string& x) const {
  return as_tokens(to, conv_->write(to.in("conv"), x), width_);
}

torch::Tensor sine_positions(std::int64_t tokens, std::int64_t width) {
  TORCH_CHECK(width >= 2 && width % 2 == 0, "positions need an even width, not ", width);
  const torch::Tensor powers = torch::arange(width / 2, torch::kDouble) / static_cast<double>(width / 2);
  const torch::Tensor angles =
      torch::arange(tokens, torch::kDouble).unsqueeze(1) * torch::exp(-std::log(10000.0) * powers).unsqueeze(0);
  return torch::cat({angles.sin(), angles.cos()}, 1).to(torch::kFloat);
}

torch::Tensor grid_positions(std::int64_t rows, std::int64_t columns, std::int64_t width) {
  TORCH_CHECK(width >= 4 && width % 4 == 0, "positions of a grid need a width that 4 divides, not ", width);
  const torch::Tensor row = sine_positions(rows, width / 2).unsqueeze(1).expand({rows, columns, width / 2});
  const torch::Tensor column = sine_positions(columns, width / 2).unsqueeze(0).expand({rows, columns, width / 2});
  return torch::cat({row, column}, 2).reshape({rows * columns, width});
}

Positions::Positions(const torch::Tensor& table, Kind kind, ClassToken class_token) {
  const torch::Tensor own = table.detach().clone().unsqueeze(0);
  table_ = kind == Kind::learnt ? register_parameter("table", own) : register_buffer("table", own);
  if (class_token == ClassToken::first)
    class_token_ = register_parameter("class_token", 0.02 * torch::randn({1, 1, table.size(1)}));
}

torch::Tensor Positions::forward(const torch::Tensor& x) {
  const torch::Tensor placed = x + table_;
  if (!class_token_.defined()) return placed;
  return torch::cat({class_token_.expand({x.size(0), 1, x.size(2)}), placed}, 1);
}

std::string Positions::write(const Exporter& to, const std::string& x) const {
  const std::string placed = to.add(x, to.weight("table", table_));
  if (!class_token_.defined()) return placed;
  // The token for every sample: nothing of the first token, and the class token added to it.
  const std::string none = to.times(to.slice(x, 1, 0, 1), 0);
  return to.concat({to.add(none, to.weight("class_token", class_token_)), placed}, 1);
}

Attention::Attention(const AttentionOptions& options) : options_(options) {
  TORCH_CHECK(options.heads >= 1 && options.width % options.heads == 0, "a width of ", options.width,
              " is not divided by ", options.heads, " heads");
  if (options_.context == 0) options_.context = options_.width;
  query_ = part<Linear>("query", options_.width, options_.width);
  key_ = part<Linear>("key", options_.context, options_.width);
  value_ = part<Linear>("value", options_.context, options_.width);
  out_ = part<Linear>("out", options_.width, options_.width);
}

torch::Tensor Attention::forward(const torch::Tensor& queries, const torch::Tensor& context,
                                 const torch::Tensor& there) {
  const std::int64_t n = queries.size(0), heads = options_.heads, part = options_.width / heads;
  const auto split = [&](const torch::Tensor& x) { return x.view({n, -1, heads, part}).transpose(1, 2); };
  const torch::Tensor q = split(query_->forward(queries)), k = split(key_->forward(context)),
                      v = split(value_->forward(context));
  torch::Tensor scores = torch::matmul(q, k.transpose(2, 3)) / std::sqrt(static_cast<double>(part));
  if (there.defined()) scores = scores + ((there.dim() == 3 ? there : there.unsqueeze(1)) - 1).unsqueeze(1) * kFar;
  const torch::Tensor shares = torch::softmax(scores, 3);
  if (keep_) maps_ = shares.detach();
  const torch::Tensor seen = torch::matmul(torch::dropout(shares, options_.dropout, is_training()), v);
  return out_->forward(seen.transpose(1, 2).reshape({n, -1, options_.width}));
}

std::string Attention::write(const Exporter& to, const std::string& queries, const std::string& context,
                             const std::string& there, MaskOf mask) const {
  const std::int64_t heads = options_.heads, part = options_.width / heads;
  const auto split = [&](const BlockPointer& block, const std::string& name, const std::string& x,
                         const Wholes& order) {
    return to.transpose(to.reshape(block->write(to.in(name), x), {0, -1, heads, part}), order);
  };
  const std::string q = split(query_, "query", queries, {0, 2, 1, 3}), k = split(key_, "key", context, {0, 2, 3, 1}),
                    v = split(value_, "value", context, {0, 2, 1, 3});
  std::string scores = to.times(to.matmul(q, k), 1 / std::sqrt(static_cast<double>(part)));
  if (!there.empty())
    scores = to.add(scores,
                    to.unsqueeze(to.times(to.plus(there, -1), kFar), mask == MaskOf::pairs ? Wholes{1} : Wholes{1, 2}));
  const std::string seen = to.matmul(to.softmax(scores, 3), v);
  return out_->write(to.in("out"), to.reshape(to.transpose(seen, {0, 2, 1, 3}), {0, -1, options_.width}));
}

EncoderLayer::EncoderLayer(const EncoderOptions& options, double drop_path) : drop_path_(drop_path) {
  const auto made = [&](const std::string& name, std::shared_ptr<LayerNorm>& norm, torch::Tensor& gamma) {
    norm = part<LayerNorm>(name + "norm", options.width);
    if (options.layer_scale > 0)
      gamma = register_parameter(name + "gamma", torch::full({options.width}, options.layer_scale));
  };
  AttentionOptions attention{.width = options.width, .heads = options.heads, .context = 0, .dropout = options.dropout};
  made("", norm_, gamma_);
  attention_ = part<Attention>("attention", attention);
  if (options.context > 0) {
    attention.context = options.context;
    made("cross_", cross_norm_, cross_gamma_);
    cross_ = part<Attention>("cross", attention);
  }
  made("mlp_", mlp_norm_, mlp_gamma_);
  const std::int64_t hidden = options.hidden > 0 ? options.hidden : 4 * options.width;
  mlp_ = part<Mlp>("mlp", Wholes{options.width, hidden, options.width}, Act::gelu, options.dropout);
}

torch::Tensor EncoderLayer::joined(const torch::Tensor& x, const torch::Tensor& change, const torch::Tensor& gamma) {
  torch::Tensor scaled = gamma.defined() ? change * gamma : change;
  if (drop_path_ > 0 && is_training())
    scaled = scaled * torch::bernoulli(torch::full({x.size(0), 1, 1}, 1 - drop_path_)) / (1 - drop_path_);
  return x + scaled;
}

std::string EncoderLayer::joined(const Exporter& to, const std::string& x, const std::string& change,
                                 const torch::Tensor& gamma, const std::string& name) const {
  return to.add(x, gamma.defined() ? to.mul(change, to.weight(name, gamma)) : change);
}

torch::Tensor EncoderLayer::forward(const torch::Tensor& x, const torch::Tensor& there, const torch::Tensor& context,
                                    const torch::Tensor& context_there) {
  const torch::Tensor own = norm_->forward(x);
  torch::Tensor at = joined(x, attention_->forward(own, own, there), gamma_);
  if (cross_ && context.defined())
    at = joined(at, cross_->forward(cross_norm_->forward(at), context, context_there), cross_gamma_);
  return joined(at, mlp_->forward(mlp_norm_->forward(at)), mlp_gamma_);
}

std::string EncoderLayer::write(const Exporter& to, const std::string& x, const std::string& there,
                                const std::string& context, const std::string& context_there) const {
  const std::string own = norm_->write(to.in("norm"), x);
  std::string at = joined(to, x, attention_->write(to.in("attention"), own, own, there), gamma_, "gamma");
  if (cross_ && !context.empty())
    at = joined(to, at,
                cross_->write(to.in("cross"), cross_norm_->write(to.in("cross_norm"), at), context, context_there),
                cross_gamma_, "cross_gamma");
  return joined(to, at, mlp_->write(to.in("mlp"), mlp_norm_->write(to.in("mlp_norm"), at)), mlp_gamma_, "mlp_gamma");
}

Encoder::Encoder(const EncoderOptions& options) {
  for (std::int64_t i = 0; i < options.layers; ++i)
    layers_.push_back(part<EncoderLayer>("layer" + std::to_string(i), options,
                                         options.drop_path * static_cast<double>(i) /
                                             static_cast<double>(std::max<std::int64_t>(options.layers - 1, 1))));
  norm_ = part<LayerNorm>("norm", options.width);
}

torch::Tensor Encoder::forward(const torch::Tensor& x, const torch::Tensor& there, const torch::Tensor& context,
                               const torch::Tensor& context_there) {
  torch::Tensor at = x;
  for (const auto& layer : layers_) at = layer->forward(at, there, context, context_there);
  return norm_->forward(at);
}

std::string Encoder::write(const Exporter& to, const std::string& x, const std::string& there,
                           const std::string& context, const std::string& context_there) const {
  std::string at = x;
  for (std::size_t i = 0; i < layers_.size(); ++i)
    at = layers_[i]->write(to.in("layer" + std::to_string(i)), at, there, context, context_there);
  return norm_->write(to.in("norm"), at);
}

torch::Tensor TokenPool::forward(const torch::Tensor& x, const torch::Tensor& there) {
  if (kind_ == Kind::first) return x.select(1, 0);
  if (!there.defined()) return x.mean(1);
  return (x * there.unsqueeze(2)).sum(1) / there.sum(1, true).clamp_min(1);
}

std::string TokenPool::write(const Exporter& to, const std::string& x, const std::string& there) const {
  if (kind_ == Kind::first) return to.squeeze(to.slice(x, 1, 0, 1), {1});
  if (there.empty()) return to.mean(x, {1}, false);
  const std::string sum = to.sum(to.mul(x, to.unsqueeze(there, {2})), {1}, false);
  return to.div(sum, to.node("Max", {to.sum(there, {1}, true), to.scalar(1)}));
}

}  // namespace vultus::learn::blocks
