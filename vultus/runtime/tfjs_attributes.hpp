// Attributes of a graph as JSON writes protocol buffers, encoded as they are. Not installed.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace vultus::runtime {

/// The bytes of a text in base 64; nothing if it is none.
[[nodiscard]] std::optional<std::string> tfjs_text(const nlohmann::json& in);

/// An AttrValue, encoded; nothing if it is of no known kind.
/// @source tensorflow/core/framework/attr_value.proto
[[nodiscard]] std::optional<std::string> tfjs_attribute(const nlohmann::json& in);

}  // namespace vultus::runtime
