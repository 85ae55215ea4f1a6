// The OpenAPI document, made from the table of routes.
#pragma once

#include <span>

#include <apps/server/http/router.hpp>
#include <apps/server/openapi/json_schema.hpp>

namespace vultus::server {

/// OpenAPI 3.1.
[[nodiscard]] Json openapi_document(std::span<const Route> routes, const JsonSchemas& schemas);

}  // namespace vultus::server
