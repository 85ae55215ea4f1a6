#include <apps/server/live/webhook_store.hpp>

#include <algorithm>
#include <utility>

#include <apps/server/data/random_hex.hpp>
#include <apps/server/live/camera_store.hpp>

namespace vultus::server {

bool Webhook::wants(const LiveEvent& event) const {
  if (!kinds.empty() && std::ranges::find(kinds, event.what.kind) == kinds.end()) return false;
  return !collections || std::ranges::find(*collections, event.collection) != collections->end();
}

Result<std::vector<Webhook>> WebhookStore::all() {
  return database_.with([&](sqlite::Database& database) -> Result<std::vector<Webhook>> {
    VULTUS_TRY(sqlite::Statement rows,
               database.prepare("SELECT id, created, sealed FROM webhooks ORDER BY created, id"));
    std::vector<Webhook> all;
    for (;;) {
      VULTUS_TRY(const bool more, rows.step());
      if (!more) return all;
      Webhook webhook{.id = rows.text(0)};
      webhook.created = UtcTime(std::chrono::seconds(rows.integer(1)));
      VULTUS_TRY(const std::string plain, sealer_.open(rows.blob(2), webhook.id));
      const Json json = Json::parse(plain, nullptr, false);
      if (!json.is_object()) return fail(ErrorCode::corrupt_data, "webhook " + webhook.id + " of server.db is damaged");
      webhook.name = json.at("name").get<std::string>();
      webhook.url = json.at("url").get<std::string>();
      webhook.secret = json.at("secret").get<std::string>();
      if (!json.at("collections").is_null())
        webhook.collections = json.at("collections").get<std::vector<std::string>>();
      for (const Json& kind : json.at("kinds"))
        if (const auto known = event_kind_from(kind.get<std::string>())) webhook.kinds.push_back(*known);
      all.push_back(std::move(webhook));
    }
  });
}

Status WebhookStore::put(const Webhook& webhook) {
  Json kinds = Json::array();
  for (const EventKind kind : webhook.kinds) kinds.push_back(std::string(name_of(kind)));
  const Json json{{"name", webhook.name},
                  {"url", webhook.url},
                  {"secret", webhook.secret},
                  {"collections", webhook.collections ? Json(*webhook.collections) : Json(nullptr)},
                  {"kinds", std::move(kinds)}};
  const auto sealed = sealer_.seal(json.dump(), webhook.id);
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement row, database.prepare("INSERT INTO webhooks(id, created, sealed) VALUES(?,?,?)"));
    row.bind(1, webhook.id).bind(2, webhook.created.time_since_epoch().count());
    row.bind(3, std::span<const std::byte>(sealed));
    return row.run();
  });
}

Status WebhookStore::remove(const std::string& id) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement row, database.prepare("DELETE FROM webhooks WHERE id = ?"));
    row.bind(1, id);
    return row.run();
  });
}

Status WebhookStore::enqueue(sqlite::Database& database, const Webhook& webhook, const LiveEvent& event,
                             std::int64_t now_ms) const {
  VULTUS_TRY(sqlite::Statement count,
             database.prepare("SELECT count(*) FROM deliveries WHERE webhook = ? AND dead = 0"));
  count.bind(1, webhook.id);
  VULTUS_TRY(const bool counted, count.step());
  const bool full = counted && count.integer(0) >= limits_.most_waiting;
  VULTUS_TRY(sqlite::Statement row,
             database.prepare("INSERT INTO deliveries(id, webhook, event, attempts, due, dead, error) "
                              "VALUES(?,?,?,0,?,?,?)"));
  row.bind(1, "msg_" + random_hex()).bind(2, webhook.id).bind(3, event.id).bind(4, now_ms);
  row.bind(5, std::int64_t{full ? 1 : 0});
  if (full)
    row.bind(6, std::to_string(limits_.most_waiting) + " messages wait already, which is the limit");
  else
    row.bind(6, nullptr);
  VULTUS_CHECK(row.run());
  return full ? prune_dead(database, webhook.id) : Status();
}

