#include <apps/server/http/cors.hpp>

#include <algorithm>
#include <string>

namespace vultus::server {
namespace {

std::string comma_list(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

void add_cors_headers(const Request& request, const CorsOptions& options, Response& response) {
  if (options.origins.empty()) return;
  // Caches must not give one origin what another may read.
  response.headers.add("Vary", "Origin");
  const auto origin = request.headers.find("Origin");
  if (!origin) return;
  const bool listed = std::any_of(options.origins.begin(), options.origins.end(),
                                  [&](const std::string& known) { return known == "*" || known == *origin; });
  if (!listed) return;
  response.headers.set("Access-Control-Allow-Origin", std::string(*origin));
  const auto allowed = response.headers.find("Allow");
  if (request.method == Method::options && response.status == 204 && allowed &&
      request.headers.find("Access-Control-Request-Method")) {
    response.headers.set("Access-Control-Allow-Methods", std::string(*allowed));
    response.headers.set("Access-Control-Allow-Headers", comma_list(options.request_headers));
    response.headers.set("Access-Control-Max-Age", std::to_string(options.remembered.count()));
  } else {
    response.headers.set("Access-Control-Expose-Headers", comma_list(options.response_headers));
  }
}

}  // namespace vultus::server
