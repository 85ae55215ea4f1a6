#include <vultus/learn/onnx_writer.hpp>

#include <cstring>

#include <vultus/learn/half.hpp>

namespace vultus::learn {
namespace {

// @source onnx.proto: numbers of the fields and of the types
constexpr std::uint64_t kFloat = 1, kWhole = 7, kHalf = 10;  // of tensors

std::string varint_of(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U) bytes += static_cast<char>((value & 0x7FU) | 0x80U);
  return bytes + static_cast<char>(value);
}
std::string number_field(unsigned id, std::uint64_t value) {
  return varint_of(std::uint64_t{id} << 3U) + varint_of(value);
}
std::string bytes_field(unsigned id, std::string_view bytes) {
  return varint_of(std::uint64_t{id} << 3U | 2U) + varint_of(bytes.size()) + std::string(bytes);
}

std::string value_info(const std::string& name, std::span<const std::int64_t> shape) {
  std::string dimensions;
  for (const std::int64_t side : shape)
    dimensions += bytes_field(1, side > 0 ? number_field(1, static_cast<std::uint64_t>(side)) : bytes_field(2, "n"));
  // Without the field nothing is said of the shape; an empty one would say that it is a single number.
  const std::string tensor = number_field(1, kFloat) + (shape.empty() ? std::string() : bytes_field(2, dimensions));
  return bytes_field(1, name) + bytes_field(2, bytes_field(1, tensor));
}

std::string bytes_of_float(float value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}
/// A number of 32 bits as it is.
std::string float_field(unsigned id, float value) {
  return varint_of(std::uint64_t{id} << 3U | 5U) + bytes_of_float(value);
}

/// The field of AttributeProto that holds a value, and the number of its type (field 20).
struct AttributeValue {
  std::string operator()(std::int64_t value) const {
    return number_field(3, static_cast<std::uint64_t>(value)) + type(2);
  }
  std::string operator()(float value) const { return float_field(2, value) + type(1); }
  std::string operator()(const std::string& value) const { return bytes_field(4, value) + type(3); }
  std::string operator()(const std::vector<std::int64_t>& values) const {
    std::string text;
    for (const std::int64_t value : values) text += number_field(8, static_cast<std::uint64_t>(value));
    return text + type(7);
  }
  std::string operator()(const std::vector<float>& values) const {
    std::string text;
    for (const float value : values) text += float_field(7, value);
    return text + type(6);
  }
  static std::string type(std::uint64_t number) { return number_field(20, number); }
};

std::string attribute_of(const OnnxAttribute& attribute) {
  return bytes_field(1, attribute.name) + std::visit(AttributeValue{}, attribute.value);
}

std::string tensor_of(const std::string& name, std::span<const std::int64_t> shape, std::uint64_t type,
                      std::string_view bytes) {
  std::string tensor;
  for (const std::int64_t side : shape) tensor += number_field(1, static_cast<std::uint64_t>(side));
  return bytes_field(5, tensor + number_field(2, type) + bytes_field(8, name) + bytes_field(9, bytes));
}

template <class T>
std::string_view raw(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

void OnnxWriter::input(const std::string& name, std::span<const std::int64_t> shape) {
  inputs_ += bytes_field(11, value_info(name, shape));
}

void OnnxWriter::output(const std::string& name, std::span<const std::int64_t> shape) {
  outputs_ += bytes_field(12, value_info(name, shape));
}

std::string OnnxWriter::weight(const std::string& name, std::span<const std::int64_t> shape,
                               std::span<const float> values) {
  if (kind_ == WeightKind::f32) return constant(name, shape, values);
  std::vector<std::uint16_t> rounded;
  rounded.reserve(values.size());
  for (const float value : values) rounded.push_back(half_of(value));
  const std::string kept = name + ".half";
  weights_ += tensor_of(kept, shape, kHalf, raw(std::span<const std::uint16_t>(rounded)));
  const OnnxAttribute to{.name = "to", .value = static_cast<std::int64_t>(kFloat)};
  return node("Cast", std::span(&kept, 1), name, std::span(&to, 1));
}

std::string OnnxWriter::constant(const std::string& name, std::span<const std::int64_t> shape,
                                 std::span<const float> values) {
  weights_ += tensor_of(name, shape, kFloat, raw(values));
  return name;
}

std::string OnnxWriter::constant(const std::string& name, std::span<const std::int64_t> shape,
                                 std::span<const std::int64_t> values) {
  weights_ += tensor_of(name, shape, kWhole, raw(values));
  return name;
}

std::string OnnxWriter::fresh(std::string_view stem) { return std::string(stem) + "." + std::to_string(++names_); }

std::string OnnxWriter::node(std::string_view kind, std::span<const std::string> inputs, const std::string& output,
                             std::span<const OnnxAttribute> attributes) {
  node(kind, inputs, std::span(&output, 1), attributes);
  return output;
}

void OnnxWriter::node(std::string_view kind, std::span<const std::string> inputs, std::span<const std::string> outputs,
                      std::span<const OnnxAttribute> attributes) {
  std::string text;
  for (const std::string& input : inputs) text += bytes_field(1, input);
  for (const std::string& output : outputs) text += bytes_field(2, output);
  text += bytes_field(4, kind);
  for (const OnnxAttribute& attribute : attributes) text += bytes_field(5, attribute_of(attribute));
  nodes_ += bytes_field(1, text);
}

std::string OnnxWriter::file(const std::string& name) const {
  const std::string graph = nodes_ + bytes_field(2, name) + weights_ + inputs_ + outputs_;
  // IR version 8 and operator set 13: what readers have understood since 2021.
  return number_field(1, 8) + bytes_field(2, "vultus-learn") + bytes_field(7, graph) +
         bytes_field(8, number_field(2, 13));
}

}  // namespace vultus::learn
