#include <apps/server/state/postgres_state.hpp>

#include <algorithm>
#include <array>

#include <sodium.h>

#include <apps/server/keys/quota.hpp>
#include <apps/server/keys/token_bucket.hpp>
#include <apps/server/state/key_columns.hpp>

namespace vultus::server {
namespace {

using postgres::Answer;
using postgres::Connection;
using postgres::Parameters;
using postgres::Transaction;

constexpr std::chrono::milliseconds kStateDeadline{5'000};
/// A server that was killed keeps an idempotency key in use no longer than this.
constexpr std::int64_t kClaimSeconds = 15 * 60;

// A published step is never changed: databases were made with it. A change of the schema is a new step.
constexpr std::array<std::string_view, 1> kStateSteps{R"sql(
CREATE TABLE meta(key text PRIMARY KEY, value bytea NOT NULL);
CREATE TABLE changes(number bigint NOT NULL);
INSERT INTO changes VALUES(1);
CREATE TABLE keys(
  id text PRIMARY KEY,
  hash bytea NOT NULL CHECK(length(hash) = 32),
  name text NOT NULL,
  scope text NOT NULL,
  collections text,
  per_second double precision,
  burst bigint,
  per_day bigint,
  created bigint NOT NULL,
  expires bigint,
  revoked bigint,
  last_used bigint,
  service text
);
CREATE TABLE used(
  key text PRIMARY KEY REFERENCES keys(id) ON DELETE CASCADE,
  day bigint NOT NULL,
  requests bigint NOT NULL,
  tokens double precision,
  at double precision
);
CREATE TABLE answers(
  id bytea PRIMARY KEY,
  request bytea NOT NULL,
  at bigint NOT NULL,
  collection text NOT NULL,
  answer bytea
);
CREATE INDEX answers_at ON answers(at);
CREATE INDEX answers_collection ON answers(collection);
CREATE TABLE collections(name text PRIMARY KEY, created bigint NOT NULL);
)sql"};
// Any fixed numbers will do, as long as nobody else takes them: "vultus.v" and "vultus.w".
constexpr std::string_view kLockSchema = "SELECT pg_advisory_xact_lock(8535847916193132150)";
constexpr std::string_view kLockAlone = "SELECT pg_advisory_lock(8535847916193132151)";
constexpr std::string_view kUnlockAlone = "SELECT pg_advisory_unlock(8535847916193132151)";

std::optional<std::int64_t> seconds_or_none(const std::optional<UtcTime>& time) {
  return time ? std::optional(time->time_since_epoch().count()) : std::nullopt;
}

/// One row of an answer, as key_of_columns() reads it.
struct AnswerRow {
  const Answer& rows;
  std::size_t row;
  [[nodiscard]] bool is_null(int column) const { return rows.is_null(row, column); }
  [[nodiscard]] std::int64_t integer(int column) const { return rows.integer(row, column); }
  [[nodiscard]] std::string text(int column) const { return rows.text(row, column); }
  [[nodiscard]] std::span<const std::byte> blob(int column) const { return rows.bytes(row, column); }
  [[nodiscard]] std::optional<double> optional_real(int column) const { return rows.optional_real(row, column); }
  [[nodiscard]] std::optional<std::string> optional_text(int column) const { return rows.optional_text(row, column); }
};

/// What is left of a key's limits, as the row of `used` tells it.
struct Used {
  std::int64_t requests = 0;  ///< of the day
  std::optional<TokenBucket::Level> level;
};

Used used_of(const Answer& row, std::int64_t day) {
  Used used{.requests = row.integer(0, 0) == day ? row.integer(0, 1) : 0, .level = {}};
  if (row.is_null(0, 2)) return used;
  used.level = TokenBucket::Level{.tokens = row.real(0, 2), .last = {}};
  if (row.is_null(0, 3)) return used;
  const auto since = std::chrono::duration<double>(row.real(0, 3));
  used.level->last = TokenBucket::Time(std::chrono::duration_cast<TokenBucket::Time::duration>(since));
  return used;
}

std::span<const std::byte> bytes_of(const Digest& digest) { return digest; }

}  // namespace

template <class Act>
auto PostgresState::with(Act&& act) -> std::invoke_result_t<Act, Connection&> {
  const std::scoped_lock lock(lock_);
  for (int attempt = 0;; ++attempt) {
    if (!connection_ || connection_->is_broken()) VULTUS_CHECK(connect());
    auto answer = act(*connection_);
    if (answer || attempt > 0 || !connection_->is_broken()) return answer;
  }
}

Result<std::unique_ptr<PostgresState>> PostgresState::open(const std::string& url) {
  std::unique_ptr<PostgresState> state(new PostgresState(url));
  VULTUS_CHECK(state->connect());
  VULTUS_CHECK(state->prepare());
  return state;
}

Status PostgresState::connect() {
  connection_.reset();
  VULTUS_TRY(Connection connection, Connection::open({.url = url_, .deadline = kStateDeadline}));
  VULTUS_CHECK(connection.execute("SET search_path = vultus_server, pg_temp"));
  connection_.emplace(std::move(connection));
  return {};
}

Status PostgresState::prepare() {
  VULTUS_TRY(Transaction transaction, Transaction::begin(*connection_, Transaction::Kind::write));
  VULTUS_CHECK(connection_->run(kLockSchema));
  VULTUS_CHECK(connection_->execute("CREATE SCHEMA IF NOT EXISTS vultus_server"));
  VULTUS_TRY(const std::int64_t made, connection_->integer("SELECT to_regclass('vultus_server.meta') IS NOT NULL"));
  std::size_t version = 0;
  if (made != 0) {
    VULTUS_TRY(const std::int64_t kept,
               connection_->integer("SELECT convert_from(value, 'UTF8')::bigint FROM meta WHERE key = 'version'"));
    version = static_cast<std::size_t>(kept);
  }
  if (version > kStateSteps.size())
    return connection_->fail(ErrorCode::unsupported, "what the servers remember there is of a newer version (" +
                                                         std::to_string(version) + "; this program knows " +
                                                         std::to_string(kStateSteps.size()) + ")");
  for (std::size_t i = version; i < kStateSteps.size(); ++i)
    VULTUS_CHECK(connection_->execute(std::string(kStateSteps[i])));
  VULTUS_CHECK(
      connection_->run("INSERT INTO meta VALUES('version', convert_to($1, 'UTF8')) ON CONFLICT(key) DO UPDATE "
                       "SET value = excluded.value",
                       Parameters().add(std::string_view(std::to_string(kStateSteps.size())))));
  return transaction.commit();
}

Result<Digest> PostgresState::secret() {
  return with([](Connection& connection) -> Result<Digest> {
    Digest fresh{};
    randombytes_buf(fresh.data(), fresh.size());
    VULTUS_CHECK(connection.run("INSERT INTO meta VALUES('secret', $1) ON CONFLICT DO NOTHING",
                                Parameters().add(bytes_of(fresh))));
    VULTUS_TRY(const Answer row, connection.run("SELECT value FROM meta WHERE key = 'secret'"));
    Digest kept{};
    if (row.empty() || row.bytes(0, 0).size() != kept.size())
      return connection.fail(ErrorCode::corrupt_data, "the secret of the servers has another length");
    std::ranges::copy(row.bytes(0, 0), kept.begin());
    return kept;
  });
}

Status PostgresState::alone(const std::function<Status()>& act) {
  const std::scoped_lock lock(lock_);
  const auto run = [this](std::string_view sql) {
    return with([sql](Connection& connection) -> Status {
      VULTUS_CHECK(connection.run(sql));
      return {};
    });
  };
  VULTUS_CHECK(run(kLockAlone));
  Status done = act();
  VULTUS_CHECK(run(kUnlockAlone));
  return done;
}

Result<std::int64_t> PostgresState::keys_version() {
  return with([](Connection& connection) { return connection.integer("SELECT number FROM changes"); });
}

Result<std::vector<KeyRow>> PostgresState::keys() {
  return with([](Connection& connection) -> Result<std::vector<KeyRow>> {
    VULTUS_TRY(const Answer rows, connection.run(kSelectKeys));
    const auto damaged = [&](const std::string& what) { return connection.fail(ErrorCode::corrupt_data, what); };
    std::vector<KeyRow> all;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      VULTUS_TRY(KeyRow row, key_of_columns(AnswerRow{.rows = rows, .row = i}, damaged));
      all.push_back(std::move(row));
    }
    return all;
  });
}

Status PostgresState::change_keys(std::string_view sql, const Parameters& parameters) {
  return with([&](Connection& connection) -> Status {
    VULTUS_TRY(Transaction transaction, Transaction::begin(connection, Transaction::Kind::write));
    VULTUS_CHECK(connection.run(sql, parameters));
    VULTUS_CHECK(connection.run("UPDATE changes SET number = number + 1"));
    return transaction.commit();
  });
}

Status PostgresState::insert_key(const ApiKey& key, const Digest& hash) {
  Parameters row;
  row.add(std::string_view(key.id)).add(bytes_of(hash)).add(std::string_view(key.name)).add(scope_name(key.scope));
  const auto names = names_text(key.collections);
  row.add(names ? std::optional<std::string_view>(*names) : std::nullopt);
  row.add(key.limits.per_second).add(key.limits.burst).add(key.limits.per_day);
  row.add(key.created.time_since_epoch().count()).add(seconds_or_none(key.expires));
  row.add(key.service ? std::optional<std::string_view>(service_name(*key.service)) : std::nullopt);
  return change_keys(
      "INSERT INTO keys(id, hash, name, scope, collections, per_second, burst, per_day, created, expires, service) "
      "VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11) ON CONFLICT DO NOTHING",
      row);
}

Status PostgresState::set_revoked(std::string_view id, UtcTime at) {
  return change_keys("UPDATE keys SET revoked = $1 WHERE id = $2",
                     Parameters().add(at.time_since_epoch().count()).add(id));
}

Status PostgresState::add_used(std::span<const UsedKey> used) {
  return with([&](Connection& connection) -> Status {
    VULTUS_TRY(Transaction transaction, Transaction::begin(connection, Transaction::Kind::write));
    for (const UsedKey& one : used) {
      const std::string_view id = one.id;
      VULTUS_CHECK(
          connection.run("INSERT INTO used(key, day, requests) SELECT $1, $2, $3 FROM keys WHERE id = $1 ON "
                         "CONFLICT(key) DO UPDATE SET requests = CASE WHEN used.day > $2 THEN used.requests "
                         "WHEN used.day = $2 THEN used.requests + $3 ELSE $3 END, day = greatest(used.day, $2)",
                         Parameters().add(id).add(one.day).add(one.requests)));
      VULTUS_CHECK(connection.run("UPDATE keys SET last_used = greatest(last_used, $2) WHERE id = $1",
                                  Parameters().add(id).add(one.last.time_since_epoch().count())));
    }
    return transaction.commit();
  });
}

Result<std::optional<Wait>> PostgresState::spend(const ApiKey& key, std::chrono::system_clock::time_point now) {
  using Taken = Result<std::optional<Wait>>;
  return with([&](Connection& connection) -> Taken {
    VULTUS_TRY(Transaction transaction, Transaction::begin(connection, Transaction::Kind::write));
    // A count that the last second before a power cut loses is worth less than waiting for the disk at every request.
    VULTUS_CHECK(connection.execute("SET LOCAL synchronous_commit = off"));
    const std::int64_t day = day_of(now);
    VULTUS_CHECK(
        connection.run("INSERT INTO used(key, day, requests) SELECT $1, $2, 0 FROM keys WHERE id = $1 "
                       "ON CONFLICT DO NOTHING",
                       Parameters().add(std::string_view(key.id)).add(day)));
    VULTUS_TRY(const Answer row, connection.run("SELECT day, requests, tokens, at FROM used WHERE key = $1 FOR UPDATE",
                                                Parameters().add(std::string_view(key.id))));
    if (row.empty()) return Taken(Wait{});
    const Used used = used_of(row, day);
    if (key.limits.per_day && used.requests >= *key.limits.per_day) return Taken(quota_wait(*key.limits.per_day, now));
    std::optional<double> tokens;
    if (key.limits.per_second) {
      const auto burst = static_cast<double>(key.limits.burst);
      TokenBucket bucket(*key.limits.per_second, burst,
                         used.level.value_or(TokenBucket::Level{.tokens = burst, .last = {}}));
      if (const auto seconds = bucket.take(now)) return Taken(Wait{.reason = Wait::Reason::rate, .seconds = *seconds});
      tokens = bucket.level().tokens;
    }
    const double at = std::chrono::duration<double>(now.time_since_epoch()).count();
    VULTUS_CHECK(
        connection.run("UPDATE used SET day = $2, requests = $3, tokens = $4, at = $5 WHERE key = $1",
                       Parameters().add(std::string_view(key.id)).add(day).add(used.requests + 1).add(tokens).add(at)));
    VULTUS_CHECK(transaction.commit());
    return Taken(std::nullopt);
  });
}

Result<KeptAnswer> PostgresState::claim_answer(const Digest& id, std::int64_t now, std::int64_t oldest) {
  return with([&](Connection& connection) -> Result<KeptAnswer> {
    VULTUS_TRY(Transaction transaction, Transaction::begin(connection, Transaction::Kind::write));
    VULTUS_CHECK(connection.run("DELETE FROM answers WHERE at <= $1 OR (answer IS NULL AND at <= $2)",
                                Parameters().add(oldest).add(now - kClaimSeconds)));
    VULTUS_TRY(const Answer claimed,
               connection.run("INSERT INTO answers(id, request, at, collection) VALUES($1, '', $2, '') "
                              "ON CONFLICT DO NOTHING",
                              Parameters().add(bytes_of(id)).add(now)));
    KeptAnswer found;
    if (claimed.changed() == 0) {
      VULTUS_TRY(const Answer row,
                 connection.run("SELECT request, answer FROM answers WHERE id = $1", Parameters().add(bytes_of(id))));
      found.is = row.empty() || row.is_null(0, 1) ? KeptAnswer::Is::in_use : KeptAnswer::Is::there;
      if (found.is == KeptAnswer::Is::there) {
        const auto request = row.bytes(0, 0);
        if (request.size() == found.request.size()) std::ranges::copy(request, found.request.begin());
        const auto sealed = row.bytes(0, 1);
        found.sealed.assign(sealed.begin(), sealed.end());
      }
    }
    VULTUS_CHECK(transaction.commit());
    return found;
  });
}

Status PostgresState::keep_answer(const Digest& id, const Digest& request, std::string_view collection,
                                  std::span<const std::byte> sealed, std::int64_t now) {
  return with([&](Connection& connection) -> Status {
    VULTUS_CHECK(connection.run(
        "INSERT INTO answers(id, request, at, collection, answer) VALUES($1,$2,$3,$4,$5) ON CONFLICT(id) DO UPDATE SET "
        "request = excluded.request, at = excluded.at, collection = excluded.collection, answer = excluded.answer",
        Parameters().add(bytes_of(id)).add(bytes_of(request)).add(now).add(collection).add(sealed)));
    return {};
  });
}

Status PostgresState::release_answer(const Digest& id) {
  return with([&](Connection& connection) -> Status {
    VULTUS_CHECK(
        connection.run("DELETE FROM answers WHERE id = $1 AND answer IS NULL", Parameters().add(bytes_of(id))));
    return {};
  });
}

Status PostgresState::forget_answers(std::string_view collection) {
  return with([&](Connection& connection) -> Status {
    VULTUS_CHECK(connection.run("DELETE FROM answers WHERE collection = $1", Parameters().add(collection)));
    return {};
  });
}

Result<bool> PostgresState::has_collection(std::string_view name) {
  return with([&](Connection& connection) -> Result<bool> {
    VULTUS_TRY(const Answer row, connection.run("SELECT 1 FROM collections WHERE name = $1", Parameters().add(name)));
    return !row.empty();
  });
}

Result<std::vector<std::string>> PostgresState::collections() {
  return with([](Connection& connection) -> Result<std::vector<std::string>> {
    VULTUS_TRY(const Answer rows, connection.run("SELECT name FROM collections"));
    std::vector<std::string> names;
    for (std::size_t i = 0; i < rows.rows(); ++i) names.push_back(rows.text(i, 0));
    return names;
  });
}

Status PostgresState::add_collection(std::string_view name, std::int64_t when) {
  return with([&](Connection& connection) -> Status {
    VULTUS_CHECK(connection.run("INSERT INTO collections(name, created) VALUES($1,$2) ON CONFLICT DO NOTHING",
                                Parameters().add(name).add(when)));
    return {};
  });
}

}  // namespace vultus::server
