// The web page of the server: what stands behind `/`.
#pragma once

#include <span>

#include <apps/server/http/router.hpp>
#include <apps/server/web/web_files.hpp>

namespace vultus::server {

/// Adds `/`, and a route for every other file. None of them needs a key: the page holds nothing of anybody, and asks
/// /v1 with the key that its user types. Without files `/` tells how to get the page.
/// @param files  live as long as the router, as web_files() does
/// @error as Router::add
/// @thread the routes: any
Status add_web_routes(Router& router, std::span<const WebFile> files);

}  // namespace vultus::server
