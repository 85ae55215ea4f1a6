#include <limits>

#include <torch/types.h>

#include <vultus/learn/training/contrastive.hpp>

namespace vultus::learn {
namespace {

torch::Tensor own_row_wins(const torch::Tensor& logits) {
  return torch::nll_loss(torch::log_softmax(logits, 1), torch::arange(logits.size(0)));
}

}  // namespace

torch::Tensor unit_rows(const torch::Tensor& x) { return x / x.norm(2, {-1}, true).clamp_min(1e-12); }

torch::Tensor info_nce(const torch::Tensor& queries, const torch::Tensor& keys, double temperature,
                       const torch::Tensor& negatives) {
  const torch::Tensor q = unit_rows(queries);
  torch::Tensor logits = torch::mm(q, unit_rows(keys).t());
  if (negatives.defined()) logits = torch::cat({logits, torch::mm(q, unit_rows(negatives).t())}, 1);
  return own_row_wins(logits / temperature);
}

torch::Tensor info_nce_both(const torch::Tensor& a, const torch::Tensor& b, double temperature) {
  const torch::Tensor logits = torch::mm(unit_rows(a), unit_rows(b).t()) / temperature;
  return (own_row_wins(logits) + own_row_wins(logits.t())) / 2;
}

torch::Tensor supervised_contrastive(const torch::Tensor& codes, const torch::Tensor& labels, double temperature) {
  const torch::Tensor z = unit_rows(codes);
  const torch::Tensor self = torch::eye(z.size(0), torch::kBool);
  const torch::Tensor logits =
      (torch::mm(z, z.t()) / temperature).masked_fill(self, -std::numeric_limits<double>::infinity());
  const torch::Tensor positive =
      torch::logical_and(labels.unsqueeze(0) == labels.unsqueeze(1), torch::logical_not(self)).to(z.scalar_type());
  // The diagonal is -inf: it is no positive, and 0 times it would be no number.
  const torch::Tensor shares = torch::log_softmax(logits, 1).masked_fill(self, 0);
  const torch::Tensor counts = positive.sum(1);
  const torch::Tensor rows = -(shares * positive).sum(1) / counts.clamp_min(1);
  return rows.sum() / (counts > 0).sum().clamp_min(1);
}

torch::Tensor prototype_cross_entropy(const torch::Tensor& codes, const torch::Tensor& prototypes,
                                      const torch::Tensor& labels, double temperature) {
  const torch::Tensor logits = torch::mm(unit_rows(codes), unit_rows(prototypes).t()) / temperature;
  return torch::nll_loss(torch::log_softmax(logits, 1), labels);
}

torch::Tensor prototypes_of(const torch::Tensor& codes, const torch::Tensor& labels, std::int64_t classes) {
  const torch::Tensor members = torch::one_hot(labels, classes).to(codes.scalar_type());
  return unit_rows(torch::mm(members.t(), unit_rows(codes)));
}

}  // namespace vultus::learn
