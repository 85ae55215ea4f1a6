// What requests that make keys have in common.
#pragma once

#include <optional>

#include <apps/server/api/call.hpp>
#include <apps/server/keys/key_store.hpp>

namespace vultus::server {

/// Refuses a key that sees some collections: it could make itself one that sees all.
[[nodiscard]] std::optional<Problem> refuse_ungoverned(const Call& call);

/// Reads "per_second", "burst", "per_day" and "expires" of a body. @return what is wrong with them
[[nodiscard]] std::optional<Problem> read_limits(const Json& body, NewKey& wanted);

}  // namespace vultus::server
