// Writing networks of a few layers as ONNX, which the inference runtime reads.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::learn {

/// How weights are kept in the file. `f16` halves it; the values are those rounded to half floats.
enum class WeightKind : std::uint8_t { f32, f16 };

/// What a node carries beside its inputs: a whole number, a number, a text, or a row of numbers.
struct OnnxAttribute {
  std::string name;
  std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>, std::vector<float>> value;
};

/// Builds a graph node by node. Thread-compatible.
class OnnxWriter {
 public:
  explicit OnnxWriter(WeightKind kind) : kind_(kind) {}

  /// An input of floats. @param shape  0 = any number, as for the batch
  void input(const std::string& name, std::span<const std::int64_t> shape);
  /// A weight. @return the name under which nodes read it, as floats
  std::string weight(const std::string& name, std::span<const std::int64_t> shape, std::span<const float> values);
  /// Numbers that are kept as they are, whatever the kind of the weights. @return `name`
  std::string constant(const std::string& name, std::span<const std::int64_t> shape, std::span<const float> values);
  /// Whole numbers, as shapes and places are. @return `name`
  std::string constant(const std::string& name, std::span<const std::int64_t> shape,
                       std::span<const std::int64_t> values);
  /// A name that no other call gave: `stem` and a number.
  [[nodiscard]] std::string fresh(std::string_view stem);
  /// A node with one output. @param kind  an operator of opset 13. @param inputs  an empty name = one that is left out.
  /// @return the output's name
  std::string node(std::string_view kind, std::span<const std::string> inputs, const std::string& output,
                   std::span<const OnnxAttribute> attributes = {});
  /// A node with several outputs.
  void node(std::string_view kind, std::span<const std::string> inputs, std::span<const std::string> outputs,
            std::span<const OnnxAttribute> attributes = {});
  void output(const std::string& name, std::span<const std::int64_t> shape);  ///< names an output of the graph
  /// The bytes of the file. @param name  of the graph
  [[nodiscard]] std::string file(const std::string& name) const;

 private:
  WeightKind kind_;
  std::string nodes_, weights_, inputs_, outputs_;
  std::int64_t names_ = 0;
};

}  // namespace vultus::learn
