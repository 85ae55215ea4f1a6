// Quotas of a day: which day it is, and how long who has used them up must wait.
#pragma once

#include <chrono>
#include <cstdint>

#include <apps/server/keys/key_row.hpp>

namespace vultus::server {

/// The day of a moment, UTC, counted from 1970.
[[nodiscard]] inline std::int64_t day_of(std::chrono::system_clock::time_point time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

/// What a key is told whose requests of the day are used up: it waits for midnight (UTC).
[[nodiscard]] inline Wait quota_wait(std::int64_t per_day, std::chrono::system_clock::time_point now) {
  const auto midnight = std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1);
  return {.reason = Wait::Reason::quota,
          .limit = per_day,
          .seconds = std::chrono::duration<double>(midnight - now).count()};
}

}  // namespace vultus::server
