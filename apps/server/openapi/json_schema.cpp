#include <apps/server/openapi/json_schema.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <regex>
#include <stdexcept>
#include <string_view>

namespace vultus::server {
namespace {

constexpr std::string_view kReferencePrefix = "#/components/schemas/";
constexpr std::size_t kMaxPatternText = 1024;  // std::regex recurses: longer texts are refused unseen
constexpr std::array<std::string_view, 24> kKnownKeywords{"$ref",
                                                          "type",
                                                          "properties",
                                                          "required",
                                                          "additionalProperties",
                                                          "items",
                                                          "enum",
                                                          "const",
                                                          "minimum",
                                                          "maximum",
                                                          "exclusiveMinimum",
                                                          "exclusiveMaximum",
                                                          "pattern",
                                                          "format",
                                                          "minLength",
                                                          "maxLength",
                                                          "minItems",
                                                          "maxItems",
                                                          "oneOf",
                                                          "default",
                                                          "description",
                                                          "examples",
                                                          "contentEncoding",
                                                          "contentMediaType"};

std::string short_text(const Json& value) {
  constexpr std::size_t kMostShown = 40;
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  return text.size() <= kMostShown ? text : text.substr(0, kMostShown) + "...";
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool has_type(const Json& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_boolean();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  if (type == "integer")
    return value.is_number_integer() || (value.is_number_float() && std::trunc(value.get<double>()) == value);
  return type == "number" && value.is_number();
}

/// One walk over a value. Says "path: what is wrong", or nothing.
class Walk {
 public:
  explicit Walk(const JsonSchemas& schemas) : schemas_(schemas) {}

  std::optional<std::string> look(const Json& value, const Json& named, const std::string& path) const {
    const Json& schema = schemas_.resolved(named);
    if (auto wrong = look_at_kind(value, schema, path)) return wrong;
    if (schema.contains("oneOf")) return look_at_choices(value, schema, path);
    if (value.is_string()) return look_at_text(value, schema, path);
    if (value.is_number()) return look_at_number(value, schema, path);
    if (value.is_array()) return look_at_array(value, schema, path);
    return value.is_object() ? look_at_object(value, schema, path) : std::nullopt;
  }

 private:
  static std::string at(const std::string& path, const std::string& what) {
    return (path.empty() ? "the whole" : path) + ": " + what;
  }

  static std::optional<std::string> look_at_kind(const Json& value, const Json& schema, const std::string& path) {
    if (const auto type = schema.find("type"); type != schema.end()) {
      const bool fits =
          type->is_array()
              ? std::ranges::any_of(*type, [&](const Json& one) { return has_type(value, one.get<std::string>()); })
              : has_type(value, type->get<std::string>());
      if (!fits) return at(path, short_text(value) + " is not of type " + type->dump());
    }
    if (const auto list = schema.find("enum"); list != schema.end() && std::ranges::find(*list, value) == list->end())
      return at(path, short_text(value) + " is none of " + list->dump());
    if (const auto only = schema.find("const"); only != schema.end() && *only != value)
      return at(path, short_text(value) + " is not " + only->dump());
    return std::nullopt;
  }

  std::optional<std::string> look_at_choices(const Json& value, const Json& schema, const std::string& path) const {
    std::string first;
    int fitting = 0;
    for (const Json& choice : schema.at("oneOf")) {
      const auto wrong = look(value, choice, path);
      if (!wrong) ++fitting;
      if (wrong && first.empty()) first = *wrong;
    }
    if (fitting == 1) return std::nullopt;
    return fitting == 0 ? first : at(path, "fits several forms at once");
  }

  static std::optional<std::string> look_at_text(const Json& value, const Json& schema, const std::string& path) {
    const std::string& text = value.get_ref<const std::string&>();
    const std::size_t length = characters(text);
    if (schema.contains("minLength") && length < schema.at("minLength").get<std::size_t>())
      return at(path,
                std::to_string(length) + " characters, at least " + schema.at("minLength").dump() + " are wanted");
    if (schema.contains("maxLength") && length > schema.at("maxLength").get<std::size_t>())
      return at(path,
                std::to_string(length) + " characters, at most " + schema.at("maxLength").dump() + " are allowed");
    if (const auto pattern = schema.find("pattern"); pattern != schema.end())
      if (text.size() > kMaxPatternText || !std::regex_search(text, std::regex(pattern->get<std::string>())))
        return at(path, short_text(value) + " has not the form " + pattern->get<std::string>());
    return std::nullopt;
  }

  static std::optional<std::string> look_at_number(const Json& value, const Json& schema, const std::string& path) {
    const double number = value.get<double>();
    const auto limit = [&](const char* name) { return schema.at(name).get<double>(); };
    if (!std::isfinite(number)) return at(path, "is no finite number");
    if (schema.contains("minimum") && number < limit("minimum"))
      return at(path, short_text(value) + " is less than " + schema.at("minimum").dump());
    if (schema.contains("maximum") && number > limit("maximum"))
      return at(path, short_text(value) + " is more than " + schema.at("maximum").dump());
    if (schema.contains("exclusiveMinimum") && number <= limit("exclusiveMinimum"))
      return at(path, short_text(value) + " is not more than " + schema.at("exclusiveMinimum").dump());
    if (schema.contains("exclusiveMaximum") && number >= limit("exclusiveMaximum"))
      return at(path, short_text(value) + " is not less than " + schema.at("exclusiveMaximum").dump());
    return std::nullopt;
  }

  std::optional<std::string> look_at_array(const Json& value, const Json& schema, const std::string& path) const {
    if (schema.contains("minItems") && value.size() < schema.at("minItems").get<std::size_t>())
      return at(path,
                std::to_string(value.size()) + " items, at least " + schema.at("minItems").dump() + " are wanted");
    if (schema.contains("maxItems") && value.size() > schema.at("maxItems").get<std::size_t>())
      return at(path,
                std::to_string(value.size()) + " items, at most " + schema.at("maxItems").dump() + " are allowed");
    if (!schema.contains("items")) return std::nullopt;
    for (std::size_t i = 0; i < value.size(); ++i)
      if (auto wrong = look(value[i], schema.at("items"), path + "/" + std::to_string(i))) return wrong;
    return std::nullopt;
  }

  std::optional<std::string> look_at_object(const Json& value, const Json& schema, const std::string& path) const {
    if (const auto required = schema.find("required"); required != schema.end())
      for (const Json& name : *required)
        if (!value.contains(name.get<std::string>())) return at(path, name.dump() + " is missing");
    const auto properties = schema.find("properties");
    const auto others = schema.find("additionalProperties");
    for (const auto& [name, member] : value.items()) {
      std::string place = path;
      place.append("/").append(name);
      if (properties != schema.end() && properties->contains(name)) {
        if (auto wrong = look(member, properties->at(name), place)) return wrong;
      } else if (others != schema.end() && others->is_object()) {
        if (auto wrong = look(member, *others, place)) return wrong;
      } else if (others != schema.end() && !others->get<bool>()) {
        return at(place, "is not known here");
      }
    }
    return std::nullopt;
  }

  const JsonSchemas& schemas_;
};

void find_faults(const JsonSchemas& schemas, const Json& schema, std::vector<std::string>& faults) {
  if (schema.is_boolean()) return;
  if (!schema.is_object()) return faults.push_back(short_text(schema) + " is no schema");
  for (const auto& [keyword, value] : schema.items())
    if (std::ranges::find(kKnownKeywords, keyword) == kKnownKeywords.end())
      faults.emplace_back("keyword " + keyword + " is not checked");
  if (const auto name = schema.find("$ref"); name != schema.end()) {
    const auto text = name->get<std::string>();
    if (!text.starts_with(kReferencePrefix) || !schemas.components().contains(text.substr(kReferencePrefix.size())))
      faults.push_back(text + " leads nowhere");
  }
  if (schema.contains("pattern") && !schema.contains("maxLength")) faults.emplace_back("a pattern without maxLength");
  for (const char* one : {"items", "additionalProperties"})
    if (schema.contains(one)) find_faults(schemas, schema.at(one), faults);
  if (schema.contains("properties"))
    for (const auto& [name, member] : schema.at("properties").items()) find_faults(schemas, member, faults);
  if (schema.contains("oneOf"))
    for (const Json& choice : schema.at("oneOf")) find_faults(schemas, choice, faults);
}

}  // namespace

const Json& JsonSchemas::resolved(const Json& schema) const {
  const Json* at = &schema;
  for (int depth = 0; at->is_object() && at->contains("$ref"); ++depth) {
    if (depth > 8) throw std::logic_error("references of schemas lead in a circle");
    at = &components_.at(at->at("$ref").get<std::string>().substr(kReferencePrefix.size()));
  }
  return *at;
}

std::optional<std::string> JsonSchemas::violation(const Json& value, const Json& schema) const {
  return Walk(*this).look(value, schema, "");
}

std::vector<std::string> JsonSchemas::faults(const Json& schema) const {
  std::vector<std::string> faults;
  find_faults(*this, schema, faults);
  return faults;
}

}  // namespace vultus::server
