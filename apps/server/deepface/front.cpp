#include <apps/server/deepface/front.hpp>

#include <algorithm>
#include <chrono>

#include <vultus/core/utf8.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/gate.hpp>
#include <apps/server/api/json_sent.hpp>
#include <apps/server/collections/acting_as.hpp>
#include <apps/server/http/ascii.hpp>

namespace vultus::server::deepface {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kMaxBody = std::size_t{64} << 20U;  // two pictures in base64
constexpr std::size_t kMostFields = 64;
constexpr std::string_view kBearer = "bearer ";

/// {"message"} where nobody is let in, {"exception"} for all other refusals, as the original writes them.
Response refusal_answer(const Refusal& refusal, const Service& service, RequestNote& note) {
  const Problem& problem = refusal.problem;
  note.code = problem.code;
  std::string text = problem.detail.empty() ? problem.title : problem.detail;
  if (problem.status >= 500) {
    note.fault = refusal.for_log.empty() ? text : refusal.for_log;
    text = problem.title;
  }
  const bool outside = problem.status == 401;
  const bool kept = outside || problem.status == 403 || problem.status == 429 || problem.status >= 500;
  Response response = answer({{outside ? "message" : "exception", service.without_places(std::move(text))}},
                             kept ? problem.status : 400);
  if (problem.retry_after) response.headers.set("Retry-After", std::to_string(*problem.retry_after));
  return response;
}

class Front {
 public:
  Front(Row row, Route route, Service& service) : row_(std::move(row)), route_(std::move(route)), service_(service) {}

  std::optional<Response> admit(Request& head) const {
    const auto began = Steady::now();
    auto principal = admitted(head);
    if (principal) {
      head.principal = *std::move(principal);
      return std::nullopt;
    }
    RequestNote note = note_of(route_, head);
    Response response = refusal_answer(principal.error(), service_, note);
    tell(service_, std::move(note), response, began);
    return response;
  }

  Response pass(const Request& given) const {
    if (given.principal) return answered(given);
    Request request = given;  // nobody asked the hook: the body is copied once
    if (auto refused = admit(request)) return *std::move(refused);
    return answered(request);
  }

 private:
  Checked<std::shared_ptr<const Principal>> admitted(const Request& head) const {
    const Problem outside{.status = 401,
                          .code = "key_not_valid",
                          .title = {},
                          .detail = "Invalid or missing authentication token",
                          .retry_after = {}};
    const std::string_view header = head.headers.find("Authorization").value_or("");
    if (!ascii_equal(header.substr(0, kBearer.size()), kBearer)) return outside;
    VULTUS_TRY(auto key, service_.keys().authenticate(trimmed(header.substr(kBearer.size()))));
    if (!key) return outside;
    VULTUS_TRY(const auto wait, service_.keys().spend(key->id));
    if (wait) return waiting_problem(*wait);
    if (!key->allows(row_.scope))
      return problem("scope_too_small", "scope " + std::string(scope_name(row_.scope)) + " is wanted");
    return std::shared_ptr<const Principal>(std::make_shared<Principal>(Principal{.key = *std::move(key)}));
  }

  Response answered(const Request& request) const {
    const auto began = Steady::now();
    RequestNote note = note_of(route_, request);
    Call call{.request = request, .service = service_, .principal = request.principal.get()};
    auto reply = guarded("request", [&]() -> Result<Response> {
      Reply made = acted(call);
      return made ? *std::move(made) : refusal_answer(made.error(), service_, note);
    });
    if (!reply)
      reply = refusal_answer({.problem = problem("internal", ""), .for_log = reply.error().message}, service_, note);
    Response response = *std::move(reply);
    response.headers.set("Cache-Control", "no-store");
    tell(service_, std::move(note), response, began);
    // What cannot be written down now is tried again later.
    if (const Status flushed = service_.keys().flush_when_due(); !flushed) return response;
    return response;
  }

  Reply acted(Call& call) const {
    if (auto wrong = read(call)) return *std::move(wrong);
    const std::string who = "key " + call.principal->key.id + " request " + call.request.id;
    const ActingAs acting({.who = who.substr(0, kMaxNameBytes), .purpose = {}});
    return row_.act(call);
  }

  /// JSON into Call::body; of a form its texts, and files into Call::form.
  static std::optional<Problem> read(Call& call) {
    const std::string_view header = call.request.headers.find("Content-Type").value_or("");
    const std::string type = ascii_lowered(trimmed(header.substr(0, header.find(';'))));
    call.body = Json::object();
    if (type == "multipart/form-data") {
      auto form = parse_multipart(header, call.request.body, {.parts = kMostFields});
      if (!form) return refusal(form.error().message);
      for (FormPart& part : *form) {
        if (part.file_name)
          call.form.push_back(std::move(part));
        else if (is_utf8(part.name) && is_utf8(part.content))
          call.body[part.name] = std::string(part.content);
        else
          return refusal("a field of the form is not UTF-8");
      }
      return std::nullopt;
    }
    if (type != "application/json") return refusal("the body must be JSON or a form of the type multipart/form-data");
    auto json = json_sent(call.request.body);
    if (!json && json.error().code == ErrorCode::resource_limit) return refusal(json.error().message);
    if (!json || !json->is_object()) return refusal("the body is no JSON object");
    call.body = *std::move(json);
    return std::nullopt;
  }

  Row row_;
  Route route_;
  Service& service_;
};

}  // namespace

Problem refusal(std::string why) {
  return {.status = 400, .code = "refused", .title = {}, .detail = std::move(why), .retry_after = {}};
}

Checked<CollectionLease> collection_of(const Call& call) {
  const auto& names = call.principal->key.collections;
  if (!names || names->size() != 1)
    return refusal("the token must belong to one collection, this one to " +
                   (names ? std::to_string(names->size()) : std::string("all")));
  auto lease = call.service.collections().use(names->front());
  if (lease) return *std::move(lease);
  if (lease.error().code == ErrorCode::not_found) return refusal("the collection of the token is not there");
  return lease.error();
}

}  // namespace vultus::server::deepface

namespace vultus::server {

Status add_deepface_routes(Router& router, Service& service) {
  for (const auto& of_a_topic : {&deepface::picture_rows, &deepface::people_rows})
    for (deepface::Row& row : of_a_topic()) {
      Route route{.method = Method::post,
                  .path = row.path,
                  .operation = row.operation,
                  .tag = "deepface",
                  .scope = Scope::none,
                  .body_limit = deepface::kMaxBody};
      auto front = std::make_shared<const deepface::Front>(std::move(row), route, service);
      route.admit = [front](Request& head) { return front->admit(head); };
      route.refuse = [](const Problem& problem) {
        const std::string why = problem.title + (problem.detail.empty() ? "" : ": " + problem.detail);
        Response response = answer({{"exception", why}}, problem.status);
        if (problem.retry_after) response.headers.set("Retry-After", std::to_string(*problem.retry_after));
        return response;
      };
      route.handle = [front](const Request& request) { return front->pass(request); };
      VULTUS_CHECK(router.add(std::move(route)));
    }
  return {};
}

}  // namespace vultus::server
