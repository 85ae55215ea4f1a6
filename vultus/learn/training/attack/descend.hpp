// Walking downhill inside a budget: the steps that attacks on networks have in common. Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <functional>

#include <torch/types.h>

#include <vultus/core/result.hpp>

namespace vultus::learn::attack {

/// Random numbers of an attack; the same seed gives the same attack on one machine.
[[nodiscard]] at::Generator generator_of(std::uint64_t seed);

/// How a step follows the gradient g of the loss: along sign(g), or along sign(m) where m <- decay m + g / |g|_1.
enum class StepRule : std::uint8_t { sign, momentum };

struct DescentOptions {
  double budget = 8;  ///< the largest change of a number, > 0
  double step = 0;    ///< of each number in each step; 0 = a tenth of the budget
  int steps = 20;     ///< [1, 10000]
  StepRule rule = StepRule::momentum;
  double decay = 1;  ///< of the momentum, [0, 1]
  double start = 0;  ///< where it begins: each number is drawn from [-start, start], [0, budget]
  int smooth = 0;    ///< side of a Gaussian window that gradients are smoothed with, odd; 0 = none
};

/// Looks for a change within [-budget, budget] that makes a loss small.
/// @param zero    what is changed, all zero; [n, channels, height, width] where gradients are smoothed
/// @param loss    one number, differentiable; asked once a step
/// @param random  for the start
/// @return the change, without gradient. Where the loss is linear it is -budget sign(weights), exactly
/// @error invalid_argument  options outside their ranges
/// @error internal          a loss that is not finite
/// @source sign: A. Madry et al., ICLR 2018; momentum: Y. Dong et al., CVPR 2018, eq. 6, 7; smoothing: Y. Dong et al.,
///         CVPR 2019, eq. 8
[[nodiscard]] Result<torch::Tensor> descend(const torch::Tensor& zero,
                                            const std::function<torch::Tensor(const torch::Tensor&)>& loss,
                                            const DescentOptions& options, at::Generator& random);

/// A Gaussian window, [side, side], sum 1. @param side  odd
[[nodiscard]] torch::Tensor gaussian_window(int side, double sigma);

/// Copies of a crop in another size inside a border of zeros, each with a probability: input diversity.
/// @param crops     [n, channels, side, side]; each gets draws of its own
/// @param smallest  share of the side, (0, 1]
/// @source C. Xie et al., Improving Transferability of Adversarial Examples with Input Diversity, CVPR 2019
[[nodiscard]] torch::Tensor diversified(const torch::Tensor& crops, double probability, double smallest,
                                        at::Generator& random);

/// Copies of a crop in which patches are grey: each patch of side / `patches` with a probability drawn from [low, high]
/// for each copy.
[[nodiscard]] torch::Tensor with_patches_dropped(const torch::Tensor& crops, int patches, double low, double high,
                                                 at::Generator& random);

}  // namespace vultus::learn::attack
