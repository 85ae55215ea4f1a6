// What an ONNX file tells of itself beside its graph.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include <vultus/core/result.hpp>

namespace vultus::runtime {

/// The texts of ModelProto.metadata_props (field 14), for example the alphabet of a network that reads.
/// @param bytes  the whole file
/// @error corrupt_data  not ONNX
/// @thread safe, no state
/// @source onnx.proto of ONNX 1.16 (IR version 10)
[[nodiscard]] Result<std::map<std::string, std::string>> onnx_metadata(std::span<const std::uint8_t> bytes);

}  // namespace vultus::runtime
