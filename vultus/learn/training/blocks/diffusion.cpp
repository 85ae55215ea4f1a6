#include <vultus/learn/training/blocks/diffusion.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <torch/optim/adamw.h>

namespace vultus::learn::blocks {

NoiseSchedule NoiseSchedule::linear(std::int64_t steps, double first, double last) {
  TORCH_CHECK(steps >= 1, "a schedule needs a step");
  std::vector<double> left{1};
  for (std::int64_t t = 0; t < steps; ++t) {
    const double share = steps == 1 ? 0 : static_cast<double>(t) / static_cast<double>(steps - 1);
    left.push_back(left.back() * (1 - (first + (last - first) * share)));
  }
  return NoiseSchedule(std::move(left));
}

NoiseSchedule NoiseSchedule::cosine(std::int64_t steps) {
  TORCH_CHECK(steps >= 1, "a schedule needs a step");
  constexpr double kOffset = 0.008, kMost = 0.999;
  const auto f = [&](std::int64_t t) {
    const double c = std::cos((static_cast<double>(t) / static_cast<double>(steps) + kOffset) / (1 + kOffset) *
                              std::numbers::pi / 2);
    return c * c;
  };
  std::vector<double> left{1};
  for (std::int64_t t = 1; t <= steps; ++t) left.push_back(left.back() * (1 - std::min(1 - f(t) / f(t - 1), kMost)));
  return NoiseSchedule(std::move(left));
}

torch::Tensor NoiseSchedule::left(const torch::Tensor& t, const torch::Tensor& x) const {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape.front() = t.size(0);
  return torch::tensor(left_, torch::kDouble).index_select(0, t).to(x.scalar_type()).view(shape);
}

torch::Tensor noised(const NoiseSchedule& schedule, const torch::Tensor& x, const torch::Tensor& t,
                     const torch::Tensor& noise) {
  const torch::Tensor left = schedule.left(t, x);
  return left.sqrt() * x + (1 - left).sqrt() * noise;
}

torch::Tensor ddpm_loss(const NoiseSchedule& schedule, const TellNoises& tell, const torch::Tensor& x) {
  const torch::Tensor t = torch::randint(1, schedule.steps() + 1, {x.size(0)}, torch::kLong);
  const torch::Tensor noise = torch::randn_like(x);
  return (tell(noised(schedule, x, t, noise), t) - noise).square().mean();
}

std::vector<std::int64_t> walk(const NoiseSchedule& schedule, std::int64_t count) {
  TORCH_CHECK(count >= 1 && count <= schedule.steps(), "a walk has from 1 to ", schedule.steps(), " steps, not ",
              count);
  std::vector<std::int64_t> steps;
  for (std::int64_t i = count; i >= 0; --i)
    steps.push_back(
        std::llround(static_cast<double>(i) * static_cast<double>(schedule.steps()) / static_cast<double>(count)));
  return steps;
}

torch::Tensor ddim_step(const NoiseSchedule& schedule, const torch::Tensor& z, const torch::Tensor& noise,
                        std::int64_t t, std::int64_t s) {
  const double from = schedule.left(t), to = schedule.left(s);
  const torch::Tensor picture = (z - std::sqrt(1 - from) * noise) / std::sqrt(from);
  return std::sqrt(to) * picture + std::sqrt(1 - to) * noise;
}

torch::Tensor ddim(const NoiseSchedule& schedule, const TellNoise& tell, const torch::Tensor& noise,
                   std::int64_t count) {
  const std::vector<std::int64_t> steps = walk(schedule, count);
  torch::Tensor z = noise;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i)
    z = ddim_step(schedule, z, tell(z, steps[i]), steps[i], steps[i + 1]);
  return z;
}

std::vector<torch::Tensor> ddim_inversion(const NoiseSchedule& schedule, const TellNoise& tell,
                                          const torch::Tensor& picture, std::int64_t count) {
  const std::vector<std::int64_t> steps = walk(schedule, count);
  std::vector<torch::Tensor> stood{picture};
  for (std::size_t i = steps.size() - 1; i > 0; --i)
    // At step 0 nothing is told: no network has learnt it. The first step asks at its upper end.
    stood.push_back(ddim_step(schedule, stood.back(), tell(stood.back(), std::max(steps[i], steps[steps.size() - 2])),
                              steps[i], steps[i - 1]));
  return stood;
}

std::vector<torch::Tensor> fit_embeddings(const NoiseSchedule& schedule, const GuidedNetwork& network,
                                          const std::vector<torch::Tensor>& inversion, const torch::Tensor& empty,
                                          const EmbeddingOptions& options) {
  const std::vector<std::int64_t> steps = walk(schedule, static_cast<std::int64_t>(inversion.size()) - 1);
  std::vector<torch::Tensor> fitted;
  torch::Tensor embedding = empty.detach().clone(), z = inversion.back().detach();
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    const torch::Tensor wanted = inversion[inversion.size() - 2 - i].detach();
    torch::Tensor with;
    {
      const torch::NoGradGuard no_gradients;
      with = network.tell(z, steps[i], network.condition);
    }
    const auto step_with = [&](const torch::Tensor& own) {
      return ddim_step(schedule, z, guided(network.tell(z, steps[i], own), with, network.weight), steps[i],
                       steps[i + 1]);
    };
    // Each step goes on from the embedding of the one before.
    embedding = embedding.detach().clone().set_requires_grad(true);
    torch::optim::AdamW optimiser({embedding}, torch::optim::AdamWOptions(options.learning_rate).weight_decay(0));
    for (int round = 0; round < options.iterations; ++round) {
      optimiser.zero_grad();
      (step_with(embedding) - wanted).square().mean().backward();
      optimiser.step();
    }
    const torch::NoGradGuard no_gradients;
    fitted.push_back(embedding.detach().clone());
    z = step_with(embedding).detach();
  }
  return fitted;
}

}  // namespace vultus::learn::blocks
