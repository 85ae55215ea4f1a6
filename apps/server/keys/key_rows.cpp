#include <apps/server/keys/key_rows.hpp>

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

namespace vultus::server {
namespace {

std::int64_t seconds_of(UtcTime time) { return time.time_since_epoch().count(); }
UtcTime time_of_seconds(std::int64_t seconds) { return UtcTime(std::chrono::seconds(seconds)); }

std::optional<std::int64_t> seconds_of(const std::optional<UtcTime>& time) {
  return time ? std::optional(seconds_of(*time)) : std::nullopt;
}

std::optional<UtcTime> optional_time(const sqlite::Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(time_of_seconds(row.integer(column)));
}

std::optional<std::string> json_of(const std::optional<std::vector<std::string>>& names) {
  return names ? std::optional(nlohmann::json(*names).dump()) : std::nullopt;
}

Result<KeyRow> read_key(sqlite::Database& database, const sqlite::Statement& row) {
  KeyRow read;
  ApiKey& key = read.key;
  key.id = row.text(0);
  const auto damaged = [&](const std::string& what) {
    return database.fail(ErrorCode::corrupt_data, "key " + key.id + ": " + what);
  };
  const auto hash = row.blob(1);
  if (hash.size() != read.hash.size()) return damaged("its hash has another length");
  std::ranges::copy(hash, read.hash.begin());
  key.name = row.text(2);
  const auto scope = scope_from(row.text(3));
  if (!scope) return damaged("\"" + row.text(3) + "\" is no scope");
  key.scope = *scope;
  if (const auto names = row.optional_text(4)) {
    const auto json = nlohmann::json::parse(*names, nullptr, false);
    if (!json.is_array()) return damaged("its collections are no list");
    key.collections.emplace();
    for (const auto& name : json) {
      if (!name.is_string()) return damaged("its collections are no list of names");
      key.collections->push_back(name.get<std::string>());
    }
  }
  key.limits.per_second = row.optional_real(5);
  key.limits.burst = row.is_null(6) ? 1 : row.integer(6);
  if (!row.is_null(7)) key.limits.per_day = row.integer(7);
  key.created = time_of_seconds(row.integer(8));
  key.expires = optional_time(row, 9);
  key.revoked = optional_time(row, 10);
  key.last_used = optional_time(row, 11);
  if (const auto kind = row.optional_text(14)) {
    key.service = service_from(*kind);
    if (!key.service) return damaged("\"" + *kind + "\" is no service");
  }
  read.day = row.is_null(12) ? 0 : row.integer(12);
  read.requests = row.is_null(13) ? 0 : row.integer(13);
  return read;
}

}  // namespace

Status each_key(sqlite::Database& database, const std::function<void(KeyRow)>& take) {
  VULTUS_TRY(
      sqlite::Statement row,
      database.prepare("SELECT id, hash, name, scope, collections, per_second, burst, per_day, created, "
                       "expires, revoked, last_used, day, requests, service FROM keys LEFT JOIN used ON key = id"));
  for (;;) {
    VULTUS_TRY(const bool more, row.step());
    if (!more) return {};
    VULTUS_TRY(KeyRow read, read_key(database, row));
    take(std::move(read));
  }
}

Status insert_key(sqlite::Database& database, const ApiKey& key, const Digest& hash) {
  VULTUS_TRY(sqlite::Statement add,
             database.prepare("INSERT INTO keys(id, hash, name, scope, collections, per_second, burst, per_day, "
                              "created, expires, service) VALUES(?,?,?,?,?,?,?,?,?,?,?)"));
  const std::optional<std::string> names = json_of(key.collections);
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

Status delete_key(sqlite::Database& database, std::string_view id) {
  VULTUS_TRY(sqlite::Statement gone, database.prepare("DELETE FROM keys WHERE id = ?"));
  gone.bind(1, id);
  return gone.run();
}

Status set_used(sqlite::Database& database, const KeyRow& row) {
  VULTUS_TRY(sqlite::Statement count,
             database.prepare("INSERT INTO used(key, day, requests) VALUES(?,?,?) ON CONFLICT(key) DO UPDATE SET day "
                              "= excluded.day, requests = excluded.requests"));
  count.bind(1, std::string_view(row.key.id)).bind(2, row.day).bind(3, row.requests);
  VULTUS_CHECK(count.run());
  VULTUS_TRY(sqlite::Statement when, database.prepare("UPDATE keys SET last_used = ? WHERE id = ?"));
  when.bind(1, seconds_of(row.key.last_used)).bind(2, std::string_view(row.key.id));
  return when.run();
}

}  // namespace vultus::server
