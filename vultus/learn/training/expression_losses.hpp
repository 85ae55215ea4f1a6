// Losses of the expression systems: pairs, regions that learn from each other, guided labels, balanced distances. Not
// installed: shows libtorch.
#pragma once

#include <torch/torch.h>

namespace vultus::learn {

/// What each class weighs in each of its pairs: ((n_i + n_j) / (2 n_i))^power, so that a pair is balanced by itself.
/// @param counts  [K], samples of each class; 0 counts as 1
/// @return [P, 2], in the order (0, 1), (0, 2) ... (K - 2, K - 1)
[[nodiscard]] torch::Tensor pair_weights(const torch::Tensor& counts, double power);

/// Cross-entropy of one-versus-one classifiers: of a sample only the pairs that hold its class count,
/// sum_{i<j} -(w_ij t_i log r_ij + w_ji t_j log(1 - r_ij)) / (K - 1), mean over the samples.
/// @param logits   [n, P]; r_ij = sigmoid. @param targets  [n, K], rows of sum 1. @param weights  [P, 2]
[[nodiscard]] torch::Tensor pair_loss(const torch::Tensor& logits, const torch::Tensor& targets,
                                      const torch::Tensor& weights);

/// How far the opinions of regions lie from their mean: sum_r KL(q_r || mean of q), mean over the samples.
/// @param opinions  [n, R, E], rows of sum 1
[[nodiscard]] torch::Tensor mutual_divergence(const torch::Tensor& opinions);

/// (1 - w) CE(y, p) + w T^2 KL(q || p), both at temperature T in the second term, mean over the samples.
/// @param logits  [n, E]. @param targets  [n, E]: y. @param guide  [n, E]: q. @param share  [n]: w in [0, 1]
[[nodiscard]] torch::Tensor guided_loss(const torch::Tensor& logits, const torch::Tensor& targets,
                                        const torch::Tensor& guide, const torch::Tensor& share, double temperature);

/// Balanced distances: each prediction must be nearer to its own target than to the others of the batch.
/// 2 s CE(-||x_i - t_j||^2 / (2 s), i), mean over i.
/// @param predictions, targets  [n, d]. @param variance  s > 0
/// @source J. Ren et al., Balanced MSE for Imbalanced Visual Regression, CVPR 2022 (BMC)
[[nodiscard]] torch::Tensor balanced_distance(const torch::Tensor& predictions, const torch::Tensor& targets,
                                              const torch::Tensor& variance);

}  // namespace vultus::learn
