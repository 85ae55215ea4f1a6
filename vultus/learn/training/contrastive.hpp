// Losses that pull codes together and push others apart; NT-Xent and ArcFace are in losses.hpp. Not installed: shows
// libtorch. Codes are brought to unit length here.
#pragma once

#include <torch/types.h>

namespace vultus::learn {

/// The last dimension at unit length; zeros stay zeros.
[[nodiscard]] torch::Tensor unit_rows(const torch::Tensor& x);

/// InfoNCE: each query has the key of its own row, and the other rows (and the negatives) against it.
/// @param queries, keys  [n, d]. @param temperature  > 0. @param negatives  [m, d] or undefined
/// @return the mean over the queries
/// @source A. van den Oord et al., Contrastive Predictive Coding, 2018, eq. 4; negatives of a queue: K. He et al.,
/// MoCo, CVPR 2020, eq. 1
[[nodiscard]] torch::Tensor info_nce(const torch::Tensor& queries, const torch::Tensor& keys, double temperature,
                                     const torch::Tensor& negatives = {});
/// The mean of both directions. @source A. Radford et al., CLIP, ICML 2021, figure 3
[[nodiscard]] torch::Tensor info_nce_both(const torch::Tensor& a, const torch::Tensor& b, double temperature);

/// Supervised contrastive loss, the sum over positives outside the logarithm.
/// @param codes  [n, d]. @param labels  [n], whole numbers
/// @return the mean over the codes that have another of their class; 0 where none has
/// @source P. Khosla et al., NeurIPS 2020, eq. 2
[[nodiscard]] torch::Tensor supervised_contrastive(const torch::Tensor& codes, const torch::Tensor& labels,
                                                   double temperature);

/// Cross-entropy of cosines to one prototype a class over a temperature.
/// @param codes  [n, d]. @param prototypes  [classes, d]. @param labels  [n]
/// @source J. Snell et al., Prototypical Networks, NeurIPS 2017, eq. 2, with the cosine in place of the distance
[[nodiscard]] torch::Tensor prototype_cross_entropy(const torch::Tensor& codes, const torch::Tensor& prototypes,
                                                    const torch::Tensor& labels, double temperature);

/// The mean of the codes of each class, unit length: [classes, d]; zeros for a class without any.
[[nodiscard]] torch::Tensor prototypes_of(const torch::Tensor& codes, const torch::Tensor& labels,
                                          std::int64_t classes);

}  // namespace vultus::learn
