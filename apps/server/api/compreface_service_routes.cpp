// Services of the CompreFace interface: keys that its clients understand.
#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/new_key.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

Json service_json(const ApiKey& key) {
  Json object = key_json(key);
  const bool has_one = key.service == ServiceKind::recognition && key.collections && key.collections->size() == 1;
  const Json collection = has_one ? Json(key.collections->front()) : Json(nullptr);
  object.erase("scope");
  object.erase("collections");
  object["kind"] = std::string(service_name(*key.service));
  object["collection"] = collection;
  return object;
}

Reply list_services(Call& call) {
  if (auto refused = refuse_ungoverned(call)) return *std::move(refused);
  Json list = Json::array();
  VULTUS_TRY(const auto keys, call.service.keys().list());
  for (const ApiKey& key : keys)
    if (key.service) list.push_back(service_json(key));
  return answer({{"services", std::move(list)}});
}

Reply make_service(Call& call) {
  if (auto refused = refuse_ungoverned(call)) return *std::move(refused);
  const Json& body = call.body;
  NewKey wanted{.name = body.at("name").get<std::string>(),
                .scope = Scope::identify,
                .service = service_from(body.at("kind").get<std::string>())};
  const bool named = body.contains("collection") && !body.at("collection").is_null();
  if (named != (wanted.service == ServiceKind::recognition))
    return problem("body_not_valid", "/collection: recognition has one, the other kinds have none");
  wanted.collections.emplace();
  if (named) {
    wanted.scope = Scope::enrol;
    wanted.collections->push_back(body.at("collection").get<std::string>());
    const auto lease = call.service.collections().use(wanted.collections->front());
    if (!lease && lease.error().code == ErrorCode::not_found) return problem("collection_not_found", "");
    if (!lease) return lease.error();
  }
  if (auto wrong = read_limits(body, wanted)) return *std::move(wrong);
  VULTUS_TRY(const MadeKey made,
             or_problem(call.service.keys().make(wanted), ErrorCode::invalid_argument, "body_not_valid"));
  Json object = service_json(made.key);
  object["secret"] = made.text;
  return answer(object, 201);
}

Reply end_service(Call& call) {
  if (auto refused = refuse_ungoverned(call)) return *std::move(refused);
  VULTUS_TRY(const auto known, call.service.keys().find(call.request.path_value("service")));
  if (!known || !known->service) return problem("key_not_found", "");
  VULTUS_TRY(const ApiKey revoked, call.service.keys().revoke(known->id));
  return answer(service_json(revoked));
}

std::string service_example(const std::string& more, const std::string& revoked = "null") {
  return R"({"id": "0123456789abcdef", "name": "door", "per_second": null, "burst": null, "per_day": null,
             "created": "2026-01-31T09:05:00Z", "expires": null, "revoked": )" +
         revoked + R"(, "last_used": null, "kind": "recognition", "collection": "staff")" + more + "}";
}

Route service_route(Method method, std::string path, std::string operation, std::string summary) {
  return {.method = method,
          .path = "/v1/compatibility/compreface/services" + std::move(path),
          .operation = std::move(operation),
          .tag = "keys",
          .summary = std::move(summary),
          .description = "",
          .scope = Scope::admin};
}

}  // namespace

std::vector<Operation> compreface_service_operations() {
  Route listing = service_route(Method::get, "", "listComprefaceServices", "All services of the CompreFace interface");
  listing.description = "Ended ones too, without their keys.";
  listing.response_schema = schema_ref("ComprefaceServiceList");
  listing.examples = {{"one", "", R"({"services": [)" + service_example("") + "]}"}};

  Route making =
      service_route(Method::post, "", "createComprefaceService", "Make a service of the CompreFace interface");
  making.description =
      "`secret` is the UUID that clients of CompreFace send as `x-api-key`; it is told once. A service of recognition "
      "serves one collection, which must be there.";
  making.parameters = {idempotency_parameter()};
  making.request_type = kJsonBody;
  making.request_schema = schema_ref("NewComprefaceService");
  making.success = 201;
  making.response_schema = schema_ref("MadeComprefaceService");
  making.problems = {"collection_not_found"};
  making.examples = {{"for a collection", R"({"name": "door", "kind": "recognition", "collection": "staff"})",
                      service_example(R"(, "secret": "00000000-0000-4000-8000-000000000000")")}};

  Route ending = service_route(Method::del, "/{service}", "endComprefaceService", "End a service");
  ending.description = "Its key is refused at once, and for good. The collection stays.";
  ending.parameters = {{.name = "service",
                        .place = Parameter::Place::path,
                        .description = "Id of a service: 16 hex digits, no secret.",
                        .schema = R"({"type": "string", "maxLength": 16, "examples": ["0123456789abcdef"]})",
                        .required = true}};
  ending.response_schema = schema_ref("ComprefaceService");
  ending.problems = {"key_not_found"};
  ending.examples = {{"ended", "", service_example("", R"("2026-02-01T10:00:00Z")")}};
  return {{std::move(listing), &list_services}, {std::move(making), &make_service}, {std::move(ending), &end_service}};
}

}  // namespace vultus::server
