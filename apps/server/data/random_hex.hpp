// Names that nobody can guess and that are never given twice.
#pragma once

#include <cstddef>
#include <string>

namespace vultus::server {

inline constexpr std::size_t kIdBytes = 8;  ///< of the ids of jobs, cameras, webhooks and files

/// @param bytes  of the system's random numbers
/// @return two lower-case hex digits for each
/// @thread any; libsodium has been initialised
[[nodiscard]] std::string random_hex(std::size_t bytes = kIdBytes);

}  // namespace vultus::server
