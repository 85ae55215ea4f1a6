// Gradients against differences, for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>

#include <torch/types.h>

namespace vultus::learn::test {

/// The largest gap between the gradient of f at a point and central differences, in double.
/// @param f  answers one number
inline double gradient_gap(const std::function<torch::Tensor(const torch::Tensor&)>& f, const torch::Tensor& at,
                           double step = 1e-5) {
  torch::Tensor x = at.detach().to(torch::kDouble).clone().set_requires_grad(true);
  f(x).backward();
  const torch::Tensor gradient = x.grad().contiguous();
  double worst = 0;
  const torch::NoGradGuard no_gradients;
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    torch::Tensor up = x.detach().clone(), down = x.detach().clone();
    up.view(-1)[i] += step, down.view(-1)[i] -= step;
    const double slope = (f(up).item<double>() - f(down).item<double>()) / (2 * step);
    worst = std::max(worst, std::abs(slope - gradient.view(-1)[i].item<double>()));
  }
  return worst;
}

}  // namespace vultus::learn::test
