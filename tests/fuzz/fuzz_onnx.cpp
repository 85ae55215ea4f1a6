// What is looked for in an ONNX file before a library reads it.
#include <span>

#include <vultus/runtime/onnx_check.hpp>
#include <vultus/runtime/onnx_metadata.hpp>

#include "fuzz_target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (const auto told = vultus::runtime::onnx_metadata(std::span(data, size)); told) {
    std::size_t bytes = 0;
    for (const auto& [key, value] : *told) bytes += key.size() + value.size();
    vultus::fuzz::require(bytes <= size, "texts are no longer than their file");
  }
  const vultus::Status status = vultus::runtime::check_onnx(std::span(data, size));
  if (status) {
    vultus::fuzz::require(size > 0, "nothing is no model");
    return 0;
  }
  vultus::fuzz::require(!status.error().message.empty(), "an error says something");
  vultus::fuzz::require(
      status.error().code == vultus::ErrorCode::corrupt_data || status.error().code == vultus::ErrorCode::unsupported,
      "bytes are never our fault");
  return 0;
}
