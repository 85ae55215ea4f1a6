#include <apps/server/api/parameters.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

#include <vultus/core/utf8.hpp>

namespace vultus::server {
namespace {

std::optional<Problem> check_value(const Parameter& parameter, std::string_view text, const JsonSchemas& schemas) {
  if (!is_utf8(text)) return problem("parameter_not_valid", parameter.name + ": is not UTF-8");
  const Json schema = Json::parse(parameter.schema);
  if (const auto wrong = schemas.violation(value_of_text(text, schemas.resolved(schema)), schema))
    return problem("parameter_not_valid", parameter.name + ": " + wrong->substr(wrong->find(": ") + 2));
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> integer_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

Json value_of_text(std::string_view text, const Json& schema) {
  const std::string type =
      schema.contains("type") && schema.at("type").is_string() ? schema.at("type").get<std::string>() : "";
  if (type == "boolean" && (text == "true" || text == "false")) return text == "true";
  if (type == "integer")
    if (const auto number = integer_of(text)) return *number;
  if (type == "number")
    if (const auto number = number_of(text)) return *number;
  return std::string(text);
}

std::optional<Problem> check_parameters(const Route& route, const Request& request, const JsonSchemas& schemas) {
  using Where = Parameter::Place;
  for (const auto& given : request.query) {
    const std::string& name = given.first;
    const auto known = std::ranges::find_if(
        route.parameters, [&](const Parameter& one) { return one.place == Where::query && one.name == name; });
    if (known == route.parameters.end()) return problem("parameter_not_valid", name + ": is not known here");
    if (auto wrong = check_value(*known, given.second, schemas)) return wrong;
    if (std::ranges::count(request.query, name, &std::pair<std::string, std::string>::first) > 1)
      return problem("parameter_not_valid", name + ": is given twice");
  }
  for (const Parameter& parameter : route.parameters) {
    if (parameter.place == Where::path) continue;
    const auto value =
        parameter.place == Where::query ? request.query_value(parameter.name) : request.headers.find(parameter.name);
    if (!value && parameter.required) return problem("parameter_not_valid", parameter.name + ": is missing");
    if (value && parameter.place == Where::header)
      if (auto wrong = check_value(parameter, *value, schemas)) return wrong;
  }
  return std::nullopt;
}

}  // namespace vultus::server
