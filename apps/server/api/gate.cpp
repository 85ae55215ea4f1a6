#include <apps/server/api/gate.hpp>

#include <algorithm>
#include <chrono>

#include <apps/server/api/body.hpp>
#include <apps/server/api/parameters.hpp>
#include <apps/server/collections/acting_as.hpp>

namespace vultus::server {
namespace {

using Steady = std::chrono::steady_clock;

bool has_parameter(const Route& route, std::string_view name) {
  return std::ranges::find(route.parameters, name, &Parameter::name) != route.parameters.end();
}

AuditActor actor_of(const Route& route, const Request& request) {
  std::string who = request.principal ? "key " + request.principal->key.id : std::string("nobody");
  who += " request " + request.id;
  const auto purpose = has_parameter(route, "X-Purpose") ? request.headers.find("X-Purpose") : std::nullopt;
  return {.who = who.substr(0, kMaxNameBytes), .purpose = std::string(purpose.value_or(""))};
}

/// Everything that the gate does with one route.
class Gate {
 public:
  Gate(Operation operation, Service& service, std::shared_ptr<const JsonSchemas> schemas)
      : operation_(std::move(operation)), service_(service), schemas_(std::move(schemas)) {}

  Response pass(const Request& given) const {
    if (given.principal || operation_.route.scope == Scope::none) return pass_admitted(given);
    Request request = given;  // nobody asked the hook: the body is copied once
    if (auto refused = service_.admit(operation_.route, request)) return *std::move(refused);
    return pass_admitted(request);
  }

 private:
  Response pass_admitted(const Request& request) const {
    const auto began = Steady::now();
    RequestNote note = note_of(operation_.route, request);
    auto reply = guarded("request", [&]() -> Result<Response> { return checked(request, note); });
    Response response = reply ? *std::move(reply)
                              : refusal_response({.problem = problem("internal", ""), .for_log = reply.error().message},
                                                 request, service_, note);
    response.headers.set("Cache-Control", "no-store");
    tell(service_, std::move(note), response, began);
    // What cannot be written down now is tried again later.
    if (const Status flushed = service_.keys().flush_when_due(); !flushed) return response;
    return response;
  }

  Response checked(const Request& request, RequestNote& note) const {
    Call call{.request = request, .service = service_, .principal = request.principal.get()};
    const auto refuse = [&](Problem wrong) {
      return refusal_response({.problem = std::move(wrong)}, request, service_, note);
    };
    if (auto wrong = check_parameters(operation_.route, request, *schemas_)) return refuse(*std::move(wrong));
    if (auto wrong = read_body(operation_.route, call, *schemas_)) return refuse(*std::move(wrong));
    const auto key = request.headers.find("Idempotency-Key");
    if (!key || call.principal == nullptr || !has_parameter(operation_.route, "Idempotency-Key"))
      return act(call, note);
    return act_once(call, *key, note);
  }

  Response act(Call& call, RequestNote& note) const {
    const ActingAs acting(actor_of(operation_.route, call.request));
    Reply reply = operation_.act(call);
    if (reply) return *std::move(reply);
    return refusal_response(reply.error(), call.request, service_, note);
  }

  Response act_once(Call& call, std::string_view text, RequestNote& note) const {
    using Is = KeptAnswers::Is;
    const std::int64_t now = service_.utc_now().time_since_epoch().count();
    const AnswerKey key = answer_key(call.principal->seal, text, call.request);
    auto found = service_.answers().begin(key, now);
    if (!found) return refusal_response(Reply(found.error()).error(), call.request, service_, note);
    const auto refuse = [&](const char* code, const char* why) {
      return refusal_response({.problem = problem(code, why)}, call.request, service_, note);
    };
    if (found->is == Is::in_use) return refuse("idempotency_key_in_use", "wait for the first request to end");
    if (found->is == Is::other_request)
      return refuse("idempotency_key_reused", "method, path, query and body must be those of the first request");
    if (found->is == Is::kept) {
      note.repeated = true;
      found->answer.headers.set("Idempotency-Replayed", "true");
      return std::move(found->answer);
    }
    // Whatever happens, the key does not stay in use.
    auto reply = guarded("request", [&]() -> Result<Response> { return act(call, note); });
    const bool keep = reply && reply->status < 500 && reply->status != 429;
    const Status kept =
        service_.answers().end(key, keep ? &*reply : nullptr, call.request.path_value("collection"), now);
    if (!reply) return refusal_response(Reply(reply.error()).error(), call.request, service_, note);
    // It was carried out: an answer that cannot be kept is given all the same.
    if (!kept) note.fault = kept.error().message;
    return *std::move(reply);
  }

  Operation operation_;
  Service& service_;
  std::shared_ptr<const JsonSchemas> schemas_;
};

}  // namespace

RequestNote note_of(const Route& route, const Request& request) {
  return {.request = request.id,
          .method = std::string(name_of(request.method)),
          .route = route.path,
          .operation = route.operation,
          .collection = std::string(request.path_value("collection")),
          .sealed = std::string(request.path_value("sealed")),
          .key = request.principal ? request.principal->key.id : std::string(),
          .peer = request.peer,
          .bytes_in = request.body.size()};
}

Response refusal_response(const Refusal& refusal, const Request& request, const Service& service, RequestNote& note) {
  Problem told = refusal.problem;
  note.code = told.code;
  if (told.status >= 500) {
    note.fault = refusal.for_log.empty() ? told.detail : refusal.for_log;
    told.detail = "the log of the server knows more under this request id";
  }
  told.detail = service.without_places(std::move(told.detail));
  Response response = problem_response(told, request.id);
  if (told.status == 401) response.headers.set("WWW-Authenticate", "Bearer realm=\"vultus\"");
  return response;
}

void tell(Service& service, RequestNote note, const Response& response, Steady::time_point since) {
  const std::chrono::duration<double> took = Steady::now() - since;
  note.status = response.status;
  note.milliseconds = took.count() * 1000;
  note.bytes_out = response.body.size();
  note.at = to_iso8601(service.utc_now());
  service.counters().answered(note.operation, response.status, took.count());
  service.log(note);
}

Route gated(Operation operation, Service& service, std::shared_ptr<const JsonSchemas> schemas) {
  Route route = operation.route;
  auto gate = std::make_shared<const Gate>(std::move(operation), service, std::move(schemas));
  route.handle = [gate](const Request& request) { return gate->pass(request); };
  return route;
}

}  // namespace vultus::server
