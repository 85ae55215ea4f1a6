// Which pages of other origins may read answers (Fetch standard, CORS protocol). Private to the listener.
#pragma once

#include <apps/server/http/listener_options.hpp>
#include <apps/server/http/message.hpp>

namespace vultus::server {

/// Adds what a browser asks for: nothing where the origin is not on the list. An answer to OPTIONS becomes the answer
/// to a preflight where it is one.
/// @thread any
void add_cors_headers(const Request& request, const CorsOptions& options, Response& response);

}  // namespace vultus::server
