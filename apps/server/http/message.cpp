#include <apps/server/http/message.hpp>

#include <algorithm>
#include <array>

#include <apps/server/http/ascii.hpp>

namespace vultus::server {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 8> kMethodNames{{
    {Method::get, "GET"},
    {Method::head, "HEAD"},
    {Method::post, "POST"},
    {Method::put, "PUT"},
    {Method::patch, "PATCH"},
    {Method::del, "DELETE"},
    {Method::options, "OPTIONS"},
    {Method::trace, "TRACE"},  // known, so that the answer is 405; no path has it
}};

}  // namespace

std::string_view name_of(Method method) noexcept {
  for (const auto& [known, name] : kMethodNames)
    if (known == method) return name;
  return "UNKNOWN";
}

std::optional<Method> method_of(std::string_view name) noexcept {
  for (const auto& [method, known] : kMethodNames)
    if (known == name) return method;
  return std::nullopt;
}

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(fields_, [&](const auto& field) { return ascii_equal(field.first, name); });
  fields_.emplace_back(std::string(name), std::move(value));
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [known, value] : fields_)
    if (ascii_equal(known, name)) return std::string_view(value);
  return std::nullopt;
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  for (const auto& [known, value] : query)
    if (known == name) return std::string_view(value);
  return std::nullopt;
}

std::string_view Request::path_value(std::string_view name) const {
  for (const auto& [known, value] : path_values)
    if (known == name) return value;
  return {};
}

Response json_response(std::string json, int status) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(json);
  return response;
}

}  // namespace vultus::server
