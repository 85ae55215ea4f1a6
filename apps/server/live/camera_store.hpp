// Cameras in server.db. Everything but id and collection is sealed: sources hold passwords.
#pragma once

#include <string>
#include <vector>

#include <apps/server/data/sealer.hpp>
#include <apps/server/data/server_database.hpp>
#include <apps/server/live/camera_settings.hpp>

namespace vultus::server {

/// Thread-safe.
class CameraStore {
 public:
  /// @param database  must outlive the object
  CameraStore(ServerDatabase& database, const ServerSecret& secret) : database_(database), sealer_(secret, "cameras") {}
  /// In the order in which they were added.
  Result<std::vector<CameraSettings>> all();
  Status put(const CameraSettings& settings);  ///< adds or replaces
  Status remove(const std::string& id);

 private:
  ServerDatabase& database_;
  Sealer sealer_;
};

}  // namespace vultus::server
