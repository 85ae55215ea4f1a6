#include <apps/server/api/call.hpp>

#include <apps/server/api/parameters.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {

std::optional<std::string> Call::text(std::string_view name) const {
  const auto value = request.query_value(name);
  return value ? std::optional(std::string(*value)) : std::nullopt;
}

std::optional<double> Call::number(std::string_view name) const {
  const auto value = request.query_value(name);
  return value ? number_of(*value) : std::nullopt;
}

std::optional<std::int64_t> Call::integer(std::string_view name) const {
  const auto value = request.query_value(name);
  return value ? integer_of(*value) : std::nullopt;
}

bool Call::flag(std::string_view name) const { return request.query_value(name) == "true"; }

std::int64_t Call::path_number(std::string_view name) const { return integer_of(request.path_value(name)).value_or(0); }

Checked<CollectionLease> Call::collection() const {
  const std::string name = path_text("collection");
  // The key was asked in admit() already; whoever forgets that there must not open a door here.
  if (principal == nullptr || !principal->key.sees(name)) return problem("collection_not_found", "");
  auto lease = service.collections().use(name);
  if (lease) return *std::move(lease);
  if (lease.error().code == ErrorCode::not_found) return problem("collection_not_found", "");
  return Refusal{.problem = problem("collection_not_usable", "", 5), .for_log = lease.error().message};
}

Response answer(const Json& json, int status) {
  return json_response(json.dump(-1, ' ', false, Json::error_handler_t::replace), status);
}

}  // namespace vultus::server
