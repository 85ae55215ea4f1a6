#include <apps/server/openapi/schemas.hpp>

#include <stdexcept>

namespace vultus::server {

Json all_schemas() {
  Json all = Json::object();
  for (const char* text : {kPictureSchemas, kPeopleSchemas, kSystemSchemas})
    for (auto& [name, schema] : Json::parse(text).items()) {
      if (all.contains(name)) throw std::logic_error("two schemas are called " + name);
      all[name] = schema;
    }
  return all;
}

}  // namespace vultus::server
