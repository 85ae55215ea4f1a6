#include <vultus/runtime/onnx_metadata.hpp>

#include <vultus/runtime/onnx_message.hpp>

namespace vultus::runtime {

Result<std::map<std::string, std::string>> onnx_metadata(std::span<const std::uint8_t> bytes) {
  constexpr std::uint64_t kMetadataProps = 14;
  std::map<std::string, std::string> found;
  for (OnnxMessage model(bytes); !model.done();) {
    VULTUS_TRY(const OnnxField field, model.next());
    if (field.number != kMetadataProps || field.wire != 2) continue;
    std::string key, value;
    for (OnnxMessage entry(field.bytes); !entry.done();) {
      VULTUS_TRY(const OnnxField part, entry.next());
      if (part.number == 1) key = part.text();
      if (part.number == 2) value = part.text();
    }
    found[key] = std::move(value);
  }
  return found;
}

}  // namespace vultus::runtime
