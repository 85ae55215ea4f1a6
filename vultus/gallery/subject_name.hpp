// What may be the name of a subject. Private to this room.
#pragma once

#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::gallery {

/// The name without white space around it.
/// @error invalid_argument  not UTF-8, a control character, empty, or longer than kMaxNameBytes
[[nodiscard]] Result<std::string> checked_name(std::string_view name);

/// `text` if it has at most `limit` bytes.
/// @error invalid_argument  longer; the message names `what`, the length and the limit
[[nodiscard]] Status check_length(std::string_view what, std::string_view text, std::size_t limit);

}  // namespace vultus::gallery
