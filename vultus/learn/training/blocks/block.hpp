// What every block of a network can do: answer with gradients, and write itself into an ONNX graph. Not installed:
// shows libtorch.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

#include <vultus/learn/onnx_writer.hpp>

namespace vultus::learn::blocks {

using Wholes = std::vector<std::int64_t>;

/// Where a block writes itself: the graph, and the names that its weights and nodes get. Thread-compatible. Names of
/// tensors go in and come out; shapes are those of forward().
class Exporter {
 public:
  /// @param out  lives longer than the exporter. @param prefix  before every name; blocks side by side need their own
  explicit Exporter(OnnxWriter& out, std::string prefix = {}) : out_(&out), prefix_(std::move(prefix)) {}

  [[nodiscard]] Exporter in(std::string_view part) const;  ///< for a part of the block
  [[nodiscard]] OnnxWriter& out() const { return *out_; }

  /// A node of opset 13. @return the name of its output
  [[nodiscard]] std::string node(std::string_view kind, const std::vector<std::string>& inputs,
                                 const std::vector<OnnxAttribute>& attributes = {}) const;
  /// The same under a name that is told: for the outputs of the graph.
  std::string named(std::string_view kind, const std::vector<std::string>& inputs, const std::string& output,
                    const std::vector<OnnxAttribute>& attributes = {}) const;
  [[nodiscard]] std::string weight(std::string_view name, const torch::Tensor& values) const;  ///< in the file's kind
  [[nodiscard]] std::string constant(const torch::Tensor& values) const;                       ///< floats, exact
  [[nodiscard]] std::string wholes(const Wholes& values) const;                                ///< a row of int64
  [[nodiscard]] std::string scalar(double value) const;                                        ///< of shape []

  [[nodiscard]] std::string add(const std::string& a, const std::string& b) const { return node("Add", {a, b}); }
  [[nodiscard]] std::string sub(const std::string& a, const std::string& b) const { return node("Sub", {a, b}); }
  [[nodiscard]] std::string mul(const std::string& a, const std::string& b) const { return node("Mul", {a, b}); }
  [[nodiscard]] std::string div(const std::string& a, const std::string& b) const { return node("Div", {a, b}); }
  [[nodiscard]] std::string matmul(const std::string& a, const std::string& b) const { return node("MatMul", {a, b}); }
  [[nodiscard]] std::string times(const std::string& a, double factor) const { return mul(a, scalar(factor)); }
  [[nodiscard]] std::string plus(const std::string& a, double term) const { return add(a, scalar(term)); }
  [[nodiscard]] std::string sigmoid(const std::string& a) const { return node("Sigmoid", {a}); }
  [[nodiscard]] std::string softmax(const std::string& a, std::int64_t axis) const;
  /// @param shape  -1 = what is left; 0 = as it is, so that the batch may be of any size
  [[nodiscard]] std::string reshape(const std::string& a, const Wholes& shape) const;
  [[nodiscard]] std::string transpose(const std::string& a, const Wholes& order) const;
  [[nodiscard]] std::string unsqueeze(const std::string& a, const Wholes& axes) const;
  [[nodiscard]] std::string squeeze(const std::string& a, const Wholes& axes) const;
  /// @param end  one past the last; a large number = to the end
  [[nodiscard]] std::string slice(const std::string& a, std::int64_t axis, std::int64_t begin, std::int64_t end) const;
  [[nodiscard]] std::string concat(const std::vector<std::string>& parts, std::int64_t axis) const;
  [[nodiscard]] std::string mean(const std::string& a, const Wholes& axes, bool keep) const;
  [[nodiscard]] std::string sum(const std::string& a, const Wholes& axes, bool keep) const;
  /// Rows of unit length, as torch::nn::functional::normalize with eps 1e-12.
  [[nodiscard]] std::string unit(const std::string& a, std::int64_t axis) const;

 private:
  OnnxWriter* out_;
  std::string prefix_;
};

/// A module that is made of others.
class Composed : public torch::nn::Module {
 protected:
  /// Makes a part and registers it: `norm_ = part<LayerNorm>("norm", 64)`.
  template <class T, class... Arguments>
  std::shared_ptr<T> part(const std::string& name, Arguments&&... arguments) {
    return register_module(name, std::make_shared<T>(std::forward<Arguments>(arguments)...));
  }
};

/// A block with one input and one output. What takes more is a Composed with a forward() and a write() of the same
/// form. write() describes what forward() answers after eval(): no dropout, running statistics.
class Block : public Composed {
 public:
  virtual torch::Tensor forward(const torch::Tensor& x) = 0;
  /// Writes the block. @param x  name of its input. @return name of its output
  [[nodiscard]] virtual std::string write(const Exporter& to, const std::string& x) const = 0;
};

using BlockPointer = std::shared_ptr<Block>;

/// Blocks one after another, named "0", "1" ...
class Chain : public Block {
 public:
  Chain() = default;
  Chain(std::initializer_list<BlockPointer> blocks);

  /// @return the block, to keep
  template <class T>
  std::shared_ptr<T> append(std::shared_ptr<T> block) {
    register_module(std::to_string(blocks_.size()), std::shared_ptr<Block>(block));
    blocks_.push_back(block);
    return block;
  }
  template <class T, class... Arguments>
  std::shared_ptr<T> add(Arguments&&... arguments) {
    return append(std::make_shared<T>(std::forward<Arguments>(arguments)...));
  }
  [[nodiscard]] const std::vector<BlockPointer>& parts() const { return blocks_; }

  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::vector<BlockPointer> blocks_;
};

/// A whole network with one input and one output as an ONNX file, for any batch.
/// @param shape    of the input; its first side is the batch and may be 0 = any
/// @param answers  shape of the output, in the same way
[[nodiscard]] std::string onnx_of(const Block& block, const Wholes& shape, const Wholes& answers,
                                  WeightKind kind = WeightKind::f32, const std::string& input = "input",
                                  const std::string& output = "output");

}  // namespace vultus::learn::blocks
