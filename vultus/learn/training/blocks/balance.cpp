#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <vultus/learn/training/blocks/balance.hpp>

namespace vultus::learn::blocks {

double ramp(double progress, double from, double to, RampShape shape, double begin, double end) {
  if (end <= begin) return progress < begin ? from : to;
  const double x = std::clamp((progress - begin) / (end - begin), 0.0, 1.0);
  switch (shape) {
    case RampShape::linear: return from + (to - from) * x;
    case RampShape::cosine: return from + (to - from) * (1 - std::cos(std::numbers::pi * x)) / 2;
    case RampShape::exponential: return from + (to - from) * std::exp(-5 * (1 - x) * (1 - x));
  }
  return to;
}

void DynamicWeights::add(const std::map<std::string, double>& losses) {
  for (const auto& [name, value] : losses) {
    std::deque<double>& trace = traces_[name];
    trace.push_back(value);
    if (trace.size() > window_) trace.pop_front();
  }
}

std::map<std::string, double> DynamicWeights::weights(double power) const {
  std::map<std::string, double> weights;
  double sum = 0;
  const bool full = std::ranges::all_of(traces_, [&](const auto& trace) { return trace.second.size() == window_; });
  for (const auto& [name, trace] : traces_) {
    double value = 1;
    if (full) {
      const auto half = static_cast<std::ptrdiff_t>(trace.size() / 2);
      const double older = std::accumulate(trace.begin(), trace.begin() + half, 0.0) / static_cast<double>(half);
      const double newer = std::accumulate(trace.end() - half, trace.end(), 0.0) / static_cast<double>(half);
      const double mean = std::accumulate(trace.begin(), trace.end(), 0.0) / static_cast<double>(trace.size());
      double variance = 0;
      for (const double loss : trace) variance += (loss - mean) * (loss - mean);
      variance /= static_cast<double>(trace.size());
      value = std::pow(newer / std::max(older, 1e-300), power) / (variance + eta_);
    }
    weights[name] = value, sum += value;
  }
  for (auto& [name, value] : weights) value *= static_cast<double>(weights.size()) / sum;
  return weights;
}

torch::Tensor UncertaintyWeights::forward(const std::vector<torch::Tensor>& losses) const {
  TORCH_CHECK(static_cast<std::int64_t>(losses.size()) == log_variance_.size(0), log_variance_.size(0), " weights for ",
              losses.size(), " losses");
  return (torch::exp(-log_variance_) * torch::stack(losses) + log_variance_).sum();
}

PatchCritic::PatchCritic(std::int64_t in, const Wholes& widths) : chain_(part<Chain>("chain")) {
  for (const std::int64_t width : widths) {
    chain_->add<Conv>(ConvOptions{.in = in, .out = width, .kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1}});
    chain_->add<Activation>(Act::leaky);
    in = width;
  }
  chain_->add<Conv>(conv2d(in, 1));
}

torch::Tensor critic_hinge(const torch::Tensor& real, const torch::Tensor& made) {
  return torch::relu(1 - real).mean() + torch::relu(1 + made).mean();
}

torch::Tensor maker_hinge(const torch::Tensor& made) { return -made.mean(); }

EarlyAnswers early_exit(const std::vector<torch::Tensor>& exits, double sure) {
  TORCH_CHECK(!exits.empty(), "a network without an exit");
  EarlyAnswers answers{.logits = exits.back().clone(), .exit = {}};
  const std::int64_t n = answers.logits.size(0);
  answers.exit.assign(static_cast<std::size_t>(n), static_cast<std::int64_t>(exits.size()) - 1);
  for (std::int64_t e = static_cast<std::int64_t>(exits.size()) - 2; e >= 0; --e) {
    const torch::Tensor& logits = exits[static_cast<std::size_t>(e)];
    const torch::Tensor enough = torch::softmax(logits, 1).amax(1) >= sure;
    answers.logits = torch::where(enough.unsqueeze(1), logits, answers.logits);
    for (std::int64_t i = 0; i < n; ++i)
      if (enough[i].item<bool>()) answers.exit[static_cast<std::size_t>(i)] = e;
  }
  return answers;
}

torch::Tensor exits_cross_entropy(const std::vector<torch::Tensor>& exits, const torch::Tensor& labels,
                                  const std::vector<double>& weights) {
  TORCH_CHECK(!exits.empty() && (weights.empty() || weights.size() == exits.size()), "each exit needs a weight");
  torch::Tensor sum = torch::zeros({});
  for (std::size_t e = 0; e < exits.size(); ++e)
    sum = sum + torch::nll_loss(torch::log_softmax(exits[e], 1), labels) *
                    (weights.empty() ? 1 / static_cast<double>(exits.size()) : weights[e]);
  return sum;
}

}  // namespace vultus::learn::blocks
