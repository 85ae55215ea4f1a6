#include <vultus/runtime/onnx_message.hpp>

namespace vultus::runtime {

Error damaged_onnx(const std::string& what) { return fail(ErrorCode::corrupt_data, "not an ONNX model: " + what); }

Result<std::uint64_t> OnnxMessage::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) return damaged_onnx("cut off");
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  return damaged_onnx("a number of more than ten bytes");
}

Result<std::span<const std::uint8_t>> OnnxMessage::take(std::uint64_t size) {
  if (size > rest_.size()) return damaged_onnx("cut off, or a length beyond its end");
  const auto taken = rest_.first(static_cast<std::size_t>(size));
  rest_ = rest_.subspan(static_cast<std::size_t>(size));
  return taken;
}

Result<OnnxField> OnnxMessage::next() {
  VULTUS_TRY(const std::uint64_t key, number());
  OnnxField field{.number = key >> 3U, .wire = static_cast<unsigned>(key & 7U), .bytes = {}};
  if (field.number == 0) return damaged_onnx("a field without a number");
  switch (field.wire) {
    case 0: {
      VULTUS_TRY(field.value, number());
      return field;
    }
    case 1: {
      VULTUS_TRY(field.bytes, take(8));
      return field;
    }
    case 2: {
      VULTUS_TRY(const std::uint64_t size, number());
      VULTUS_TRY(field.bytes, take(size));
      return field;
    }
    case 5: {
      VULTUS_TRY(field.bytes, take(4));
      return field;
    }
    default: return damaged_onnx("a field of an unknown kind");
  }
}

}  // namespace vultus::runtime
