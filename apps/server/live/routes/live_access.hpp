// What the routes of the live part have in common.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <apps/server/api/call.hpp>
#include <apps/server/live/camera.hpp>

namespace vultus::server {

/// The camera of the path. One of a collection that the caller's key does not see is answered like none.
[[nodiscard]] Checked<std::shared_ptr<Camera>> camera_of(const Call& call);

/// Whether the caller's key is still valid and sees a collection ("" = whatever it sees): for streams, which outlive
/// the check of their request. The service must outlive it.
[[nodiscard]] std::function<bool()> still_allowed(const Call& call, std::string collection);

}  // namespace vultus::server
