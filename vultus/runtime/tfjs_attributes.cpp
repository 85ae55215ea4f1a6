#include <vultus/runtime/tfjs_attributes.hpp>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <vector>

#include <vultus/runtime/graphdef.hpp>
#include <vultus/runtime/tfjs.hpp>

namespace vultus::runtime {
namespace {

using GraphJson = nlohmann::json;
namespace gd = graphdef;

/// Kinds of numbers by the names of TFJS. @source tensorflow/core/framework/types.proto
std::optional<std::uint64_t> kind_named(const GraphJson& in) {
  static const std::map<std::string, std::uint64_t> kKinds{{"DT_FLOAT", 1}, {"DT_DOUBLE", 2}, {"DT_INT32", 3},
                                                           {"DT_UINT8", 4}, {"DT_STRING", 7}, {"DT_INT64", 9},
                                                           {"DT_BOOL", 10}, {"DT_HALF", 19}};
  if (in.is_number_unsigned() && in.get<std::uint64_t>() < 64) return in.get<std::uint64_t>();
  if (!in.is_string()) return std::nullopt;
  const auto at = kKinds.find(in.get_ref<const std::string&>());
  return at == kKinds.end() ? std::nullopt : std::optional(at->second);
}

/// A whole number, which JSON of protocol buffers writes as a text.
std::optional<std::int64_t> whole_in(const GraphJson& in) {
  if (in.is_number_integer()) return in.get<std::int64_t>();
  if (!in.is_string()) return std::nullopt;
  const std::string& text = in.get_ref<const std::string&>();
  char* end = nullptr;
  errno = 0;
  const long long value = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || text.size() > 20 || *end != '\0' || errno != 0) return std::nullopt;
  return value;
}

std::optional<std::string> shape_attr(const GraphJson& in) {
  if (!in.is_object()) return std::nullopt;
  if (const auto unknown = in.find("unknownRank"); unknown != in.end() && *unknown == true) return gd::number(3, 1);
  const auto list = in.find("dim");
  if (list == in.end()) return std::string();
  if (!list->is_array() || list->size() > TfjsLimits::kMostDimensions) return std::nullopt;
  std::vector<std::int64_t> sides;
  for (const GraphJson& one : *list) {
    const auto size = one.is_object() && one.contains("size") ? whole_in(one["size"]) : std::optional<std::int64_t>(-1);
    if (!size || *size < -1) return std::nullopt;
    sides.push_back(*size);
  }
  return gd::shape(sides);
}

std::optional<std::string> list_attr(const GraphJson& in) {
  if (in.is_null()) return std::string();
  if (!in.is_object()) return std::nullopt;
  std::string bytes, packed;
  for (const auto& [key, values] : in.items()) {
    if (!values.is_array()) return std::nullopt;
    packed.clear();
    for (const GraphJson& value : values) {
      if (key == "s") {
        const auto text = tfjs_text(value);
        if (!text) return std::nullopt;
        bytes += gd::field(2, *text);
      } else if (key == "i") {
        const auto number = whole_in(value);
        if (!number) return std::nullopt;
        gd::put_varint(packed, static_cast<std::uint64_t>(*number));
      } else if (key == "f") {
        if (!value.is_number()) return std::nullopt;
        packed += gd::real(value.get<float>());
      } else if (key == "b") {
        if (!value.is_boolean()) return std::nullopt;
        bytes += gd::number(5, value.get<bool>() ? 1 : 0);
      } else if (key == "type") {
        const auto kind = kind_named(value);
        if (!kind) return std::nullopt;
        bytes += gd::number(6, *kind);
      } else if (key == "shape") {
        const auto shape = shape_attr(value);
        if (!shape) return std::nullopt;
        bytes += gd::field(7, *shape);
      } else {
        return std::nullopt;
      }
    }
    if (!packed.empty()) bytes += gd::field(key == "i" ? 3 : 4, packed);
  }
  return bytes;
}

}  // namespace

std::optional<std::string> tfjs_text(const GraphJson& in) {
  if (!in.is_string()) return std::nullopt;
  std::string bytes;
  unsigned bits = 0, held = 0;
  for (const char c : in.get_ref<const std::string&>()) {
    unsigned six = 0;
    if (c >= 'A' && c <= 'Z')
      six = static_cast<unsigned>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      six = static_cast<unsigned>(c - 'a') + 26;
    else if (c >= '0' && c <= '9')
      six = static_cast<unsigned>(c - '0') + 52;
    else if (c == '+' || c == '/')
      six = c == '+' ? 62 : 63;
    else if (c == '=')
      continue;
    else
      return std::nullopt;
    held = (held << 6U) | six, bits += 6;
    if (bits >= 8) bits -= 8, bytes += static_cast<char>((held >> bits) & 0xffU);
  }
  return bytes;
}

std::optional<std::string> tfjs_attribute(const GraphJson& in) {
  if (!in.is_object() || in.size() != 1) return std::nullopt;
  const std::string key = in.begin().key();
  const GraphJson& value = in.begin().value();
  if (key == "s") {
    const auto text = tfjs_text(value);
    return text ? std::optional(gd::field(2, *text)) : std::nullopt;
  }
  if (key == "i") {
    const auto number = whole_in(value);
    return number ? std::optional(gd::number(3, static_cast<std::uint64_t>(*number))) : std::nullopt;
  }
  if (key == "f") return value.is_number() ? std::optional(gd::attr_float(value.get<float>())) : std::nullopt;
  if (key == "b") return value.is_boolean() ? std::optional(gd::number(5, value.get<bool>() ? 1 : 0)) : std::nullopt;
  if (key == "type") {
    const auto kind = kind_named(value);
    return kind ? std::optional(gd::attr_type(*kind)) : std::nullopt;
  }
  const auto nested = key == "shape" ? shape_attr(value) : key == "list" ? list_attr(value) : std::nullopt;
  return nested ? std::optional(gd::field(key == "shape" ? 7 : 1, *nested)) : std::nullopt;
}

}  // namespace vultus::runtime
