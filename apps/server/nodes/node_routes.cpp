#include <apps/server/nodes/node_routes.hpp>

#include <optional>
#include <utility>

#include <vultus/gallery/search_node.hpp>

namespace vultus::server {
namespace {

Response refuse_token(const Request& request) {
  Response refusal = problem_response({.status = 401,
                                       .code = "token_not_valid",
                                       .title = "The secret of the search nodes is wanted",
                                       .detail = "",
                                       .retry_after = {}},
                                      request.id);
  refusal.headers.set("WWW-Authenticate", "Bearer realm=\"vultus\"");
  return refusal;
}

}  // namespace

Status add_node_routes(Router& router, const NodeToken& token, AnswerNode answer) {
  Route health{.method = Method::get, .path = "/v1/health", .operation = "getHealth", .scope = Scope::none};
  health.handle = [](const Request&) { return json_response("{\"status\": \"ok\"}"); };
  VULTUS_CHECK(router.add(std::move(health)));
  Route ask{.method = Method::post, .path = kAskPath, .operation = "ask", .scope = Scope::none};
  ask.request_type = "application/octet-stream";
  ask.body_limit = SearchNode::kMaxQuestion;
  ask.admit = [token](Request& head) -> std::optional<Response> {
    if (token.is_authorized(head.headers.find("Authorization").value_or(""))) return std::nullopt;
    return refuse_token(head);
  };
  ask.handle = [answer = std::move(answer)](const Request& request) {
    Response response;
    response.headers.set("Content-Type", "application/octet-stream");
    response.body = answer(request.body);
    return response;
  };
  return router.add(std::move(ask));
}

ListenerHooks node_hooks(std::function<void(std::string_view, std::string_view)> fault) {
  return {.before_body =
              [](Request& head, const Route& route) {
                return Admission{.refusal = route.admit ? route.admit(head) : std::nullopt, .body_limit = {}};
              },
          .fault = std::move(fault)};
}

}  // namespace vultus::server
