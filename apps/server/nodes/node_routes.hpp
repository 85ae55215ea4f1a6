// What a search node answers over HTTP.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

#include <apps/server/http/hooks.hpp>
#include <apps/server/http/router.hpp>
#include <apps/server/nodes/node_token.hpp>

namespace vultus::server {

/// Where a search node is asked. Whoever knows the secret may search everybody in its shards.
inline constexpr const char* kAskPath = "/internal/v1/ask";

/// Bytes of a question to bytes of an answer, as SearchNode::answer; called on workers, several at one time.
using AnswerNode = std::function<std::string(std::string_view question)>;

/// POST kAskPath for those who know the secret, GET /v1/health for everybody.
/// @error as Router::add
[[nodiscard]] Status add_node_routes(Router& router, const NodeToken& token, AnswerNode answer);

/// Lets nobody in whom a route does not let in, before a body is read.
/// @param fault  as ListenerHooks::fault
[[nodiscard]] ListenerHooks node_hooks(std::function<void(std::string_view, std::string_view)> fault);

}  // namespace vultus::server
