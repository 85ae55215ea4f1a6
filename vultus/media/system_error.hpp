// What the operating system refused, in the codes of Vultus. Internal to the room.
#pragma once

#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::media {

/// @param name    the file as the user named it
/// @param action  e.g. "cannot read"
/// @param reason  a value of errno
/// @return not_found for ENOENT, ENOTDIR and ELOOP; invalid_argument for ENAMETOOLONG and EISDIR; EBADF says that it is
///         closed; resource_limit for the rest: permission, disk full, quota, read-only, device
[[nodiscard]] Error system_failure(const std::string& name, std::string_view action, int reason);

}  // namespace vultus::media
