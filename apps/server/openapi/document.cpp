#include <apps/server/openapi/document.hpp>

#include <algorithm>
#include <array>
#include <map>

#include <vultus/core/version.hpp>

#include <apps/server/api/body.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/problem_kinds.hpp>
#include <apps/server/keys/api_key.hpp>

namespace vultus::server {
namespace {

constexpr std::array<std::string_view, 9> kProblemsOfAll{
    "parameter_not_valid", "internal",        "resource_limit",    "cancelled",  "invalid_argument",
    "malformed_request",   "request_timeout", "too_many_requests", "server_full"};
constexpr std::array<std::string_view, 5> kProblemsWithKey{"key_missing", "key_not_valid", "scope_too_small",
                                                           "rate_limited", "quota_exhausted"};
constexpr std::array<std::string_view, 4> kProblemsWithBody{"body_not_valid", "body_type_not_supported",
                                                            "body_too_large", "malformed_body"};
constexpr std::array<std::string_view, 2> kProblemsOfRepeating{"idempotency_key_reused", "idempotency_key_in_use"};

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

Json parameters_json(const Route& route) {
  constexpr std::array<const char*, 3> kPlaces{"path", "query", "header"};
  Json list = Json::array();
  for (const Parameter& parameter : route.parameters)
    list.push_back({{"name", parameter.name},
                    {"in", kPlaces.at(static_cast<std::size_t>(parameter.place))},
                    {"description", parameter.description},
                    {"required", parameter.required},
                    {"schema", Json::parse(parameter.schema)}});
  return list;
}

Json examples_json(const Route& route, const std::string Example::*side) {
  Json examples = Json::object();
  for (const Example& example : route.examples)
    if (!(example.*side).empty()) examples[example.name] = {{"value", Json::parse(example.*side)}};
  return examples;
}

Json request_json(const Route& route) {
  Json content;
  if (route.request_type.find("application/json") != std::string::npos) {
    content["application/json"]["schema"] = Json::parse(route.request_schema);
    if (Json examples = examples_json(route, &Example::request); !examples.empty())
      content["application/json"]["examples"] = std::move(examples);
  }
  if (route.request_type == kBytesBody) content[kBytesBody]["schema"] = Json::parse(route.request_schema);
  if (route.request_type.find("multipart/form-data") != std::string::npos)
    content["multipart/form-data"]["schema"] = form_schema_of(route);
  return {{"required", true}, {"content", std::move(content)}};
}

/// The codes that a route may answer, by status.
std::map<int, std::vector<std::string_view>> problems_by_status(const Route& route) {
  std::vector<std::string_view> codes(route.problems.begin(), route.problems.end());
  const auto add = [&](const auto& more) { codes.insert(codes.end(), more.begin(), more.end()); };
  add(kProblemsOfAll);
  if (route.scope != Scope::none) add(kProblemsWithKey);
  if (!route.request_type.empty()) add(kProblemsWithBody);
  if (std::ranges::find(route.parameters, "Idempotency-Key", &Parameter::name) != route.parameters.end())
    add(kProblemsOfRepeating);
  std::ranges::sort(codes);
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  std::map<int, std::vector<std::string_view>> by_status;
  for (const std::string_view code : codes) by_status[find_problem_kind(code)->status].push_back(code);
  return by_status;
}

bool has_header_parameter(const Route& route, const std::string& name) {
  return std::ranges::any_of(route.parameters, [&](const Parameter& parameter) {
    return parameter.place == Parameter::Place::header && parameter.name == name;
  });
}

Json header_json(const std::string& name) {
  constexpr std::array<std::array<const char*, 3>, 4> kHeaders{
      {{"ETag", "string", "Another one after every change; for If-Match and If-None-Match."},
       {"Location", "string", "Path of what was made."},
       {"Retry-After", "integer", "Seconds after which it is worth asking again."},
       {"Idempotency-Replayed", "string",
        "`true` where the request was carried out before, and this is the answer of then."}}};
  const auto* const at = std::ranges::find_if(kHeaders, [&](const auto& known) { return name == known[0]; });
  return {{"description", at->at(2)}, {"schema", {{"type", at->at(1)}}}};
}

Json success_headers_json(const Route& route) {
  Json headers = Json::object();
  for (const std::string& name : route.response_headers) headers[name] = header_json(name);
  if (has_header_parameter(route, "Idempotency-Key"))
    headers["Idempotency-Replayed"] = header_json("Idempotency-Replayed");
  return headers;
}

Json responses_json(const Route& route) {
  constexpr int kNotModified = 304;
  constexpr int kTooMany = 429;
  constexpr int kNotNow = 503;
  Json responses;
  Json success{{"description", route.summary}};
  if (Json headers = success_headers_json(route); !headers.empty()) success["headers"] = std::move(headers);
  Json& content = success["content"][route.response_type];
  content["schema"] = Json::parse(route.response_schema);
  if (Json examples = examples_json(route, &Example::response); !examples.empty())
    content["examples"] = std::move(examples);
  if (route.other_success != 0) responses[std::to_string(route.other_success)] = success;
  responses[std::to_string(route.success)] = std::move(success);
  if (route.method == Method::get && has_header_parameter(route, "If-None-Match"))
    responses[std::to_string(kNotModified)] = {{"description", "It is still what the caller has."},
                                               {"headers", {{"ETag", header_json("ETag")}}}};
  for (const auto& [status, codes] : problems_by_status(route)) {
    std::string text;
    for (const std::string_view code : codes)
      text += (text.empty() ? "" : "; ") + std::string(code) + ": " + std::string(find_problem_kind(code)->title);
    responses[std::to_string(status)] = {
        {"description", text},
        {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
    if (status == kTooMany || status == kNotNow)
      responses[std::to_string(status)]["headers"] = {{"Retry-After", header_json("Retry-After")}};
  }
  return responses;
}

Json operation_json(const Route& route) {
  Json operation{{"operationId", route.operation}, {"tags", {route.tag}}, {"summary", route.summary}};
  std::string description = route.description;
  if (route.scope != Scope::none)
    description +=
        std::string(description.empty() ? "" : " ") + "Wants scope " + std::string(scope_name(route.scope)) + ".";
  operation["description"] = description;
  if (!route.parameters.empty()) operation["parameters"] = parameters_json(route);
  if (!route.request_type.empty()) operation["requestBody"] = request_json(route);
  operation["responses"] = responses_json(route);
  if (route.scope == Scope::none)
    operation["security"] = Json::array();
  else
    operation["x-scope"] = std::string(scope_name(route.scope));
  return operation;
}

}  // namespace

Json openapi_document(std::span<const Route> routes, const JsonSchemas& schemas) {
  Json document;
  document["openapi"] = "3.1.0";
  document["info"] = {
      {"title", "Vultus"},
      {"version", kVersion},
      {"summary", "Face recognition"},
      {"license", {{"name", "see LICENSE of the program"}}},
      {"description",
       "Refusals are problem details (RFC 9457) with a stable `code`. Every answer about identity tells "
       "threshold, false match rate and calibrated probability. Send `Authorization: Bearer KEY` or "
       "`X-Api-Key: KEY`."}};
  document["servers"] = Json::array({{{"url", "/"}}});
  document["security"] = Json::array({{{"bearer", Json::array()}}, {{"apiKey", Json::array()}}});
  Json tags = Json::array();
  Json& paths = document["paths"] = Json::object();
  for (const Route& route : routes) {
    paths[route.path][lower_case(std::string(name_of(route.method)))] = operation_json(route);
    if (std::ranges::find(tags, Json{{"name", route.tag}}) == tags.end()) tags.push_back({{"name", route.tag}});
  }
  document["tags"] = std::move(tags);
  document["components"] = {{"schemas", schemas.components()},
                            {"securitySchemes",
                             {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
                              {"apiKey", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-Api-Key"}}}}}};
  return document;
}

}  // namespace vultus::server
