// Losses, written once for all systems. Not installed: shows libtorch.
#pragma once

#include <torch/types.h>

namespace vultus::learn {

/// Cross-entropy of soft labels, each sample with its weight, divided by the sum of the weights.
/// @param logits   [n, classes]. @param targets  [n, classes], rows of sum 1. @param weights  [n]
[[nodiscard]] torch::Tensor soft_cross_entropy(const torch::Tensor& logits, const torch::Tensor& targets,
                                               const torch::Tensor& weights);

/// NT-Xent of 2N views; row i and row i + N are two views of one sample.
/// @param codes  [2N, d], any length: they are brought to unit length. @param temperature  > 0
/// @source T. Chen et al., SimCLR, ICML 2020, eq. 1
[[nodiscard]] torch::Tensor nt_xent(const torch::Tensor& codes, double temperature);

/// t^2 KL(softmax(teacher / t) || softmax(student / t)), mean over the rows.
/// @source G. Hinton et al., Distilling the Knowledge in a Neural Network, 2015
[[nodiscard]] torch::Tensor distillation(const torch::Tensor& student, const torch::Tensor& teacher,
                                         double temperature);

/// Logits of ArcFace: s cos(theta + m) for the true class, s cos(theta) for the others.
/// @param cosines  [n, classes]. @param labels  [n]
/// @source J. Deng et al., ArcFace, CVPR 2019, eq. 3
[[nodiscard]] torch::Tensor arcface_logits(const torch::Tensor& cosines, const torch::Tensor& labels, double scale = 64,
                                           double margin = 0.5);

/// Identity forwards, -strength times the gradient backwards.
/// @source Y. Ganin, V. Lempitsky, ICML 2015
[[nodiscard]] torch::Tensor reverse_gradient(const torch::Tensor& x, double strength);
/// The usual ramp of its strength, 2 / (1 + exp(-10 p)) - 1. @param progress  p in [0, 1]
[[nodiscard]] double reversal_strength(double progress);

}  // namespace vultus::learn