Result<std::optional<Delivery>> WebhookStore::next(const std::string& webhook, std::int64_t now_ms) {
  return database_.with([&](sqlite::Database& database) -> Result<std::optional<Delivery>> {
    VULTUS_TRY(sqlite::Statement row,
               database.prepare("SELECT id, event, attempts, due, error FROM deliveries WHERE webhook = ? AND dead = 0 "
                                "AND due <= ? ORDER BY due, event LIMIT 1"));
    row.bind(1, webhook).bind(2, now_ms);
    VULTUS_TRY(const bool there, row.step());
    if (!there) return std::optional<Delivery>();
    return std::optional(Delivery{.id = row.text(0),
                                  .event = row.integer(1),
                                  .attempts = static_cast<int>(row.integer(2)),
                                  .due_ms = row.integer(3),
                                  .error = row.text(4)});
  });
}

Status WebhookStore::done(const std::string& delivery) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement row, database.prepare("DELETE FROM deliveries WHERE id = ?"));
    row.bind(1, delivery);
    return row.run();
  });
}

Status WebhookStore::failed(const Delivery& delivery, const std::string& webhook, std::optional<std::int64_t> due_ms) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement row,
               database.prepare("UPDATE deliveries SET attempts = ?, due = ?, dead = ?, error = ? WHERE id = ?"));
    row.bind(1, std::int64_t{delivery.attempts}).bind(2, due_ms.value_or(delivery.due_ms));
    row.bind(3, std::int64_t{due_ms ? 0 : 1}).bind(4, delivery.error).bind(5, delivery.id);
    VULTUS_CHECK(row.run());
    return due_ms ? Status() : prune_dead(database, webhook);
  });
}

Status WebhookStore::prune_dead(sqlite::Database& database, const std::string& webhook) const {
  VULTUS_TRY(sqlite::Statement old,
             database.prepare("DELETE FROM deliveries WHERE webhook = ? AND dead = 1 AND id NOT IN (SELECT id FROM "
                              "deliveries WHERE webhook = ? AND dead = 1 ORDER BY event DESC LIMIT ?)"));
  old.bind(1, webhook).bind(2, webhook).bind(3, limits_.most_dead);
  return old.run();
}

Result<std::vector<Delivery>> WebhookStore::dead_letters(const std::string& webhook, std::size_t limit) {
  return database_.with([&](sqlite::Database& database) -> Result<std::vector<Delivery>> {
    VULTUS_TRY(sqlite::Statement rows,
               database.prepare("SELECT id, event, attempts, due, error FROM deliveries WHERE webhook = ? AND dead = 1 "
                                "ORDER BY event DESC LIMIT ?"));
    rows.bind(1, webhook).bind(2, static_cast<std::int64_t>(limit));
    std::vector<Delivery> letters;
    for (;;) {
      VULTUS_TRY(const bool more, rows.step());
      if (!more) return letters;
      letters.push_back({.id = rows.text(0),
                         .event = rows.integer(1),
                         .attempts = static_cast<int>(rows.integer(2)),
                         .due_ms = rows.integer(3),
                         .error = rows.text(4)});
    }
  });
}

Result<std::int64_t> WebhookStore::waiting(const std::string& webhook) {
  return database_.with([&](sqlite::Database& database) -> Result<std::int64_t> {
    VULTUS_TRY(sqlite::Statement count,
               database.prepare("SELECT count(*) FROM deliveries WHERE webhook = ? AND dead = 0"));
    count.bind(1, webhook);
    VULTUS_TRY(const bool counted, count.step());
    return counted ? count.integer(0) : 0;
  });
}

Result<std::int64_t> WebhookStore::send_again(const std::string& webhook, std::int64_t now_ms) {
  return database_.with([&](sqlite::Database& database) -> Result<std::int64_t> {
    VULTUS_TRY(sqlite::Statement rows, database.prepare("UPDATE deliveries SET dead = 0, attempts = 0, due = ? WHERE "
                                                        "webhook = ? AND dead = 1"));
    rows.bind(1, now_ms).bind(2, webhook);
    VULTUS_CHECK(rows.run());
    return database.changes();
  });
}

}  // namespace vultus::server
