#include <apps/server/state/key_rows.hpp>

#include <string>

#include <nlohmann/json.hpp>

#include <apps/server/state/key_columns.hpp>

namespace vultus::server {
namespace {

std::int64_t seconds_of(UtcTime time) { return time.time_since_epoch().count(); }

std::optional<std::int64_t> seconds_of(const std::optional<UtcTime>& time) {
  return time ? std::optional(seconds_of(*time)) : std::nullopt;
}

}  // namespace

std::optional<std::string> names_text(const std::optional<std::vector<std::string>>& names) {
  return names ? std::optional(nlohmann::json(*names).dump()) : std::nullopt;
}

Result<std::vector<std::string>> names_from(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const Error damaged = fail(ErrorCode::corrupt_data, "its collections are no list of names");
  if (!json.is_array()) return damaged;
  std::vector<std::string> names;
  for (const auto& name : json) {
    if (!name.is_string()) return damaged;
    names.push_back(name.get<std::string>());
  }
  return names;
}

Status each_key(sqlite::Database& database, const std::function<void(KeyRow)>& take) {
  VULTUS_TRY(sqlite::Statement row, database.prepare(kSelectKeys));
  const auto damaged = [&](const std::string& what) { return database.fail(ErrorCode::corrupt_data, what); };
  for (;;) {
    VULTUS_TRY(const bool more, row.step());
    if (!more) return {};
    VULTUS_TRY(KeyRow read, key_of_columns(row, damaged));
    take(std::move(read));
  }
}

Status insert_key(sqlite::Database& database, const ApiKey& key, const Digest& hash) {
  VULTUS_TRY(sqlite::Statement add,
             database.prepare("INSERT INTO keys(id, hash, name, scope, collections, per_second, burst, per_day, "
                              "created, expires, service) VALUES(?,?,?,?,?,?,?,?,?,?,?)"));
  const std::optional<std::string> names = names_text(key.collections);
  add.bind(1, std::string_view(key.id)).bind(2, std::span<const std::byte>(hash)).bind(3, std::string_view(key.name));
  add.bind(4, scope_name(key.scope));
  add.bind(5, names ? std::optional<std::string_view>(*names) : std::nullopt);
  add.bind(6, key.limits.per_second).bind(7, key.limits.burst).bind(8, key.limits.per_day);
  add.bind(9, seconds_of(key.created)).bind(10, seconds_of(key.expires));
  add.bind(11, key.service ? std::optional<std::string_view>(service_name(*key.service)) : std::nullopt);
  return add.run();
}

Status set_revoked(sqlite::Database& database, std::string_view id, UtcTime at) {
  VULTUS_TRY(sqlite::Statement change, database.prepare("UPDATE keys SET revoked = ? WHERE id = ?"));
  change.bind(1, seconds_of(at)).bind(2, id);
  return change.run();
}

Status add_used(sqlite::Database& database, const UsedKey& used) {
  VULTUS_TRY(sqlite::Statement count,
             database.prepare("INSERT INTO used(key, day, requests) VALUES(?1,?2,?3) ON CONFLICT(key) DO UPDATE SET "
                              "requests = CASE WHEN day = ?2 THEN requests + ?3 ELSE ?3 END, day = ?2"));
  count.bind(1, std::string_view(used.id)).bind(2, used.day).bind(3, used.requests);
  VULTUS_CHECK(count.run());
  VULTUS_TRY(sqlite::Statement when, database.prepare("UPDATE keys SET last_used = ? WHERE id = ?"));
  when.bind(1, seconds_of(used.last)).bind(2, std::string_view(used.id));
  return when.run();
}

}  // namespace vultus::server
