#include <vultus/learn/training/attack/descend.hpp>

#include <cmath>
#include <string>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/autograd.h>

namespace vultus::learn::attack {
namespace {

using torch::Tensor;

constexpr double kSmoothSigma = 3;  // @source methods of translation-invariant attacks, 7 x 7
constexpr double kGrey = 127.5;     // in the middle of the pixels' range

Error refuse(const std::string& what) { return {ErrorCode::invalid_argument, "attack: " + what}; }

double drawn(double low, double high, at::Generator& random) {
  return low + (high - low) * torch::rand({1}, random, torch::kDouble).item<double>();
}

}  // namespace

at::Generator generator_of(std::uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

Tensor gaussian_window(int side, double sigma) {
  const Tensor from_middle = torch::arange(side, torch::kFloat) - (side - 1) / 2.0;
  const Tensor row = torch::exp(-from_middle.square() / (2 * sigma * sigma));
  const Tensor window = torch::outer(row, row);
  return window / window.sum();
}

Result<Tensor> descend(const Tensor& zero, const std::function<Tensor(const Tensor&)>& loss,
                       const DescentOptions& options, at::Generator& random) {
  if (!(options.budget > 0) || !(options.step >= 0)) return refuse("budget must be above 0 and step not below");
  if (!(options.start >= 0 && options.start <= options.budget)) return refuse("start must be in [0, budget]");
  if (options.steps < 1 || options.steps > 10'000) return refuse("steps must be in [1, 10000]");
  if (!(options.decay >= 0 && options.decay <= 1)) return refuse("decay must be in [0, 1]");
  if (options.smooth != 0 && (options.smooth < 0 || options.smooth % 2 == 0 || zero.dim() != 4))
    return refuse("smoothing needs an odd window and pictures");
  const double step = options.step > 0 ? options.step : options.budget / 10;
  Tensor change = zero.detach().clone();
  if (options.start > 0) change = (torch::rand(change.sizes(), random, change.options()) * 2 - 1) * options.start;
  Tensor momentum = torch::zeros_like(change);
  Tensor window;
  if (options.smooth > 0)
    window = gaussian_window(options.smooth, kSmoothSigma)
                 .to(change.dtype())
                 .expand({change.size(1), 1, options.smooth, options.smooth});
  for (int i = 0; i < options.steps; ++i) {
    const Tensor at = change.detach().clone().requires_grad_();
    const Tensor value = loss(at);
    if (!std::isfinite(value.item<double>()))
      return fail(ErrorCode::internal, "attack: the loss of step " + std::to_string(i) + " is not finite");
    Tensor gradient = torch::autograd::grad({value}, {at})[0];
    if (options.smooth > 0) gradient = torch::conv2d(gradient, window, {}, 1, options.smooth / 2, 1, change.size(1));
    if (options.rule == StepRule::momentum) {
      // A gradient of nothing but zeros stays one.
      momentum = options.decay * momentum + gradient / gradient.abs().sum().clamp_min(1e-30);
      gradient = momentum;
    }
    change = (change - step * gradient.sign()).clamp(-options.budget, options.budget);
  }
  return change.detach();
}

Tensor diversified(const Tensor& crops, double probability, double smallest, at::Generator& random) {
  const std::int64_t side = crops.size(2);
  std::vector<Tensor> copies;
  for (const Tensor& crop : crops.split(1)) {
    const auto small = static_cast<std::int64_t>(std::lround(static_cast<double>(side) * drawn(smallest, 1, random)));
    const auto room = static_cast<double>(side - small);
    const auto left = static_cast<std::int64_t>(std::floor(drawn(0, 1, random) * (room + 1)));
    const auto top = static_cast<std::int64_t>(std::floor(drawn(0, 1, random) * (room + 1)));
    if (drawn(0, 1, random) >= probability || small == side) {
      copies.push_back(crop);
      continue;
    }
    const Tensor shrunk = torch::upsample_bilinear2d(crop, {small, small}, false);
    const std::int64_t right = side - small - left, bottom = side - small - top;
    copies.push_back(torch::constant_pad_nd(shrunk, {left, right, top, bottom}, 0));
  }
  return torch::cat(copies);
}

Tensor with_patches_dropped(const Tensor& crops, int patches, double low, double high, at::Generator& random) {
  const std::int64_t side = crops.size(2);
  std::vector<Tensor> copies;
  for (const Tensor& crop : crops.split(1)) {
    const Tensor kept =
        torch::rand({1, 1, patches, patches}, random, crop.options().requires_grad(false)) >= drawn(low, high, random);
    const Tensor mask = torch::upsample_nearest2d(kept.to(crop.dtype()), {side, side});
    copies.push_back(crop * mask + kGrey * (1 - mask));
  }
  return torch::cat(copies);
}

}  // namespace vultus::learn::attack
