// The body of a request: JSON or a form, held against the schema of the route.
#pragma once

#include <cstddef>

#include <apps/server/api/call.hpp>
#include <apps/server/http/router.hpp>
#include <apps/server/openapi/json_schema.hpp>

namespace vultus::server {

inline constexpr std::size_t kMostFormParts = 1000;

/// Fills Call::body and Call::form.
/// @return what is wrong, if anything: body_type_not_supported, body_not_valid
[[nodiscard]] std::optional<Problem> read_body(const Route& route, Call& call, const JsonSchemas& schemas);

/// The schema of a form: "#/components/schemas/<Name>Form" for a route whose JSON is "<Name>".
[[nodiscard]] Json form_schema_of(const Route& route);

}  // namespace vultus::server
