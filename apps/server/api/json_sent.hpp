// JSON that a caller has sent.
#pragma once

#include <cstddef>
#include <string_view>

#include <vultus/core/result.hpp>

#include <apps/server/openapi/json_schema.hpp>

namespace vultus::server {

/// Arrays and objects within each other. What prints, compares and copies a value calls itself for each of them, so
/// that a body of half a million brackets would use up the stack of its thread.
inline constexpr std::size_t kMostJsonDepth = 64;

/// @error resource_limit    deeper than kMostJsonDepth, seen before anything is built of it
/// @error invalid_argument  no JSON in UTF-8
[[nodiscard]] Result<Json> json_sent(std::string_view text);

}  // namespace vultus::server
