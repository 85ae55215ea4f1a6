#include <vultus/learn/training/trunk_tail.hpp>

#include <stdexcept>
#include <utility>
#include <vector>

namespace vultus::learn {
namespace {

/// Which nodes the other outputs need, without looking behind `stop`.
std::vector<char> needed_by_others(const runtime::Graph& graph, const std::string& output, std::size_t stop) {
  std::vector<char> needed(graph.nodes.size(), 0);
  for (const auto& [name, value] : graph.outputs)
    if (name != output) needed[value.node] = 1;
  for (std::size_t i = graph.nodes.size(); i-- > 0;)
    if (needed[i] != 0 && i != stop)
      for (const runtime::GraphValue& from : graph.nodes[i].inputs) needed[from.node] = 1;
  return needed;
}

class Tailed final : public Learner {
 public:
  Tailed(std::unique_ptr<Learner> learner, std::shared_ptr<Trunk> tail, double rate)
      : learner_(std::move(learner)), tail_(std::move(tail)), rate_(rate), both_(std::make_shared<Both>()) {
    both_->register_module("learner", learner_->net());
    both_->register_module("tail", tail_);
  }
  [[nodiscard]] std::shared_ptr<torch::nn::Module> net() const override { return both_; }
  [[nodiscard]] bool two_views() const override { return learner_->two_views(); }
  [[nodiscard]] std::vector<LoopGroup> groups() const override {
    std::vector<LoopGroup> groups = learner_->groups();
    if (!tail_->parameters().empty()) groups.push_back({.parameters = tail_->parameters(), .factor = rate_});
    return groups;
  }
  torch::Tensor loss(const LearnBatch& batch) override {
    LearnBatch wider = batch;
    wider.inputs = widened(batch.inputs);
    if (!batch.again.empty()) wider.again = widened(batch.again);
    return learner_->loss(wider);
  }
  torch::Tensor answers(const std::vector<torch::Tensor>& inputs) override {
    return learner_->answers(widened(inputs));
  }
  [[nodiscard]] std::vector<GraphOutput> write(const blocks::Exporter& to,
                                               const std::vector<std::string>& inputs) const override {
    const auto made = tail_->write(to.out(), "tail.", inputs.at(0));
    if (!made) throw std::runtime_error(made.error().message);  // with_tail() is for tails that can be written
    std::vector<std::string> wider = made.value();
    wider.insert(wider.end(), inputs.begin(), inputs.end());
    return learner_->write(to, wider);
  }

 private:
  /// A module that has none of its own.
  class Both : public torch::nn::Module {};

  [[nodiscard]] std::vector<torch::Tensor> widened(const std::vector<torch::Tensor>& inputs) const {
    std::vector<torch::Tensor> wider = tail_->forward(inputs.at(0));
    wider.insert(wider.end(), inputs.begin(), inputs.end());
    return wider;
  }

  std::unique_ptr<Learner> learner_;
  std::shared_ptr<Trunk> tail_;
  double rate_;
  std::shared_ptr<Both> both_;
};

}  // namespace

Result<runtime::Graph> graph_behind(const runtime::Graph& graph, const std::string& output) {
  const auto refuse = [&](const std::string& what) {
    return fail(ErrorCode::invalid_argument, "model " + graph.id.text() + ": " + what);
  };
  const auto at = graph.outputs.find(output);
  if (at == graph.outputs.end()) return refuse("no output \"" + output + "\"");
  if (graph.outputs.size() < 2) return refuse("nothing is wanted behind \"" + output + "\"");
  const std::size_t stop = at->second.node;
  const std::vector<std::int64_t>& shape = graph.nodes[stop].outputs.at(at->second.output).shape;
  if (shape.size() != 4 || shape[2] != shape[3] || graph.nodes[stop].outputs.size() != 1)
    return refuse("\"" + output + "\" is no square map");
  const std::vector<char> needed = needed_by_others(graph, output, stop);
  if (needed[stop] == 0) return refuse("nothing that is wanted stands behind \"" + output + "\"");
  runtime::Graph tail{.id = graph.id, .input = graph.input, .nodes = {}, .outputs = {}};
  tail.input = {
      .shape = shape, .layout = runtime::Layout::nchw, .colour = runtime::Colour::rgb, .mean = {0}, .scale = {1}};
  std::vector<std::size_t> place(graph.nodes.size(), 0);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (needed[i] == 0) continue;
    place[i] = tail.nodes.size();
    runtime::GraphNode node = graph.nodes[i];
    if (i == stop) {
      node.kind = "Parameter";
      node.inputs.clear(), node.numbers.clear(), node.reals.clear(), node.texts.clear();
    } else if (node.kind == "Parameter") {
      return refuse("what is wanted needs more of the picture than \"" + output + "\"");
    }
    for (runtime::GraphValue& from : node.inputs) from.node = place[from.node];
    tail.nodes.push_back(std::move(node));
  }
  for (const auto& [name, value] : graph.outputs)
    if (name != output) tail.outputs[name] = {place[value.node], value.output};
  return tail;
}

std::unique_ptr<Learner> with_tail(std::unique_ptr<Learner> learner, std::shared_ptr<Trunk> tail, double rate) {
  return std::make_unique<Tailed>(std::move(learner), std::move(tail), rate);
}

}  // namespace vultus::learn
