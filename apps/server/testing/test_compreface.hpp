// For tests: requests of the CompreFace interface, as its clients send them.
#pragma once

#include <string>

#include <apps/server/testing/test_world.hpp>

namespace vultus::server::testing {

/// The kinds of keys, by the word in the path.
struct ComprefaceKeys {
  std::string recognition, detection, verification;
};

/// A world with a collection "staff" and a service of each kind.
class ComprefaceWorld : public World {
 public:
  ComprefaceWorld();

  [[nodiscard]] const ComprefaceKeys& keys() const { return keys_; }
  /// A service. @param collection  empty = none
  std::string make_service(const std::string& kind, const std::string& collection);

  /// @param target  behind /api/v1. @param key  as x-api-key; empty = none. @param with  its `key` is not looked at
  Response call(Method method, const std::string& target, const std::string& key, Ask with = {});
  Response call_json(Method method, const std::string& target, const std::string& key, const TestJson& body);

  /// Adds an example. @return its image_id
  std::string add(const std::string& subject, const std::string& picture);

 private:
  ComprefaceKeys keys_;
};

/// A form with files. @param name  of the files
[[nodiscard]] Ask files(const std::vector<std::pair<std::string, std::string>>& parts,
                        const std::string& name = "face.png");

}  // namespace vultus::server::testing
