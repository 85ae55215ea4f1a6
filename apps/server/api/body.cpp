#include <apps/server/api/body.hpp>

#include <vultus/core/utf8.hpp>

#include <apps/server/api/json_sent.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/http/ascii.hpp>

namespace vultus::server {
namespace {

std::string media_type_of(std::string_view header) {
  std::string type(header.substr(0, header.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return ascii_lowered(type);
}

/// Is a type one of a list such as "application/json, multipart/form-data"?
bool is_listed(std::string_view list, std::string_view type) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    if (one == type) return true;
    list.remove_prefix(std::min(list.size(), one.size() + 2));
  }
  return false;
}

bool is_binary(const Json& schema) { return schema.contains("contentMediaType"); }

/// A form as the JSON that its schema speaks of; bytes of files are left out.
Checked<Json> json_of_form(const std::vector<FormPart>& form, const Json& schema) {
  Json object = Json::object();
  const Json& properties = schema.at("properties");
  for (const FormPart& part : form) {
    if (!is_utf8(part.name)) return problem("body_not_valid", "the name of a part is not UTF-8");
    const bool known = properties.contains(part.name);
    const bool many = known && properties.at(part.name).contains("items");
    const Json& kind = !known ? Json() : many ? properties.at(part.name).at("items") : properties.at(part.name);
    const bool binary = known && is_binary(kind);
    if (!binary && !is_utf8(part.content)) return problem("body_not_valid", part.name + ": is not UTF-8");
    Json value = binary ? std::string() : std::string(part.content);
    if (many) {
      object[part.name].push_back(std::move(value));
    } else {
      if (object.contains(part.name)) return problem("body_not_valid", part.name + ": is there twice");
      object[part.name] = std::move(value);
    }
  }
  return object;
}

}  // namespace

Json form_schema_of(const Route& route) {
  Json schema = Json::parse(route.request_schema);
  schema["$ref"] = schema.at("$ref").get<std::string>() + "Form";
  return schema;
}

std::optional<Problem> read_body(const Route& route, Call& call, const JsonSchemas& schemas) {
  if (route.request_type.empty()) return std::nullopt;
  const std::string_view header = call.request.headers.find("Content-Type").value_or("");
  const std::string type = media_type_of(header);
  if (!is_listed(route.request_type, type))
    return problem("body_type_not_supported",
                   (type.empty() ? std::string("no Content-Type") : type) + "; " + route.request_type + " are read");
  if (type == kBytesBody) return std::nullopt;
  Json schema = Json::parse(route.request_schema);
  if (type == "multipart/form-data") {
    auto form = parse_multipart(header, call.request.body, {.parts = kMostFormParts});
    if (!form) return problem("body_not_valid", form.error().message);
    call.form = *std::move(form);
    schema = form_schema_of(route);
    auto json = json_of_form(call.form, schemas.resolved(schema));
    if (!json) return json.error().problem;
    call.body = *std::move(json);
  } else {
    auto json = json_sent(call.request.body);
    if (!json) return problem("body_not_valid", json.error().message);
    call.body = *std::move(json);
  }
  if (const auto wrong = schemas.violation(call.body, schema)) return problem("body_not_valid", *wrong);
  return std::nullopt;
}

}  // namespace vultus::server
