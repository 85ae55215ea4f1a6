#include <apps/server/compreface/front.hpp>

#include <algorithm>
#include <chrono>

#include <vultus/core/utf8.hpp>

#include <apps/server/api/gate.hpp>
#include <apps/server/api/json_sent.hpp>
#include <apps/server/api/parameters.hpp>
#include <apps/server/collections/acting_as.hpp>
#include <apps/server/http/ascii.hpp>
#include <apps/server/keys/key_text.hpp>

namespace vultus::server::compreface {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::string_view kBase = "/api/v1";
constexpr std::size_t kMostParts = 64;
constexpr std::size_t kMostPurpose = 1000;
constexpr const char* kKeyInPath = "api_key";

std::string title_of(ServiceKind kind) {
  std::string name(service_name(kind));
  name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name;
}

/// Everything that is done with one route.
class Front {
 public:
  Front(Row row, Route route, Service& service) : row_(std::move(row)), route_(std::move(route)), service_(service) {}

  std::optional<Response> admit(Request& head) const {
    const auto began = Steady::now();
    RequestNote note = noted(head);
    auto principal = admitted(head);
    if (principal) {
      head.principal = *std::move(principal);
      return std::nullopt;
    }
    return refused(principal.error(), std::move(note), began);
  }

  Response pass(const Request& given) const {
    if (given.principal || (!row_.kind && given.body.size() <= route_.body_limit)) return answered(given);
    Request request = given;  // nobody asked the hook: the body is copied once
    if (auto refusal = admit(request)) return *std::move(refusal);
    return answered(request);
  }

 private:
  RequestNote noted(const Request& request) const {
    RequestNote note = note_of(route_, request);
    note.collection.clear();
    if (request.principal && request.principal->key.collections && !request.principal->key.collections->empty())
      note.collection = request.principal->key.collections->front();
    return note;
  }

  Checked<std::shared_ptr<const Principal>> admitted(const Request& head) const {
    const std::string_view in_path = head.path_value(kKeyInPath);
    const auto header = in_path.empty() ? head.headers.find("x-api-key") : std::optional(in_path);
    if (row_.kind) {
      if (!header) return bad(Code::header_missing, "Missing header: x-api-key");
      if (!uuid_bytes(*header)) return not_valid("Service API key should be UUID");
      VULTUS_TRY(auto key, service_.keys().authenticate_service(*header));
      if (!key || key->service != row_.kind)
        return refusal(404, Code::service_not_found,
                       title_of(*row_.kind) + " service with API Key " + std::string(*header) + " not found");
      VULTUS_TRY(const auto wait, service_.keys().spend(key->id));
      if (wait) return waiting_problem(*wait);
      VULTUS_CHECK(fitting_size(head));
      return std::shared_ptr<const Principal>(std::make_shared<Principal>(Principal{.key = *std::move(key)}));
    }
    VULTUS_CHECK(fitting_size(head));
    return std::shared_ptr<const Principal>();
  }

  // The listener would refuse it too, in words of its own.
  Checked<bool> fitting_size(const Request& head) const {
    const auto told = head.headers.find("Content-Length");
    const auto bytes = std::max(static_cast<std::int64_t>(head.body.size()), told ? integer_of(*told).value_or(0) : 0);
    if (bytes <= static_cast<std::int64_t>(route_.body_limit)) return true;
    return refusal(413, Code::other,
                   "The request has " + std::to_string(bytes) + " bytes, at most " + std::to_string(route_.body_limit) +
                       " are allowed");
  }

  Response answered(const Request& request) const {
    const auto began = Steady::now();
    RequestNote note = noted(request);
    Call call{.request = request, .service = service_, .principal = request.principal.get()};
    auto reply = guarded("request", [&]() -> Result<Response> {
      Reply made = acted(call);
      if (made) return *std::move(made);
      note.code = made.error().problem.code;
      return refusal_answer(made.error(), note.fault);
    });
    if (!reply) {
      note.code = "internal";
      reply = refusal_answer({.problem = problem("internal", ""), .for_log = reply.error().message}, note.fault);
    }
    Response response = *std::move(reply);
    if (!response.headers.find("Cache-Control")) response.headers.set("Cache-Control", "no-store");
    tell(service_, std::move(note), response, began);
    // What cannot be written down now is tried again later.
    if (const Status flushed = service_.keys().flush_when_due(); !flushed) return response;
    return response;
  }

