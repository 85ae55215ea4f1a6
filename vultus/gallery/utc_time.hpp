// Points in time as the gallery writes them: ISO 8601, UTC, whole seconds.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vultus {

/// A moment, whole seconds since 1970 without leap seconds.
using UtcTime = std::chrono::sys_seconds;

/// "2026-01-31T09:05:00Z".
/// @param time  year 0 to 9999
[[nodiscard]] std::string to_iso8601(UtcTime time);

/// Reads exactly the form that to_iso8601 writes.
/// @return nothing for any other text, or a date that no calendar has
[[nodiscard]] std::optional<UtcTime> from_iso8601(std::string_view text);

}  // namespace vultus
