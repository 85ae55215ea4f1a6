// Networks of points that are joined: by a fixed skeleton along time, or by who is near. v = points.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <vultus/learn/training/blocks/layers.hpp>

namespace vultus::learn::blocks {

/// Three matrices [3, v, v] of a skeleton: itself, towards the root, away from it; each column of sum 1 or 0. Points
/// receive: y_w = sum over v of x_v A[v, w].
/// @param edges   pairs of points, without direction. @param root  the point that distances are counted from
/// @source S. Yan et al., ST-GCN, AAAI 2018, section 3.3, spatial configuration
[[nodiscard]] torch::Tensor skeleton(std::int64_t points,
                                     const std::vector<std::pair<std::int64_t, std::int64_t>>& edges,
                                     std::int64_t root);

/// Sum over parts k of W_k x (A_k M_k), M learnt and 1 at first: [n, in, t, v] -> [n, out, t, v]. @source as skeleton()
class GraphConv : public Block {
 public:
  GraphConv(std::int64_t in, std::int64_t out, const torch::Tensor& skeleton);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::vector<std::shared_ptr<Conv>> layers_;
  torch::Tensor skeleton_, edges_;
};

struct SkeletonOptions {
  std::int64_t in = 3;
  Wholes widths{64, 128, 256};
  Wholes strides{1, 2, 2};  ///< along time
  std::int64_t kernel = 9;  ///< along time
  double dropout = 0;
};

/// Blocks of a graph convolution and one along time, each with BatchNorm, and a way past them:
/// [n, in, t, v] -> [n, widths.back(), t', v]. @source as skeleton(), section 3.4
class SkeletonNet : public Block {
 public:
  SkeletonNet(const SkeletonOptions& options, const torch::Tensor& skeleton);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::shared_ptr<BatchNorm> norm_;
  std::vector<std::shared_ptr<Chain>> branches_, past_;  // null where nothing changes
};

/// The k nearest of each point by its numbers, itself among them: [n, c, v] -> whole numbers [n, v, k].
[[nodiscard]] torch::Tensor nearest(const torch::Tensor& x, std::int64_t k);

/// Largest over the k nearest j of relu(norm(W [x_i, x_j - x_i])): [n, in, v] -> [n, out, v].
/// @source Y. Wang et al., Dynamic Graph CNN, ACM TOG 2019, eq. 8
class EdgeConv : public Block {
 public:
  EdgeConv(std::int64_t in, std::int64_t out, std::int64_t k);  // NOLINT: sizes of a layer
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::int64_t in_, k_;
  std::shared_ptr<Chain> chain_;
};

}  // namespace vultus::learn::blocks
