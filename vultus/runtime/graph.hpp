// A network as its operations and constants, for those who compute it themselves: training needs gradients.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/runtime/manifest.hpp>

namespace vultus::runtime {

/// An output of a node that stands earlier in the graph.
struct GraphValue {
  std::size_t node = 0;
  std::size_t output = 0;
  bool operator==(const GraphValue&) const = default;
};

/// Numbers that are part of the network. Half floats are widened; kinds of whole numbers become one.
struct GraphConstant {
  std::vector<std::int64_t> shape;  ///< empty = one number
  std::vector<float> reals;         ///< row-major; empty where the numbers are whole
  std::vector<std::int64_t> whole;
  bool operator==(const GraphConstant&) const = default;
};

/// One output of a node.
struct GraphTensor {
  std::vector<std::string> names;   ///< in the file; often none
  std::vector<std::int64_t> shape;  ///< as the manifest's input makes it; -1 = not known
  bool operator==(const GraphTensor&) const = default;
};

/// One operation. Attributes are named as the inference library names them.
struct GraphNode {
  std::string kind;  ///< of OpenVINO's operator sets, e.g. "Convolution"; "Parameter" is the input, "Constant" a number
  std::string name;
  std::vector<GraphValue> inputs;
  std::map<std::string, std::vector<std::int64_t>> numbers;  ///< whole numbers, rows of them and truths (0, 1)
  std::map<std::string, double> reals;
  std::map<std::string, std::string> texts;
  std::vector<GraphTensor> outputs;
  std::optional<GraphConstant> constant;
};

/// A network with one input, which is fed (byte - mean) / scale in the layout and colour order of `input`.
struct Graph {
  ModelId id;
  InputSpec input;
  std::vector<GraphNode> nodes;               ///< each behind those that it reads
  std::map<std::string, GraphValue> outputs;  ///< by the names of the manifest
};

/// Reads a network of any format of the catalogue as a graph. What depends on constants and shapes alone is computed
/// already. A file of the user's own is checked as when it is run.
/// @param manifest  without trunks; `outputs` may name inner tensors
/// @error corrupt_data  the file cannot be read, its shapes or tensors are not those of the manifest, or more than
///                      100,000 nodes or 2^28 constant numbers
/// @error unsupported   a head on trunks, or constants of a kind that is neither a number of at most 64 bits nor a
/// truth
/// @thread safe, no state
[[nodiscard]] Result<Graph> read_graph(const ModelManifest& manifest, const std::filesystem::path& file);

}  // namespace vultus::runtime
