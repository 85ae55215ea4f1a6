// A network of the catalogue with gradients: frozen, or with weights that learn. Not installed: shows libtorch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

#include <vultus/core/result.hpp>
#include <vultus/learn/onnx_writer.hpp>
#include <vultus/runtime/graph.hpp>

namespace vultus::learn {

/// Which weights of a trunk learn. Both empty: none does. Normalisation that was folded into the weights stays folded.
struct TrunkTraining {
  /// The weights of the last so many operations that have any: convolutions and matrices, with the biases, slopes and
  /// factors behind them. -1 = all.
  std::int64_t last = 0;
  /// Names of weights (Trunk::weights()), where * stands for any text.
  std::vector<std::string> names;
};

/// What an inner tensor is called and how large it is.
struct TrunkLayer {
  std::size_t node = 0;             ///< in the graph
  std::string kind, name;           ///< of the operation
  std::vector<std::int64_t> shape;  ///< its first side is the batch of the file
};

/// A network that was read as a graph, computed by libtorch. Answers are those of the runtime up to the order of
/// additions (trunk_golden_test: within 1e-4 of templates of unit length). Any batch, also where the file has one of
/// its own. A module: what learns are its parameters, what does not are its buffers. Thread-compatible.
class Trunk : public torch::nn::Module {
 public:
  /// @error unsupported       names an operation that training does not know
  /// @error invalid_argument  a name that fits no weight, or more operations than have weights
  static Result<std::shared_ptr<Trunk>> of(runtime::Graph graph, const TrunkTraining& training = {});

  [[nodiscard]] const runtime::Graph& graph() const { return graph_; }
  /// Names of all weights, in the order of their use: the name of the operation that reads them, ":", the input.
  [[nodiscard]] std::vector<std::string> weights() const;
  [[nodiscard]] std::vector<TrunkLayer> layers() const;  ///< what depends on the picture, in the order of computing

  /// Pictures as the network's input takes them: mean, scale, colours and layout of its manifest.
  /// @param pictures  [n, 3, height, width], red, green, blue, 0 to 255
  [[nodiscard]] torch::Tensor scaled(const torch::Tensor& pictures) const;
  /// The outputs of the manifest in the order of their names.
  /// @param x  as scaled() gives it
  [[nodiscard]] std::vector<torch::Tensor> forward(const torch::Tensor& x) const;
  /// Changes what a node says before others read it.
  using Hook = std::function<torch::Tensor(std::size_t node, const torch::Tensor& said)>;
  /// The outputs of the manifest, then what the nodes say. @param hook  may be empty
  [[nodiscard]] std::vector<torch::Tensor> forward(const torch::Tensor& x, const std::vector<std::size_t>& nodes,
                                                   const Hook& hook) const;

  /// Writes the network with the weights that it has now. What the input takes is scaled() of a picture.
  /// @param out     gets nodes and weights, no input and no output
  /// @param prefix  before every name
  /// @param input   name of the tensor that is read
  /// @return names of the outputs of the manifest, in the order of their names
  /// @error unsupported  an operation that cannot be written
  [[nodiscard]] Result<std::vector<std::string>> write(OnnxWriter& out, const std::string& prefix,
                                                       const std::string& input) const;
  /// The whole network as an ONNX file for any batch: input "input", outputs by the names of the manifest.
  [[nodiscard]] Result<std::string> onnx(WeightKind kind = WeightKind::f32) const;

 private:
  explicit Trunk(runtime::Graph graph) : graph_(std::move(graph)) {}
  Status prepare(const TrunkTraining& training);

  runtime::Graph graph_;
  std::vector<torch::Tensor> constants_;  // by node; what learns is a parameter of the module
  std::vector<std::string> names_;        // by node; of constants that are weights
  std::vector<char> of_pictures_;         // by node
  std::vector<std::size_t> last_reader_;  // by node
  std::size_t input_ = 0;
};

/// A trunk from a manifest and its file, as runtime::model_handle() gives them. @error as read_graph() and Trunk::of()
[[nodiscard]] Result<std::shared_ptr<Trunk>> read_trunk(const runtime::ModelManifest& manifest,
                                                        const std::filesystem::path& file,
                                                        const TrunkTraining& training = {});

}  // namespace vultus::learn
