#include <apps/server/live/camera_store.hpp>

#include <utility>

namespace vultus::server {

Result<std::vector<CameraSettings>> CameraStore::all() {
  return database_.with([&](sqlite::Database& database) -> Result<std::vector<CameraSettings>> {
    VULTUS_TRY(sqlite::Statement rows,
               database.prepare("SELECT id, collection, created, sealed FROM cameras ORDER BY created, id"));
    std::vector<CameraSettings> cameras;
    for (;;) {
      VULTUS_TRY(const bool more, rows.step());
      if (!more) return cameras;
      CameraSettings camera{.id = rows.text(0), .collection = rows.text(1)};
      camera.created = UtcTime(std::chrono::seconds(rows.integer(2)));
      VULTUS_TRY(const std::string plain, sealer_.open(rows.blob(3), camera.id));
      const Json json = Json::parse(plain, nullptr, false);
      if (!json.is_object()) return fail(ErrorCode::corrupt_data, "camera " + camera.id + " of server.db is damaged");
      camera.name = json.at("name").get<std::string>();
      camera.source = json.at("source").get<std::string>();
      camera.enabled = json.at("enabled").get<bool>();
      camera.loop = json.at("loop").get<bool>();
      camera.require_live = json.value("require_live", false);  // not in those of older servers
      VULTUS_TRY(camera.rules, rules_from(json.at("rules"), {}));
      cameras.push_back(std::move(camera));
    }
  });
}

Status CameraStore::put(const CameraSettings& settings) {
  const Json json{{"name", settings.name},
                  {"source", settings.source},
                  {"enabled", settings.enabled},
                  {"loop", settings.loop},
                  {"require_live", settings.require_live},
                  {"rules", rules_json(settings.rules)}};
  const auto sealed = sealer_.seal(json.dump(), settings.id);
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement row,
               database.prepare("INSERT OR REPLACE INTO cameras(id, collection, created, sealed) VALUES(?,?,?,?)"));
    row.bind(1, settings.id).bind(2, settings.collection).bind(3, settings.created.time_since_epoch().count());
    row.bind(4, std::span<const std::byte>(sealed));
    return row.run();
  });
}

Status CameraStore::remove(const std::string& id) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement row, database.prepare("DELETE FROM cameras WHERE id = ?"));
    row.bind(1, id);
    return row.run();
  });
}

}  // namespace vultus::server
