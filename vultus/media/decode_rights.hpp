// What a process that decodes pictures of strangers may do. Internal to the room.
#pragma once

#include <cstddef>

namespace vultus::media {

/// From here on this process can open no file, socket or program, start no process, get no memory that can be run, and
/// take so many bytes of address space beyond what it has at most. There is no way back.
/// In a build with a sanitizer the limits and the filter of calls are left out, because its run-time library cannot
/// live with them.
/// @return false where the system refused; then nothing may be decoded
/// @thread with one thread alone
[[nodiscard]] bool give_up_rights(std::size_t memory);

}  // namespace vultus::media
