// Files that only their owner can read.
#pragma once

#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::server {

/// Puts a file of mode 0600 in place of what is there, in one step: a reader sees the old bytes or the new ones. The
/// bytes are on the disk when it returns.
/// @error resource_limit  the folder or the disk does not take it; the old file is as it was
/// @thread any, not two on one path
[[nodiscard]] Status write_private_file(const std::string& path, std::string_view bytes);

}  // namespace vultus::server
