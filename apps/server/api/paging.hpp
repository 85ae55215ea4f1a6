// Pages of lists: a cursor is opaque to callers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <apps/server/api/call.hpp>

namespace vultus::server {

inline constexpr std::size_t kUsualPage = 100;

/// How many are wanted on a page.
[[nodiscard]] std::size_t page_size(const Call& call);

/// The cursor that goes on behind this text: base64url, so that a name in it needs no escaping.
[[nodiscard]] std::string cursor_behind(std::string_view last);

/// What the query's cursor stands behind; "" without one. Something else than a cursor is refused.
[[nodiscard]] Checked<std::string> page_begin(const Call& call);

}  // namespace vultus::server
