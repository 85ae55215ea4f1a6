// The constants of a TFJS model: cut out of its shards and widened. Not installed.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <vultus/core/result.hpp>
#include <vultus/runtime/graphdef.hpp>

namespace vultus::runtime {

/// A constant, ready for a GraphDef.
struct TfjsConstant {
  graphdef::Kind kind = graphdef::Kind::f32;
  std::vector<std::int64_t> shape;
  std::string bytes;  ///< little-endian, in the order of memory
};

/// A half float as a float: exact.
/// @source IEEE 754-2008, 3.6: binary16
[[nodiscard]] float widened(std::uint16_t half);

/// @param manifest  "weightsManifest" of model.json
/// @param bytes     all shards
/// @error corrupt_data  fields of another kind, counts beyond the bytes, bytes that nobody takes
/// @error unsupported   a kind of number that is not known here
[[nodiscard]] Result<std::map<std::string, TfjsConstant>> tfjs_constants(const nlohmann::json& manifest,
                                                                         std::span<const std::uint8_t> bytes);

}  // namespace vultus::runtime
