// By which policy a request wants faces to be judged live.
#pragma once

#include <vultus/liveness/reading.hpp>

#include <apps/server/api/call.hpp>
#include <apps/server/http/router.hpp>

namespace vultus::server {

/// The name of a camera whose threshold is used.
[[nodiscard]] Parameter liveness_camera_parameter();
/// The policy of the request: that of its camera, or the program's own. Networks that are missing are named before what
/// was sent is blamed.
/// @param needed  whether the networks of a challenge are needed too
enum class LivenessNeeds : std::uint8_t { passive, challenge };
[[nodiscard]] Checked<liveness::Policy> liveness_policy_of(const Call& call, LivenessNeeds needs);

}  // namespace vultus::server
