// ONNX files that tests write byte by byte: networks whose answers follow from their weights. Not installed.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace vultus::runtime::test {

/// @source Protocol Buffers, encoding
inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U) bytes += static_cast<char>((value & 0x7fU) | 0x80U);
  return bytes + static_cast<char>(value);
}
/// A field that is a number.
inline std::string number(unsigned id, std::uint64_t value) { return varint(id << 3U) + varint(value); }
/// A field of bytes: a text or a message.
inline std::string field(unsigned id, std::string_view bytes) {
  return varint(id << 3U | 2U) + varint(bytes.size()) + std::string(bytes);
}

/// TensorProto of floats.
inline std::string onnx_floats(std::string_view name, const std::vector<std::uint64_t>& shape,
                               const std::vector<float>& values) {
  std::string bytes(values.size() * sizeof(float), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  std::string tensor;
  for (const std::uint64_t side : shape) tensor += number(1, side);
  return tensor + number(2, 1) + field(8, name) + field(9, bytes);
}
/// TensorProto of whole numbers of 64 bits.
inline std::string onnx_integers(std::string_view name, const std::vector<std::int64_t>& values) {
  std::string bytes(values.size() * sizeof(std::int64_t), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return number(1, values.size()) + number(2, 7) + field(8, name) + field(9, bytes);
}
/// TensorProto whose values lie in another file.
inline std::string onnx_external(std::string_view name, std::string_view location) {
  return number(1, 4) + number(2, 1) + field(8, name) + field(13, field(1, "location") + field(2, location)) +
         number(14, 1);
}
/// NodeProto without attributes; these are fields 5 behind it.
inline std::string onnx_node(std::string_view kind, const std::vector<std::string>& inputs,
                             const std::vector<std::string>& outputs) {
  std::string node;
  for (const std::string& input : inputs) node += field(1, input);
  for (const std::string& output : outputs) node += field(2, output);
  return node + field(4, kind);
}
/// AttributeProto of whole numbers.
inline std::string onnx_ints(std::string_view name, const std::vector<std::uint64_t>& values) {
  std::string attribute = field(1, name);
  for (const std::uint64_t value : values) attribute += number(8, value);
  return attribute + number(20, 7);
}
/// ValueInfoProto of a float tensor.
inline std::string onnx_value(std::string_view name, const std::vector<std::uint64_t>& shape) {
  std::string sides;
  for (const std::uint64_t side : shape) sides += field(1, number(1, side));
  return field(1, name) + field(2, field(1, number(1, 1) + field(2, sides)));
}
/// ModelProto of operator set 13.
inline std::string onnx_model(std::string_view graph) {
  return number(1, 8) + field(7, std::string(graph) + field(2, "g")) + field(8, number(2, 13));
}

/// An embedder of 112 x 112 pixels: the mean of each channel, times a matrix of `dimension` rows.
/// value[d] = sum over c of weights[d][c] * mean(channel c)
inline std::string onnx_embedder(std::uint64_t dimension, const std::vector<float>& weights) {
  return onnx_model(
      field(1, onnx_node("GlobalAveragePool", {"x"}, {"pooled"})) +
      field(1, onnx_node("Conv", {"pooled", "w"}, {"wide"}) + field(5, onnx_ints("kernel_shape", {1, 1}))) +
      field(1, onnx_node("Flatten", {"wide"}, {"embedding"})) +
      field(5, onnx_floats("w", {dimension, 3, 1, 1}, weights)) + field(11, onnx_value("x", {1, 3, 112, 112})) +
      field(12, onnx_value("embedding", {1, dimension})));
}

}  // namespace vultus::runtime::test
