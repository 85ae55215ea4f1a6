// The server's own audit log: what is done with faces and belongs to no collection.
#pragma once

#include <functional>
#include <string>

#include <apps/server/api/call.hpp>

namespace vultus::server {

/// The log itself. What keeps it from being opened is no fault of the caller: internal, and the reason in the server's
/// log.
[[nodiscard]] Checked<CollectionLease> opened_server_log(const Call& call);

/// The function behind a route, with a record of each of its acts in the server's audit log: what was done, with how
/// many faces, and the code of a refusal. It is written before the answer; an act that cannot be recorded is not
/// answered. What is refused before a picture or template was looked at leaves no record.
/// @param what  "detect", "embed", "compare", "verify"
[[nodiscard]] std::function<Reply(Call&)> in_server_log(std::string what, std::function<Reply(Call&)> act);

}  // namespace vultus::server
