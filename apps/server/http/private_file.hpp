// Files that only their owner can read.
#pragma once

#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::server {

/// Puts a file of mode 0600 in place of what is there, in one step: a reader sees the old bytes or the new ones. The
/// bytes and their name are on the disk when it returns.
/// @error resource_limit  the folder or the disk does not take it; the old file is as it was, except where the folder
///                        alone could not be synchronised
/// @thread any, not two on one path
[[nodiscard]] Status write_private_file(const std::string& path, std::string_view bytes);

/// Is a file one that nobody but this user and root can read or change? Where a list of access rights grants it to this
/// user by name, as systemd does with credentials, that is no other user.
/// @error not_found         no file, or something that is none
/// @error invalid_argument  it belongs to another user, or others have a right to it: the message says what mends it
[[nodiscard]] Status check_private_file(const std::string& path);

/// Waits until the names in the folder of a path are on the disk: a file that was made or renamed there may be gone
/// after a loss of power else.
/// @error resource_limit  the disk fails
[[nodiscard]] Status sync_folder_of(const std::string& path);

}  // namespace vultus::server
