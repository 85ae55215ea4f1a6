// Percent-encoding (RFC 3986, 2.1) and queries as forms write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vultus::server {

/// What a '+' stands for: itself in a path, a space in a query.
enum class Plus : std::uint8_t { itself, space };

/// Decodes "%41" and leaves the rest.
/// @param text  any length; the caller bounds it
/// @return the bytes, or nothing where a '%' is not followed by two hexadecimal digits, or where the result holds a NUL
///         or is not UTF-8
/// @thread any
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text, Plus plus = Plus::itself);

/// Names and values of a query, in order; a name without '=' has the empty value, empty pieces are left out.
/// @param query  without the '?'
/// @return nothing where a name or value cannot be decoded
/// @thread any
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

}  // namespace vultus::server
