// Query and headers, held against what a route says of them.
#pragma once

#include <apps/server/api/reply.hpp>
#include <apps/server/http/router.hpp>
#include <apps/server/openapi/json_schema.hpp>

namespace vultus::server {

/// @return what is wrong, if anything: parameter_not_valid. Values of the path are not looked at: what is not there is
/// for the function to say.
[[nodiscard]] std::optional<Problem> check_parameters(const Route& route, const Request& request,
                                                      const JsonSchemas& schemas);

/// A text of a query as the type of a schema: a number, true or false, else the text itself.
[[nodiscard]] Json value_of_text(std::string_view text, const Json& schema);

/// A whole number, all of the text.
[[nodiscard]] std::optional<std::int64_t> integer_of(std::string_view text);
[[nodiscard]] std::optional<double> number_of(std::string_view text);

}  // namespace vultus::server
