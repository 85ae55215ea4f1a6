// How answers of the CompreFace interface are written.
#pragma once

#include <apps/server/api/call.hpp>

namespace vultus::server::compreface {

/// JSON over several lines, as the original writes it; members that are null are left out at every depth.
[[nodiscard]] Response pretty_answer(Json json, int status = 200);

}  // namespace vultus::server::compreface
