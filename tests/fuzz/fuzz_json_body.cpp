// Bodies of JSON: the first byte says which schema of the API they are held against.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <apps/server/api/json_sent.hpp>
#include <apps/server/openapi/schemas.hpp>

#include "fuzz_target.hpp"

namespace {

using vultus::ErrorCode;
using vultus::fuzz::require;
using vultus::server::Json;
using vultus::server::JsonSchemas;

const JsonSchemas& schemas() {
  static const JsonSchemas all(vultus::server::all_schemas());
  return all;
}

std::size_t depth_within(const Json& value) {
  std::size_t deepest = 0;
  if (!value.is_structured()) return deepest;
  for (const Json& inner : value) deepest = std::max(deepest, depth_within(inner));
  return deepest + 1;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto json = vultus::server::json_sent(text);
  if (!json) {
    require(json.error().code == ErrorCode::invalid_argument || json.error().code == ErrorCode::resource_limit,
            "bytes are never our fault");
    return 0;
  }
  require(depth_within(*json) <= vultus::server::kMostJsonDepth, "what is accepted is not deep");
  // What the server keeps, logs and answers of it is JSON again, and means the same.
  const auto again = vultus::server::json_sent(json->dump());
  require(again && *again == *json, "a body that was accepted can be written");
  const Json& components = schemas().components();
  auto schema = components.begin();
  std::advance(schema, static_cast<std::ptrdiff_t>(data[0] % components.size()));
  const auto wrong = schemas().violation(*json, *schema);
  require(wrong == schemas().violation(*again, *schema), "the same body is judged alike");
  require(!wrong || !wrong->empty(), "a refusal has a reason");
  return 0;
}
