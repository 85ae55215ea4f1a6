#include <apps/server/state/sqlite_state.hpp>

#include <algorithm>
#include <stdexcept>

#include <apps/server/state/key_rows.hpp>

namespace vultus::server {

Result<std::vector<KeyRow>> SqliteState::keys() {
  std::vector<KeyRow> rows;
  VULTUS_CHECK(database_.with([&](sqlite::Database& database) {
    return each_key(database, [&](KeyRow row) { rows.push_back(std::move(row)); });
  }));
  return rows;
}

Status SqliteState::insert_key(const ApiKey& key, const Digest& hash) {
  return database_.with([&](sqlite::Database& database) { return server::insert_key(database, key, hash); });
}

Status SqliteState::set_revoked(std::string_view id, UtcTime at) {
  return database_.with([&](sqlite::Database& database) { return server::set_revoked(database, id, at); });
}

Status SqliteState::add_used(std::span<const UsedKey> used) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(auto transaction, sqlite::Transaction::begin(database, sqlite::Transaction::Kind::write));
    for (const UsedKey& one : used) VULTUS_CHECK(server::add_used(database, one));
    return transaction.commit();
  });
}

Result<std::optional<Wait>> SqliteState::spend(const ApiKey& /*key*/, std::chrono::system_clock::time_point /*now*/) {
  throw std::logic_error("spend of a state that is not shared");
}

Result<KeptAnswer> SqliteState::find_answer(const Digest& id, std::int64_t oldest) {
  return database_.with([&](sqlite::Database& database) -> Result<KeptAnswer> {
    VULTUS_TRY(sqlite::Statement old, database.prepare("DELETE FROM answers WHERE at <= ?"));
    old.bind(1, oldest);
    VULTUS_CHECK(old.run());
    VULTUS_TRY(sqlite::Statement row, database.prepare("SELECT request, answer FROM answers WHERE id = ?"));
    row.bind(1, std::span<const std::byte>(id));
    VULTUS_TRY(const bool there, row.step());
    KeptAnswer found;
    if (!there) return found;
    found.is = KeptAnswer::Is::there;
    const auto request = row.blob(0);
    if (request.size() == found.request.size()) std::ranges::copy(request, found.request.begin());
    const auto sealed = row.blob(1);
    found.sealed.assign(sealed.begin(), sealed.end());
    return found;
  });
}

Result<KeptAnswer> SqliteState::claim_answer(const Digest& id, std::int64_t /*now*/, std::int64_t oldest) {
  {
    const std::scoped_lock lock(lock_);
    if (!in_use_.insert(id).second) return KeptAnswer{.is = KeptAnswer::Is::in_use};
  }
  auto found = find_answer(id, oldest);
  if (!found || found->is != KeptAnswer::Is::fresh) VULTUS_CHECK(release_answer(id));
  return found;
}

Status SqliteState::keep_answer(const Digest& id, const Digest& request, std::string_view collection,
                                std::span<const std::byte> sealed, std::int64_t now) {
  Status kept = database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement add, database.prepare("INSERT OR REPLACE INTO answers(id, request, at, collection, "
                                                       "answer) VALUES(?,?,?,?,?)"));
    add.bind(1, std::span<const std::byte>(id)).bind(2, std::span<const std::byte>(request)).bind(3, now);
    add.bind(4, collection).bind(5, sealed);
    return add.run();
  });
  VULTUS_CHECK(release_answer(id));
  return kept;
}

Status SqliteState::release_answer(const Digest& id) {
  const std::scoped_lock lock(lock_);
  in_use_.erase(id);
  return {};
}

Status SqliteState::forget_answers(std::string_view collection) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement gone, database.prepare("DELETE FROM answers WHERE collection = ?"));
    gone.bind(1, collection);
    return gone.run();
  });
}

Result<bool> SqliteState::has_collection(std::string_view name) {
  return database_.with([&](sqlite::Database& database) -> Result<bool> {
    VULTUS_TRY(sqlite::Statement row, database.prepare("SELECT 1 FROM collections WHERE name = ?"));
    row.bind(1, name);
    return row.step();
  });
}

Result<std::vector<std::string>> SqliteState::collections() {
  return database_.with([&](sqlite::Database& database) -> Result<std::vector<std::string>> {
    VULTUS_TRY(sqlite::Statement row, database.prepare("SELECT name FROM collections"));
    std::vector<std::string> names;
    for (;;) {
      VULTUS_TRY(const bool more, row.step());
      if (!more) return names;
      names.push_back(row.text(0));
    }
  });
}

Status SqliteState::add_collection(std::string_view name, std::int64_t when) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement add,
               database.prepare("INSERT INTO collections(name, created) VALUES(?,?) ON CONFLICT DO NOTHING"));
    add.bind(1, name).bind(2, when);
    return add.run();
  });
}

}  // namespace vultus::server
