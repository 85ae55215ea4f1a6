// What a collection may be called: a name that is the same in a path, a file system, a URL and a log.
#pragma once

#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::server {

/// The same rule as a pattern, for JSON Schema.
inline constexpr const char* kCollectionNamePattern = "^[a-z0-9][a-z0-9_-]{0,62}$";

/// True for 1 to 63 of a-z, 0-9, - and _, of which the first is a letter or digit.
[[nodiscard]] bool is_collection_name(std::string_view name);

}  // namespace vultus::server
