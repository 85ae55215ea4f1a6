// Keys: for those who govern the server.
#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/new_key.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

/// A key of /v1: those of the CompreFace interface have routes of their own.
Checked<ApiKey> asked_key(const Call& call) {
  VULTUS_TRY(auto key, call.service.keys().find(call.request.path_value("key")));
  if (!key || key->service) return problem("key_not_found", "");
  return *std::move(key);
}

bool is_given(const Json& body, const char* name) { return body.contains(name) && !body.at(name).is_null(); }

Reply list_keys(Call& call) {
  if (auto refused = refuse_ungoverned(call)) return *std::move(refused);
  Json list = Json::array();
  VULTUS_TRY(const auto keys, call.service.keys().list());
  for (const ApiKey& key : keys)
    if (!key.service) list.push_back(key_json(key));
  return answer({{"keys", std::move(list)}});
}

Reply show_key(Call& call) {
  if (auto refused = refuse_ungoverned(call)) return *std::move(refused);
  VULTUS_TRY(const ApiKey key, asked_key(call));
  return answer(key_json(key));
}

Reply make_key(Call& call) {
  if (auto refused = refuse_ungoverned(call)) return *std::move(refused);
  const Json& body = call.body;
  NewKey wanted{.name = body.at("name").get<std::string>(), .scope = *scope_from(body.at("scope").get<std::string>())};
  if (is_given(body, "collections")) wanted.collections = body.at("collections").get<std::vector<std::string>>();
  if (auto wrong = read_limits(body, wanted)) return *std::move(wrong);
  VULTUS_TRY(const MadeKey made,
             or_problem(call.service.keys().make(wanted), ErrorCode::invalid_argument, "body_not_valid"));
  Json object = key_json(made.key);
  object["secret"] = made.text;
  Response response = answer(object, 201);
  response.headers.set("Location", "/v1/keys/" + made.key.id);
  return response;
}

Reply revoke_key(Call& call) {
  if (auto refused = refuse_ungoverned(call)) return *std::move(refused);
  VULTUS_TRY(const ApiKey key, asked_key(call));
  const auto revoked = call.service.keys().revoke(key.id);
  if (revoked) return answer(key_json(*revoked));
  if (revoked.error().code == ErrorCode::not_found) return problem("key_not_found", "");
  if (revoked.error().code == ErrorCode::invalid_argument) return problem("last_admin_key", revoked.error().message);
  return revoked.error();
}

std::string key_example(const std::string& more) {
  return R"({"id": "0123456789abcdef", "name": "front desk", "scope": "identify", "collections": ["staff"],
             "per_second": 20.0, "burst": 40, "per_day": 10000, "created": "2026-01-31T09:05:00Z", "expires": null,
             "revoked": null, "last_used": null)" +
         more + "}";
}

Route key_route(Method method, std::string operation, std::string summary, std::string description) {
  return {.method = method,
          .path = "/v1/keys/{key}",
          .operation = std::move(operation),
          .tag = "keys",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = Scope::admin,
          .parameters = {{.name = "key",
                          .place = Parameter::Place::path,
                          .description = "Id of a key: 16 hex digits, no secret.",
                          .schema = R"({"type": "string", "maxLength": 16, "examples": ["0123456789abcdef"]})",
                          .required = true}},
          .response_schema = schema_ref("Key"),
          .problems = {"key_not_found"},
          .examples = {{"front desk", "", key_example("")}}};
}

}  // namespace

std::optional<Problem> refuse_ungoverned(const Call& call) {
  if (call.principal->key.governs()) return std::nullopt;
  return problem("scope_too_small", "keys are made and revoked with a key that sees all collections");
}

std::optional<Problem> read_limits(const Json& body, NewKey& wanted) {
  if (is_given(body, "per_second")) wanted.limits.per_second = body.at("per_second").get<double>();
  if (is_given(body, "burst")) wanted.limits.burst = body.at("burst").get<std::int64_t>();
  if (is_given(body, "per_day")) wanted.limits.per_day = body.at("per_day").get<std::int64_t>();
  if (!is_given(body, "expires")) return std::nullopt;
  wanted.expires = from_iso8601(body.at("expires").get<std::string>());
  if (wanted.expires) return std::nullopt;
  return problem("body_not_valid", "/expires: is no time such as 2027-01-31T12:00:00Z");
}

std::vector<Operation> key_operations() {
  Route listing{.method = Method::get,
                .path = "/v1/keys",
                .operation = "listKeys",
                .tag = "keys",
                .summary = "All keys, revoked ones too",
                .description = "Without their secrets, which the server does not know.",
                .scope = Scope::admin,
                .response_schema = schema_ref("KeyList"),
                .examples = {{"one", "", R"({"keys": [)" + key_example("") + "]}"}}};
  Route making{
      .method = Method::post,
      .path = "/v1/keys",
      .operation = "createKey",
      .tag = "keys",
      .summary = "Make a key",
      .description =
          "`secret` is told once: the server keeps a keyed hash of it. Without `collections` the key "
          "sees all, also those to come.",
      .scope = Scope::admin,
      .parameters = {idempotency_parameter()},
      .request_type = kJsonBody,
      .request_schema = schema_ref("NewKey"),
      .success = 201,
      .response_schema = schema_ref("MadeKey"),
      .response_headers = {"Location"},
      .examples = {
          {"front desk",
           R"({"name": "front desk", "scope": "identify", "collections": ["staff"], "per_second": 20,
                                 "burst": 40, "per_day": 10000})",
           key_example(R"(, "secret": "vultus_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")")}}};
  Route revoking = key_route(Method::del, "revokeKey", "Revoke a key",
                             "At once, and for good. The last key that can make keys stays.");
  revoking.parameters.push_back(idempotency_parameter());
  revoking.problems.emplace_back("last_admin_key");
  revoking.examples.clear();
  std::string revoked = key_example("");
  revoked.replace(revoked.find(R"("revoked": null)"), 15, R"("revoked": "2026-02-01T10:00:00Z")");
  revoking.examples = {{"front desk", "", revoked}};
  return {{std::move(listing), &list_keys},
          {std::move(making), &make_key},
          {key_route(Method::get, "getKey", "One key", ""), &show_key},
          {std::move(revoking), &revoke_key}};
}

}  // namespace vultus::server
