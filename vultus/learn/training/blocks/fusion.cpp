#include <cmath>

#include <vultus/learn/training/blocks/fusion.hpp>

namespace vultus::learn::blocks {

LeaderFusion::LeaderFusion(const LeaderFusionOptions& options) : options_(options) {
  TORCH_CHECK(!options.widths.empty() && options.heads >= 1 && options.width % options.heads == 0,
              "a fusion needs sources, and heads that divide its width");
  for (std::size_t i = 0; i < options.widths.size(); ++i) {
    const std::string name = std::to_string(i);
    query_.push_back(part<Linear>("query" + name, options.widths[i], options.width));
    key_.push_back(part<Linear>("key" + name, options.widths[i], options.width));
    value_.push_back(part<Linear>("value" + name, options.widths[i], options.width));
  }
  const auto all = static_cast<std::int64_t>(options.widths.size()) * options.width;
  out_ = part<Linear>("out", all, all);
  norm_ = part<LayerNorm>("norm", all);
}

std::int64_t LeaderFusion::answers() const {
  return static_cast<std::int64_t>(options_.widths.size()) * options_.width + options_.widths.front();
}

torch::Tensor LeaderFusion::forward(const std::vector<torch::Tensor>& sources) {
  TORCH_CHECK(sources.size() == query_.size(), "a fusion of ", query_.size(), " sources got ", sources.size());
  const std::int64_t n = sources[0].size(0), t = sources[0].size(1), heads = options_.heads,
                     part = options_.width / heads;
  // [n, t, heads, sources, part]
  const auto split = [&](const std::vector<std::shared_ptr<Linear>>& layers) {
    std::vector<torch::Tensor> rows;
    for (std::size_t i = 0; i < layers.size(); ++i)
      rows.push_back(layers[i]->forward(sources[i]).view({n, t, heads, 1, part}));
    return torch::cat(rows, 3);
  };
  const torch::Tensor q = split(query_), k = split(key_), v = split(value_);
  const torch::Tensor shares =
      torch::softmax(torch::matmul(q, k.transpose(3, 4)) / std::sqrt(static_cast<double>(part)), 4);
  const torch::Tensor seen = (torch::matmul(shares, v) + v).permute({0, 1, 3, 2, 4}).reshape({n, t, -1});
  const torch::Tensor out = torch::dropout(out_->forward(seen), options_.dropout, is_training());
  return torch::cat({norm_->forward(out), sources[0]}, 2);
}

std::string LeaderFusion::write(const Exporter& to, const std::vector<std::string>& sources) const {
  const std::int64_t heads = options_.heads, part = options_.width / heads;
  const auto split = [&](const std::vector<std::shared_ptr<Linear>>& layers, const std::string& name) {
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < layers.size(); ++i)
      rows.push_back(to.reshape(layers[i]->write(to.in(name + std::to_string(i)), sources[i]), {0, 0, heads, 1, part}));
    return to.concat(rows, 3);
  };
  const std::string q = split(query_, "query"), k = to.transpose(split(key_, "key"), {0, 1, 2, 4, 3}),
                    v = split(value_, "value");
  const std::string scores = to.times(to.matmul(q, k), 1 / std::sqrt(static_cast<double>(part)));
  const std::string seen = to.transpose(to.add(to.matmul(to.softmax(scores, 4), v), v), {0, 1, 3, 2, 4});
  const std::string row = to.reshape(seen, {0, 0, static_cast<std::int64_t>(query_.size()) * options_.width});
  return to.concat({norm_->write(to.in("norm"), out_->write(to.in("out"), row)), sources[0]}, 2);
}

GateFusion::GateFusion(const Wholes& widths, std::int64_t width) {
  for (std::size_t i = 0; i < widths.size(); ++i)
    in_.push_back(part<Linear>("in" + std::to_string(i), widths[i], width));
  const auto all = static_cast<std::int64_t>(widths.size()) * width;
  gate_ = part<Linear>("gate", all, all);
}

torch::Tensor GateFusion::forward(const std::vector<torch::Tensor>& sources) {
  TORCH_CHECK(sources.size() == in_.size(), "a fusion of ", in_.size(), " sources got ", sources.size());
  std::vector<torch::Tensor> rows;
  for (std::size_t i = 0; i < in_.size(); ++i) rows.push_back(in_[i]->forward(sources[i]));
  const torch::Tensor all = torch::cat(rows, -1);
  return torch::softmax(gate_->forward(all), -1) * all;
}

std::string GateFusion::write(const Exporter& to, const std::vector<std::string>& sources) const {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < in_.size(); ++i)
    rows.push_back(in_[i]->write(to.in("in" + std::to_string(i)), sources[i]));
  const std::string all = to.concat(rows, -1);
  return to.mul(to.softmax(gate_->write(to.in("gate"), all), -1), all);
}

SpecificToInvariant::SpecificToInvariant(const AttentionOptions& options)
    : norm_(part<LayerNorm>("norm", options.width)),
      context_norm_(part<LayerNorm>("context_norm", options.context > 0 ? options.context : options.width)),
      attention_(part<Attention>("attention", options)) {}

torch::Tensor SpecificToInvariant::forward(const torch::Tensor& invariant, const torch::Tensor& specific) {
  return invariant + attention_->forward(norm_->forward(invariant), context_norm_->forward(specific));
}

std::string SpecificToInvariant::write(const Exporter& to, const std::string& invariant,
                                       const std::string& specific) const {
  return to.add(invariant, attention_->write(to.in("attention"), norm_->write(to.in("norm"), invariant),
                                             context_norm_->write(to.in("context_norm"), specific)));
}

std::shared_ptr<Mlp> discriminator(std::int64_t width, std::int64_t sources, std::int64_t hidden) {
  return std::make_shared<Mlp>(Wholes{width, hidden, sources}, Act::relu);
}

}  // namespace vultus::learn::blocks
