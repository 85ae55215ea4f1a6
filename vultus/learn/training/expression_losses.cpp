#include <tuple>
#include <vector>

#include <vultus/learn/training/expression_losses.hpp>

namespace vultus::learn {
namespace {

/// First and second class of each pair.
std::pair<torch::Tensor, torch::Tensor> members(std::int64_t classes) {
  std::vector<std::int64_t> first, second;
  for (std::int64_t i = 0; i < classes; ++i)
    for (std::int64_t j = i + 1; j < classes; ++j) first.push_back(i), second.push_back(j);
  return {torch::tensor(first), torch::tensor(second)};
}

}  // namespace

torch::Tensor pair_weights(const torch::Tensor& counts, double power) {
  const auto [first, second] = members(counts.size(0));
  const torch::Tensor n = counts.clamp_min(1), a = n.index_select(0, first), b = n.index_select(0, second);
  return torch::stack({(a + b) / (2 * a), (a + b) / (2 * b)}, 1).pow(power);
}

torch::Tensor pair_loss(const torch::Tensor& logits, const torch::Tensor& targets, const torch::Tensor& weights) {
  const auto [first, second] = members(targets.size(1));
  const torch::Tensor for_first = targets.index_select(1, first) * weights.select(1, 0) * torch::log_sigmoid(logits);
  const torch::Tensor for_second = targets.index_select(1, second) * weights.select(1, 1) * torch::log_sigmoid(-logits);
  return -(for_first + for_second).sum(1).mean() / static_cast<double>(targets.size(1) - 1);
}

torch::Tensor mutual_divergence(const torch::Tensor& opinions) {
  const torch::Tensor q = opinions.clamp_min(1e-8), mean = q.mean(1, /*keepdim=*/true);
  return (q * (q.log() - mean.log())).sum({1, 2}).mean();
}

torch::Tensor guided_loss(const torch::Tensor& logits, const torch::Tensor& targets, const torch::Tensor& guide,
                          const torch::Tensor& share, double temperature) {
  const torch::Tensor by_label = -(targets * torch::log_softmax(logits, 1)).sum(1);
  const torch::Tensor softened = torch::softmax(guide.clamp_min(1e-8).log() / temperature, 1);
  const torch::Tensor by_guide =
      temperature * temperature * (softened * (softened.log() - torch::log_softmax(logits / temperature, 1))).sum(1);
  return ((1 - share) * by_label + share * by_guide).mean();
}

torch::Tensor balanced_distance(const torch::Tensor& predictions, const torch::Tensor& targets,
                                const torch::Tensor& variance) {
  const torch::Tensor distances = (predictions.unsqueeze(1) - targets.unsqueeze(0)).pow(2).sum(2);
  const torch::Tensor own = torch::arange(predictions.size(0));
  // The factor only keeps the size of the loss: were it learnt along, the variance would shrink to make the loss small.
  return 2 * variance.detach() * torch::nn::functional::cross_entropy(-distances / (2 * variance), own);
}

}  // namespace vultus::learn
