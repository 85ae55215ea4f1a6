#include <apps/server/openapi/schemas.hpp>

#include <stdexcept>

namespace vultus::server {

Json all_schemas() {
  Json all = Json::object();
  for (const char* text : {kPictureSchemas, kPeopleSchemas, kSystemSchemas, kLiveSchemas, kSealedSchemas}) {
    const Json part = Json::parse(text);
    for (const auto& [name, schema] : part.items()) {
      if (all.contains(name)) throw std::logic_error("two schemas are called " + name);
      all[name] = schema;
    }
  }
  return all;
}

}  // namespace vultus::server
