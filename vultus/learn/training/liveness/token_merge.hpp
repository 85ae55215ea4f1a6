// Many tokens as few: clusters around density peaks. Not installed: shows libtorch. Shapes: n = batch, t = tokens,
// c = clusters, d = numbers of a token.
#pragma once

#include <cstdint>
#include <string>

#include <vultus/learn/training/blocks/transformer.hpp>

namespace vultus::learn {

/// Tokens are merged around the c of them that are dense and far from denser ones (DPC-kNN):
/// rho_i = exp(-mean over the k nearest j of |x_i - x_j|^2 / d), delta_i = least distance to a token of higher rho, of
/// the densest the largest distance of all. The centres are the c largest rho delta, in the order of their places;
/// every other token joins the nearest centre; a cluster is the mean of its tokens, weighed by exp(score). A token is
/// one of its own nearest; distances are divided by sqrt(d): our reading, after the clustering of TCFormer.
/// @source FA3-CLIP, arXiv 2504.00454, token clustering; M. Du et al., DPC-kNN, 2016; W. Zeng et al., TCFormer, CVPR
/// 2022
struct TokenMerge {
  std::int64_t neighbours = 15;
  std::int64_t clusters = 32;

  /// Which token belongs to which cluster, without gradients: [n, t, d] -> [n, c, t] of 0 and 1.
  [[nodiscard]] torch::Tensor members(const torch::Tensor& tokens) const;
  /// @param tokens  [n, t, d]. @param scores  [n, t]
  /// @return [n, c, d], with gradients through tokens and scores
  [[nodiscard]] torch::Tensor forward(const torch::Tensor& tokens, const torch::Tensor& scores) const;
  /// @param width  numbers of a token
  [[nodiscard]] std::string write(const blocks::Exporter& to, const std::string& tokens, const std::string& scores,
                                  std::int64_t width) const;
};

}  // namespace vultus::learn
