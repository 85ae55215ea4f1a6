// What the server is and how it fares.
#include <vultus/core/version.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/live/live.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

Reply tell_health(Call& /*call*/) { return answer({{"status", "ok"}, {"version", kVersion}}); }

Reply tell_readiness(Call& call) {
  if (!call.service.is_ready()) return problem("not_ready", "");
  return answer({{"status", "ready"}});
}

Json model_json(const runtime::ModelManifest& model) {
  Json licence{{"package", model.licence.package},
               {"commercial", std::string(runtime::name_of(model.licence.commercial))}};
  return {{"model", model.id.text()},
          {"task", model.task},
          {"sha256", model.files.empty() ? Json(nullptr) : Json(model.files.front().sha256)},
          {"licence", std::move(licence)}};
}

Reply tell_system(Call& call) {
  const engine::Engine& engine = call.service.faces().engine();
  const FaceLimits& limits = call.service.faces().limits();
  Json models = Json::array();
  for (const ModelId& id : engine.preset().models()) {
    VULTUS_TRY(const runtime::ModelManifest* model, engine.catalogue().find(id));
    models.push_back(model_json(*model));
  }
  const media::DecodeLimits& decode = limits.decode;
  const SealedLimits& sealed = call.service.options().sealed;
  return answer({{"version", kVersion},
                 {"preset", engine.preset().id},
                 {"model", engine.preset().template_model().text()},
                 {"dimension", engine.dimension()},
                 {"backend", engine.backend()},
                 {"workers", call.service.faces().pool().size()},
                 {"models", std::move(models)},
                 {"limits",
                  {{"picture_bytes", decode.max_bytes},
                   {"picture_pixels", decode.max_pixels},
                   {"pictures", limits.max_pictures},
                   {"waiting", limits.max_waiting},
                   {"sealed_galleries", sealed.max_galleries},
                   {"sealed_gallery_bytes", sealed.max_gallery_bytes},
                   {"sealed_compared", sealed.max_compared}}}});
}

Reply tell_document(Call& call) { return json_response(call.service.document()); }

Reply tell_problem(Call& call) {
  const ProblemKind* kind = find_problem_kind(call.request.path_value("code"));
  if (kind == nullptr) return problem("problem_not_found", "");
  return answer({{"code", std::string(kind->code)}, {"status", kind->status}, {"title", std::string(kind->title)}});
}

Reply tell_metrics(Call& call) {
  if (!call.principal->key.sees_all())
    return problem("scope_too_small", "the numbers are of all collections; the key sees some of them");
  Response response{.status = 200};
  response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body =
      call.service.counters().prometheus_text(call.service.gauges()) + call.service.live().prometheus_text();
  return response;
}

Reply tell_caller(Call& call) { return answer(key_json(call.principal->key)); }

Route system_route(std::string path, std::string operation, std::string summary, std::string description, Scope scope,
                   std::string schema, std::vector<Example> examples) {
  return {.method = Method::get,
          .path = std::move(path),
          .operation = std::move(operation),
          .tag = "system",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = scope,
          .response_schema = std::move(schema),
          .examples = std::move(examples)};
}

Route problem_route() {
  Route route =
      system_route("/v1/problems/{code}", "getProblem", "What a code of a refusal means",
                   "The `type` of every refusal leads here. Needs no key.", Scope::none, schema_ref("ProblemKind"),
                   {{"no face", "", R"({"code": "no_face", "status": 422, "title": "The picture shows no face"})"}});
  route.parameters = {{.name = "code",
                       .place = Parameter::Place::path,
                       .description = "Code of a problem.",
                       .schema = R"({"type": "string", "examples": ["no_face"]})",
                       .required = true}};
  route.problems = {"problem_not_found"};
  return route;
}

Route metrics_route() {
  Route route = system_route("/metrics", "getMetrics", "Counters for Prometheus",
                             "Of all collections: the key must see all of them. Text format 0.0.4.", Scope::read,
                             R"({"type": "string"})", {});
  route.response_type = "text/plain";
  route.watches = true;
  return route;
}

}  // namespace

std::vector<Operation> system_operations() {
  std::vector<Operation> all;
  all.push_back(
      {system_route("/v1/health", "getHealth", "Is the process alive?", "Needs no key and touches nothing.",
                    Scope::none, schema_ref("Health"), {{"alive", "", R"({"status": "ok", "version": "0.1.0"})"}}),
       &tell_health});
  all.back().route.watches = true;
  all.push_back({system_route("/v1/ready", "getReadiness", "Does it take work?",
                              "503 while it starts or stops: for load balancers. Needs no key.", Scope::none,
                              schema_ref("Readiness"), {{"ready", "", R"({"status": "ready"})"}}),
                 &tell_readiness});
  all.back().route.problems = {"not_ready"};
  all.back().route.watches = true;
  all.push_back(
      {system_route("/v1/system", "getSystem", "Version, networks and limits",
                    "Which preset and networks answer, under which licences, and how large a picture may be.",
                    Scope::read, schema_ref("System"),
                    {{"default preset", "",
                      R"({"version": "0.1.0", "preset": "default", "model": "mobilefacenet192+mirror", "dimension": 192,
                           "backend": "OpenVINO 2026.4.1 CPU bf16", "workers": 8,
                           "models": [{"model": "mobilefacenet192", "task": "embedding", "sha256": null,
                                       "licence": {"package": "MIT", "commercial": "not stated"}}],
                           "limits": {"picture_bytes": 20971520, "picture_pixels": 50000000, "pictures": 100,
                                      "waiting": 64}})"}}),
       &tell_system});
  all.push_back(
      {system_route("/v1/whoami", "getCaller", "What the key of this request may do", "", Scope::read,
                    schema_ref("Key"),
                    {{"a key of one collection", "",
                      R"({"id": "0123456789abcdef", "name": "front desk", "scope": "identify", "collections": ["staff"],
                           "per_second": 20, "burst": 40, "per_day": null, "created": "2026-01-31T09:05:00Z",
                           "expires": null, "revoked": null, "last_used": "2026-02-01T10:00:00Z"})"}}),
       &tell_caller});
  all.push_back({system_route("/v1/openapi.json", "getDocument", "This document", "Needs no key.", Scope::none,
                              R"({"type": "object", "required": ["openapi", "paths"]})", {}),
                 &tell_document});
  all.push_back({problem_route(), &tell_problem});
  all.push_back({metrics_route(), &tell_metrics});
  return all;
}

}  // namespace vultus::server
