// DFN: cheap branches that adapt a frozen face trunk to two tasks. Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/torch.h>

#include <vultus/learn/training/blocks/layers.hpp>
#include <vultus/learn/training/systems/face_regions.hpp>

namespace vultus::learn {

struct DfnOptions {
  std::int64_t width = 96;       ///< of a token
  std::int64_t blocks = 4;       ///< outputs of the trunk that it looks at
  std::int64_t grid = 8;         ///< patches along a side
  std::vector<int> units;        ///< FACS numbers; may be empty
  std::int64_t expressions = 7;  ///< 0 = no such task
  std::int64_t rank = 8;         ///< of the bottlenecks
  double dropout = 0;            ///< before the heads, while training
  double apart = 1e-3;           ///< weight of the penalty that keeps the two branches apart
};

/// A frozen trunk, read by two bottleneck side branches, one a task: s <- s + up(gelu(down(norm(h_i) + s))) along its
/// blocks, heads on norm(h_last + s). Nothing of the trunk is computed again or changed.
/// @source DFN of MF2, arXiv 2504.10351; the ladder form is our reading
class DfnNet : public torch::nn::Module {
 public:
  explicit DfnNet(const DfnOptions& options);
  struct Answers {
    torch::Tensor units;        ///< logits [n, units]; undefined without units
    torch::Tensor expressions;  ///< logits [n, expressions]; undefined without
  };
  /// @param blocks  [n, 1 + grid grid, width] each: a token of the whole, then the patches
  Answers forward(const std::vector<torch::Tensor>& blocks);
  /// apart * |B_units^T B_expressions|^2, summed over the blocks; B are the branches' ways up.
  [[nodiscard]] torch::Tensor penalty() const;
  /// Writes "adapted_units" and "probabilities" (of the expressions) behind blocks of these names.
  void write(const blocks::Exporter& to, const std::vector<std::string>& blocks) const;
  [[nodiscard]] std::int64_t trainable() const;  ///< numbers

 private:
  struct Branch {
    std::string name;
    std::vector<std::shared_ptr<blocks::LayerNorm>> norms;
    std::vector<std::shared_ptr<blocks::Linear>> down, up;
    std::shared_ptr<blocks::LayerNorm> last;
    std::shared_ptr<blocks::Linear> head;
  };
  Branch branch(const std::string& name, std::int64_t inputs, std::int64_t answers);
  torch::Tensor through(const Branch& branch, const std::vector<torch::Tensor>& blocks);
  [[nodiscard]] std::string write_through(const blocks::Exporter& to, const Branch& branch,
                                          const std::vector<std::string>& blocks) const;

  DfnOptions options_;
  Branch units_, expressions_;
  torch::Tensor regions_, unit_regions_;
};

}  // namespace vultus::learn
