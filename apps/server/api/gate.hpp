// What happens to every request around the function behind its route: who calls, whether they may, what they sent,
// whether it was answered before; and afterwards the log and the counters.
#pragma once

#include <memory>

#include <apps/server/api/operation.hpp>
#include <apps/server/openapi/json_schema.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {

/// The route of an operation with its `handle`.
/// @param service  must outlive the route
[[nodiscard]] Route gated(Operation operation, Service& service, std::shared_ptr<const JsonSchemas> schemas);

/// The answer of a refusal. What only the log is told goes into `note`.
[[nodiscard]] Response refusal_response(const Refusal& refusal, const Request& request, const Service& service,
                                        RequestNote& note);

/// Why a key must wait, as the API says it.
[[nodiscard]] Problem waiting_problem(const Wait& wait);

/// The note of a request with what is known of it before it is answered.
[[nodiscard]] RequestNote note_of(const Route& route, const Request& request);
/// Fills in what is known afterwards, counts and logs.
void tell(Service& service, RequestNote note, const Response& response, std::chrono::steady_clock::time_point since);

}  // namespace vultus::server
