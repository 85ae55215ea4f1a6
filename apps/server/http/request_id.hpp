// The name of one request in logs and answers.
#pragma once

#include <string>
#include <string_view>

namespace vultus::server {

/// Whether a caller's X-Request-Id can be taken over: 1 to 64 letters, digits, '-', '_' and '.'.
/// @thread any
[[nodiscard]] bool is_sane_request_id(std::string_view id) noexcept;

/// 32 hexadecimal digits from the operating system's random numbers.
/// @thread any
[[nodiscard]] std::string make_request_id();

}  // namespace vultus::server
