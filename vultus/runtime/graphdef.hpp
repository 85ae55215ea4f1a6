// Writing the messages of a TensorFlow graph. Not installed.
#pragma once

#include <bit>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vultus::runtime::graphdef {

/// @source Protocol Buffers, encoding: base-128 numbers, least significant group first
inline void put_varint(std::string& to, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) to += static_cast<char>((value & 0x7fU) | 0x80U);
  to += static_cast<char>(value);
}
inline std::string number(unsigned id, std::uint64_t value) {
  std::string bytes;
  put_varint(bytes, std::uint64_t{id} << 3U);
  put_varint(bytes, value);
  return bytes;
}  ///< a field that is a number
inline std::string field(unsigned id, std::string_view content) {
  std::string bytes;
  put_varint(bytes, std::uint64_t{id} << 3U | 2U);
  put_varint(bytes, content.size());
  return bytes.append(content);
}  ///< a field of bytes: a text or a message
inline std::string real(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((bits >> shift) & 0xffU);
  return bytes;
}  ///< the four bytes of a float

/// Kinds of numbers. @source tensorflow/core/framework/types.proto
enum class Kind : std::uint8_t { f32 = 1, i32 = 3, u8 = 4, boolean = 10 };

/// AttrValue, one of its fields.
inline std::string attr_type(std::uint64_t kind) { return number(6, kind); }
inline std::string attr_float(float value) {
  std::string bytes;
  put_varint(bytes, 4U << 3U | 5U);
  return bytes + real(value);
}
/// TensorShapeProto. A side of -1 is not known.
inline std::string shape(std::span<const std::int64_t> sides) {
  std::string bytes;
  for (const std::int64_t side : sides) bytes += field(2, number(1, static_cast<std::uint64_t>(side)));
  return bytes;
}
/// AttrValue of a constant.
inline std::string attr_tensor(Kind kind, std::span<const std::int64_t> sides, std::string_view content) {
  return field(8, number(1, static_cast<std::uint64_t>(kind)) + field(2, shape(sides)) + field(4, content));
}

/// Attributes of a node, encoded, by name: in one order, so that the same model gives the same bytes.
using Attributes = std::map<std::string, std::string>;

/// NodeDef as a field of a GraphDef.
inline std::string node(std::string_view name, std::string_view op, const std::vector<std::string>& inputs,
                        const Attributes& attributes) {
  std::string bytes = field(1, name) + field(2, op);
  for (const std::string& input : inputs) bytes += field(3, input);
  for (const auto& [key, value] : attributes) bytes += field(5, field(1, key) + field(2, value));
  return field(1, bytes);
}

}  // namespace vultus::runtime::graphdef
