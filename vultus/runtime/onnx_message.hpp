// The messages of an ONNX file (protocol buffers), field by field.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <vultus/core/result.hpp>

namespace vultus::runtime {

/// One field of a message.
struct OnnxField {
  std::uint64_t number = 0;
  unsigned wire = 0;
  std::uint64_t value = 0;              ///< of a varint
  std::span<const std::uint8_t> bytes;  ///< of a length-delimited field
  [[nodiscard]] std::string text() const { return {bytes.begin(), bytes.end()}; }
};

/// Reads a message field by field. Bytes must outlive it.
/// @source Protocol Buffers, encoding: wire types 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes
class OnnxMessage {
 public:
  explicit OnnxMessage(std::span<const std::uint8_t> bytes) : rest_(bytes) {}
  [[nodiscard]] bool done() const { return rest_.empty(); }
  /// @error corrupt_data  cut off, or no such encoding
  Result<OnnxField> next();
  /// A number without a field around it, as in packed lists. Errors as next().
  Result<std::uint64_t> number();

 private:
  Result<std::span<const std::uint8_t>> take(std::uint64_t size);
  std::span<const std::uint8_t> rest_;
};

/// corrupt_data, "not an ONNX model: <what>".
[[nodiscard]] Error damaged_onnx(const std::string& what);

}  // namespace vultus::runtime
