#include <cmath>
#include <limits>

#include <torch/csrc/autograd/custom_function.h>
#include <torch/nn/functional.h>

#include <vultus/learn/training/losses.hpp>

namespace vultus::learn {
namespace {

struct Reversal : torch::autograd::Function<Reversal> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x, double strength) {
    context->saved_data["strength"] = strength;
    return x.clone();
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    return {-context->saved_data["strength"].toDouble() * gradients[0], torch::Tensor()};
  }
};

}  // namespace

torch::Tensor soft_cross_entropy(const torch::Tensor& logits, const torch::Tensor& targets,
                                 const torch::Tensor& weights) {
  const torch::Tensor rows = -(targets * torch::log_softmax(logits, 1)).sum(1);
  return (rows * weights).sum() / weights.sum();
}

torch::Tensor nt_xent(const torch::Tensor& codes, double temperature) {
  const torch::Tensor z = torch::nn::functional::normalize(codes, torch::nn::functional::NormalizeFuncOptions().dim(1));
  const std::int64_t all = z.size(0);
  const torch::Tensor others = (torch::mm(z, z.t()) / temperature)
                                   .masked_fill(torch::eye(all, torch::kBool), -std::numeric_limits<float>::infinity());
  return torch::nn::functional::cross_entropy(others, (torch::arange(all) + all / 2).remainder(all));
}

torch::Tensor distillation(const torch::Tensor& student, const torch::Tensor& teacher, double temperature) {
  const torch::Tensor t = torch::softmax(teacher / temperature, 1);
  const torch::Tensor difference =
      torch::log_softmax(teacher / temperature, 1) - torch::log_softmax(student / temperature, 1);
  return temperature * temperature * (t * difference).sum(1).mean();
}

torch::Tensor arcface_logits(const torch::Tensor& cosines, const torch::Tensor& labels, double scale, double margin) {
  const torch::Tensor bounded = cosines.clamp(-1 + 1e-7, 1 - 1e-7);
  const torch::Tensor with_margin = torch::cos(torch::acos(bounded) + margin);
  const torch::Tensor is_true = torch::nn::functional::one_hot(labels, cosines.size(1)).to(torch::kBool);
  return scale * torch::where(is_true, with_margin, bounded);
}

torch::Tensor reverse_gradient(const torch::Tensor& x, double strength) { return Reversal::apply(x, strength); }

double reversal_strength(double progress) { return 2 / (1 + std::exp(-10 * progress)) - 1; }

}  // namespace vultus::learn
