// Diffusion: noise that is added by a schedule, and taken away by a network that tells it. Not installed: shows
// libtorch.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <torch/types.h>

namespace vultus::learn::blocks {

/// How much of the picture is left at each step: z_t = sqrt(alpha_bar_t) z_0 + sqrt(1 - alpha_bar_t) noise.
class NoiseSchedule {
 public:
  /// beta rises evenly. @source J. Ho et al., DDPM, NeurIPS 2020, section 4
  static NoiseSchedule linear(std::int64_t steps = 1000, double first = 1e-4, double last = 0.02);
  /// @source A. Nichol, P. Dhariwal, ICML 2021, eq. 17, s = 0.008, beta at most 0.999
  static NoiseSchedule cosine(std::int64_t steps = 1000);

  [[nodiscard]] std::int64_t steps() const { return static_cast<std::int64_t>(left_.size()) - 1; }
  /// alpha_bar of step t; 1 for t = 0. @param t  [0, steps]
  [[nodiscard]] double left(std::int64_t t) const { return left_.at(static_cast<std::size_t>(t)); }
  /// Of a row of steps, shaped to go with x: [n, 1, 1 ...].
  [[nodiscard]] torch::Tensor left(const torch::Tensor& t, const torch::Tensor& x) const;

 private:
  explicit NoiseSchedule(std::vector<double> left) : left_(std::move(left)) {}
  std::vector<double> left_;
};

/// Tells the noise in z at step t, the same for all rows: what a network has learnt, conditions bound to it.
using TellNoise = std::function<torch::Tensor(const torch::Tensor& z, std::int64_t t)>;
/// The same for a row of steps: t [n], whole numbers.
using TellNoises = std::function<torch::Tensor(const torch::Tensor& z, const torch::Tensor& t)>;

/// sqrt(alpha_bar_t) x + sqrt(1 - alpha_bar_t) noise. @param t  [n], from 1 to steps
[[nodiscard]] torch::Tensor noised(const NoiseSchedule& schedule, const torch::Tensor& x, const torch::Tensor& t,
                                   const torch::Tensor& noise);
/// |noise - told|^2, mean over all numbers, at steps and noise drawn from libtorch's own numbers.
/// @source J. Ho et al., eq. 14
[[nodiscard]] torch::Tensor ddpm_loss(const NoiseSchedule& schedule, const TellNoises& tell, const torch::Tensor& x);

/// The steps that a short walk goes through, from `steps` to 0: count + 1 of them, evenly.
[[nodiscard]] std::vector<std::int64_t> walk(const NoiseSchedule& schedule, std::int64_t count);
/// From step t to step s, either way, without new noise. @source J. Song et al., DDIM, ICLR 2021, eq. 12, sigma = 0
[[nodiscard]] torch::Tensor ddim_step(const NoiseSchedule& schedule, const torch::Tensor& z, const torch::Tensor& noise,
                                      std::int64_t t, std::int64_t s);
/// From noise to a picture in `count` steps.
[[nodiscard]] torch::Tensor ddim(const NoiseSchedule& schedule, const TellNoise& tell, const torch::Tensor& noise,
                                 std::int64_t count);
/// The same way back: what stood at each step of the walk, the picture first and the noise last.
/// @source the same map upwards, the noise of a step told at its lower end
[[nodiscard]] std::vector<torch::Tensor> ddim_inversion(const NoiseSchedule& schedule, const TellNoise& tell,
                                                        const torch::Tensor& picture, std::int64_t count);

/// Without + weight (with - without) a condition. @source J. Ho, T. Salimans, Classifier-Free Guidance, 2021, eq. 6
[[nodiscard]] inline torch::Tensor guided(const torch::Tensor& without, const torch::Tensor& with, double weight) {
  return without + weight * (with - without);
}

/// What is told under an embedding, and under the condition.
struct GuidedNetwork {
  std::function<torch::Tensor(const torch::Tensor& z, std::int64_t t, const torch::Tensor& embedding)> tell;
  torch::Tensor condition;  ///< embedding of the condition
  double weight = 7.5;      ///< of guidance
};
struct EmbeddingOptions {
  double learning_rate = 0.1;
  int iterations = 20;  ///< a step of the walk
};

/// For each step of the walk an embedding in place of the empty one, so that guided sampling from the last of
/// `inversion` comes back along it.
/// @param inversion  of ddim_inversion() with the network's condition, count + 1 of them. @param empty  where it begins
/// @return count embeddings, for the steps from noise to picture
/// @source R. Mokady et al., Null-text Inversion, CVPR 2023, algorithm 1
[[nodiscard]] std::vector<torch::Tensor> fit_embeddings(const NoiseSchedule& schedule, const GuidedNetwork& network,
                                                        const std::vector<torch::Tensor>& inversion,
                                                        const torch::Tensor& empty,
                                                        const EmbeddingOptions& options = {});

}  // namespace vultus::learn::blocks
