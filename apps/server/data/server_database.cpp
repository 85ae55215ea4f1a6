#include <apps/server/data/server_database.hpp>

#include <array>
#include <string_view>

namespace vultus::server {
namespace {

constexpr std::int32_t kServerApplicationId = 0x56737276;  // "Vsrv"

// A published step is never changed: files were made with it. A change of the schema is a new step.
constexpr std::array<std::string_view, 3> kServerSteps{R"sql(
CREATE TABLE keys(
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL CHECK(length(hash) = 32),
  name TEXT NOT NULL,
  scope TEXT NOT NULL,
  collections TEXT,
  per_second REAL,
  burst INTEGER,
  per_day INTEGER,
  created INTEGER NOT NULL,
  expires INTEGER,
  revoked INTEGER,
  last_used INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE used(
  key TEXT PRIMARY KEY REFERENCES keys(id) ON DELETE CASCADE,
  day INTEGER NOT NULL,
  requests INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE answers(
  id BLOB PRIMARY KEY,
  request BLOB NOT NULL,
  at INTEGER NOT NULL,
  collection TEXT NOT NULL,
  answer BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_at ON answers(at);
CREATE INDEX answers_collection ON answers(collection);
CREATE TABLE collections(
  name TEXT PRIMARY KEY,
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql",
                                                       R"sql(
ALTER TABLE keys ADD COLUMN service TEXT;
)sql",
                                                       R"sql(
CREATE TABLE cameras(
  id TEXT PRIMARY KEY,
  collection TEXT NOT NULL,
  created INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE events(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  camera TEXT NOT NULL,
  collection TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject INTEGER,
  who BLOB,
  sealed BLOB NOT NULL,
  picture BLOB
) STRICT;
CREATE INDEX events_time ON events(time);
CREATE INDEX events_camera ON events(camera, id);
CREATE INDEX events_subject ON events(collection, subject);
CREATE TABLE webhooks(
  id TEXT PRIMARY KEY,
  created INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries(
  id TEXT PRIMARY KEY,
  webhook TEXT NOT NULL REFERENCES webhooks(id) ON DELETE CASCADE,
  event INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
  attempts INTEGER NOT NULL,
  due INTEGER NOT NULL,
  dead INTEGER NOT NULL,
  error TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries(dead, due);
CREATE INDEX deliveries_webhook ON deliveries(webhook, dead);
CREATE INDEX deliveries_event ON deliveries(event);
)sql"};

constexpr sqlite::Format kServerFormat{
    .noun = "server database", .application_id = kServerApplicationId, .steps = kServerSteps};

}  // namespace

Result<ServerDatabase> ServerDatabase::open(const std::filesystem::path& path) {
  VULTUS_TRY(sqlite::Database database,
             sqlite::Database::open(kServerFormat, {.path = path, .access = sqlite::Access::create_or_open}));
  return ServerDatabase(std::move(database));
}

}  // namespace vultus::server
