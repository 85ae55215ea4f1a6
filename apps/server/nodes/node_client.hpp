// How routers ask search nodes over HTTP.
#pragma once

#include <vultus/gallery/ask_node.hpp>

namespace vultus::server {

/// Asks with the secret of NodeAccess::token_file, which is read at every question, over connections that stay open
/// between questions; certificates are checked. For GalleryOptions::ask_node.
/// @return thread-safe; copies share their connections. Errors of a call: invalid_argument  no secret, or one that the
///         node does not take; resource_limit  no answer within the deadline; others as the network says
[[nodiscard]] AskNode node_client();

}  // namespace vultus::server
