// What the head of a request must keep to beyond its grammar. Private to the parser.
#pragma once

#include <optional>
#include <string_view>

#include <apps/server/http/request_parser.hpp>

namespace vultus::server {

/// Fills in method, path, query, host and the way the body comes.
/// @param head  with headers, versions and keep_alive
/// @return why the request is refused, as RequestParser::read_head has it
/// @thread any
[[nodiscard]] std::optional<Problem> apply_head_rules(std::string_view method, std::string_view target,
                                                      const HeadLimits& limits, RequestHead& head);

}  // namespace vultus::server
