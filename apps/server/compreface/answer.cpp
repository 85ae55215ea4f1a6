#include <apps/server/compreface/answer.hpp>

namespace vultus::server::compreface {
namespace {

void drop_nulls(Json& json) {
  if (json.is_object())
    for (auto it = json.begin(); it != json.end();) it = it->is_null() ? json.erase(it) : std::next(it);
  if (json.is_structured())
    for (Json& value : json) drop_nulls(value);
}

}  // namespace

Response pretty_answer(Json json, int status) {
  drop_nulls(json);
  return json_response(json.dump(2, ' ', false, Json::error_handler_t::replace), status);
}

}  // namespace vultus::server::compreface