  Reply acted(Call& call) const {
    if (row_.body != Body::none)
      if (auto wrong = read(call)) return *std::move(wrong);
    const std::string who = call.principal ? "key " + call.principal->key.id : std::string("nobody");
    // What cannot stand in a log is left out: clients of the original do not know this header.
    std::string_view purpose = call.request.headers.find("X-Purpose").value_or("");
    if (!is_utf8(purpose) || purpose.size() > kMostPurpose) purpose = {};
    const ActingAs acting(
        {.who = (who + " request " + call.request.id).substr(0, kMaxNameBytes), .purpose = std::string(purpose)});
    return row_.act(call);
  }

  std::optional<Problem> read(Call& call) const {
    const std::string_view header = call.request.headers.find("Content-Type").value_or("");
    const std::string type = ascii_lowered(trimmed(header.substr(0, header.find(';'))));
    if (row_.body == Body::picture && type == "multipart/form-data") {
      auto form = parse_multipart(header, call.request.body, {.parts = kMostParts});
      if (!form) return bad(Code::other, kSomethingWrong);
      call.form = *std::move(form);
      return std::nullopt;
    }
    if (type != "application/json") return bad(Code::other, kSomethingWrong);
    auto json = json_sent(call.request.body);
    // The original knows no limit, so it is named.
    if (!json)
      return bad(Code::other, json.error().code == ErrorCode::resource_limit ? json.error().message : kSomethingWrong);
    call.body = *std::move(json);
    return std::nullopt;
  }

  Response refused(const Refusal& refusal, RequestNote note, Steady::time_point began) const {
    note.code = refusal.problem.code;
    Response response = refusal_answer(refusal, note.fault);
    response.headers.set("Cache-Control", "no-store");
    tell(service_, std::move(note), response, began);
    return response;
  }

  Row row_;
  Route route_;
  Service& service_;
};

/// A refusal of the transport, with its own status.
Response in_words_of_the_original(const Problem& problem) {
  const std::string why = problem.title + (problem.detail.empty() ? "" : ": " + problem.detail);
  Problem worded = refusal(problem.status, Code::other, why);
  worded.retry_after = problem.retry_after;
  std::string unused;
  return refusal_answer({.problem = std::move(worded)}, unused);
}

}  // namespace

Route route_of(Row row, Service& service) {
  Route route{.method = row.method,
              .path = std::string(kBase) + row.path,
              .operation = row.operation,
              .tag = "compreface",
              .scope = Scope::none,
              .body_limit = row.body == Body::none ? std::size_t{4096} : kMaxBodyBytes};
  auto front = std::make_shared<const Front>(std::move(row), route, service);
  route.admit = [front](Request& head) { return front->admit(head); };
  route.refuse = in_words_of_the_original;
  route.handle = [front](const Request& request) { return front->pass(request); };
  return route;
}

Route nothing_here(Method method, std::string path, Service& service) {
  Route route{.method = method,
              .path = std::string(kBase) + std::move(path),
              .tag = "compreface",
              .scope = Scope::none,
              .body_limit = kMaxBodyBytes};
  route.refuse = in_words_of_the_original;
  const Route told = route;
  route.handle = [told, &service](const Request& request) {
    const auto began = Steady::now();
    RequestNote note = note_of(told, request);
    note.operation = kNoOperation;
    note.code = "path_not_found";
    Response response = refusal_answer(
        {.problem = refusal(404, Code::other, std::string(name_of(request.method)) + " is not served under this path")},
        note.fault);
    tell(service, std::move(note), response, began);
    return response;
  };
  return route;
}

Checked<CollectionLease> collection_of(const Call& call) {
  const auto* const names = call.principal ? &call.principal->key.collections : nullptr;
  if (names == nullptr || !*names || (*names)->size() != 1) return problem("collection_not_found", "");
  auto lease = call.service.collections().use((*names)->front());
  if (lease) return *std::move(lease);
  if (lease.error().code == ErrorCode::not_found) return problem("collection_not_found", "");
  return Refusal{.problem = problem("collection_not_usable", "", 5), .for_log = lease.error().message};
}

ImageIds image_ids_of(const Call& call) {
  return ImageIds(call.service.secret(), call.principal->key.collections->front());
}

bool wants_more(const Call& call) {
  return call.request.query_value("vultus") == "true" || call.request.headers.find("x-vultus") == "1";
}

}  // namespace vultus::server::compreface
