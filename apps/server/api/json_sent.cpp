#include <apps/server/api/json_sent.hpp>

#include <algorithm>
#include <string>

namespace vultus::server {
namespace {

/// How deep the brackets go. Of a text that is no JSON perhaps more than its reader would see.
std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Result<Json> json_sent(std::string_view text) {
  if (depth_of(text) > kMostJsonDepth)
    return fail(ErrorCode::resource_limit,
                "arrays and objects lie more than " + std::to_string(kMostJsonDepth) + " deep in each other");
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(ErrorCode::invalid_argument, "the body is no JSON in UTF-8");
  return json;
}

}  // namespace vultus::server
