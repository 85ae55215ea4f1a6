// The operations of a network that was read as a graph, with gradients. Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <torch/types.h>

#include <vultus/core/result.hpp>
#include <vultus/runtime/graph.hpp>

namespace vultus::learn {

/// A node and what it stands in.
struct GraphStep {
  const runtime::Graph& graph;
  const runtime::GraphNode& node;
  /// What the file says of the batch: where a first side of data has this length it becomes that of the pictures.
  std::int64_t batch = 1;
  bool of_pictures = true;  ///< the first input depends on the pictures, so its first side is the batch

  /// Whole numbers of an input that is constant.
  [[nodiscard]] const std::vector<std::int64_t>& whole(std::size_t input) const {
    return graph.nodes[node.inputs.at(input).node].constant.value().whole;
  }
  /// A row of attributes; empty if there is none of the name.
  [[nodiscard]] std::vector<std::int64_t> numbers(std::string_view name) const;
  [[nodiscard]] bool truth(std::string_view name) const;
  [[nodiscard]] std::string_view text(std::string_view name) const;
  [[nodiscard]] double real(std::string_view name, double otherwise) const;
  [[nodiscard]] const std::vector<std::int64_t>& shape_in(std::size_t input) const {
    const runtime::GraphValue& from = node.inputs.at(input);
    return graph.nodes[from.node].outputs.at(from.output).shape;
  }
  [[nodiscard]] const std::vector<std::int64_t>& shape_out() const { return node.outputs.at(0).shape; }
  /// The sides that a Reshape, Squeeze or Unsqueeze leaves, -1 = the batch or what is left.
  [[nodiscard]] std::vector<std::int64_t> new_sides() const;
};

/// Can this node be computed?
/// @error unsupported  names the operation, the node, and what of it is not known
[[nodiscard]] Status check_step(const GraphStep& step);

/// Computes a node that check_step() has let pass.
/// @param in  its inputs; those that are whole numbers may be empty tensors
[[nodiscard]] torch::Tensor compute(const GraphStep& step, std::span<const torch::Tensor> in);

}  // namespace vultus::learn
