#include <apps/server/keys/key_store.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <vultus/core/result.hpp>

#include <apps/server/http/ascii.hpp>
#include <apps/server/keys/key_rows.hpp>
#include <apps/server/keys/key_text.hpp>

namespace vultus::server {
namespace {

using SystemTime = std::chrono::system_clock::time_point;

constexpr std::size_t kMaxKeys = 100'000;
constexpr std::size_t kMaxKeyName = 256;
constexpr double kMostPerSecond = 1e6;
constexpr std::int64_t kMostBurst = 1'000'000;
constexpr auto kFlushEvery = std::chrono::seconds(5);

std::int64_t day_of(SystemTime time) { return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count(); }

Status check_new_key(const NewKey& wanted, UtcTime now) {
  const auto refuse = [](const std::string& why) { return fail(ErrorCode::invalid_argument, "key: " + why); };
  if (wanted.name.empty() || wanted.name.size() > kMaxKeyName)
    return refuse("its name has " + std::to_string(wanted.name.size()) + " bytes; 1 to 256 are allowed");
  if (wanted.scope == Scope::none) return refuse("it has no scope");
  const KeyLimits& limits = wanted.limits;
  if (limits.per_second && !(*limits.per_second > 0 && *limits.per_second <= kMostPerSecond))
    return refuse("per_second: more than 0 and at most 1000000 are allowed");
  if (wanted.service == ServiceKind::recognition && (!wanted.collections || wanted.collections->size() != 1))
    return refuse("a service of recognition has one collection");
  if (limits.burst < 1 || limits.burst > kMostBurst) return refuse("burst: 1 to 1000000 are allowed");
  if (limits.per_day && *limits.per_day < 1) return refuse("per_day: at least 1 is allowed");
  if (wanted.expires && *wanted.expires <= now) return refuse("its end has passed already");
  return {};
}

}  // namespace

Result<std::unique_ptr<KeyStore>> KeyStore::open(ServerDatabase& database, const ServerSecret& secret,
                                                 std::function<SystemTime()> now) {
  std::unique_ptr<KeyStore> store(new KeyStore(database, secret, std::move(now)));
  VULTUS_CHECK(store->load());
  return store;
}

KeyStore::~KeyStore() {
  if (const Status ignored = flush(); !ignored) return;
}

UtcTime KeyStore::today() const { return std::chrono::floor<std::chrono::seconds>(now_()); }

void KeyStore::prepare(Entry& entry) {
  if (entry.key.limits.per_second)
    entry.bucket.emplace(*entry.key.limits.per_second, static_cast<double>(entry.key.limits.burst));
}

Status KeyStore::load() {
  flushed_ = now_();
  return database_.with([&](sqlite::Database& database) {
    return each_key(database, [&](KeyRow row) {
      std::string id = row.key.id;
      Entry entry{.key = std::move(row.key), .hash = row.hash, .bucket = {}, .day = row.day, .requests = row.requests};
      prepare(entry);
      entries_.emplace(std::move(id), std::move(entry));
    });
  });
}

Result<MadeKey> KeyStore::make(const NewKey& wanted) {
  VULTUS_CHECK(check_new_key(wanted, today()));
  KeyText text = make_key_text();
  if (wanted.service) {
    text.text = make_uuid();
    text.id = id_of_service(text.text);
  }
  Entry entry{.key = {.id = text.id,
                      .name = wanted.name,
                      .scope = wanted.scope,
                      .collections = wanted.collections,
                      .limits = wanted.limits,
                      .service = wanted.service,
                      .created = today(),
                      .expires = wanted.expires,
                      .revoked = {},
                      .last_used = {}},
              .hash = hash_of(text.text),
              .bucket = {}};
  prepare(entry);
  const std::scoped_lock lock(lock_);
  if (entries_.size() >= kMaxKeys) return fail(ErrorCode::resource_limit, "100000 keys are there already");
  VULTUS_CHECK(database_.with([&](sqlite::Database& database) { return insert_key(database, entry.key, entry.hash); }));
  MadeKey made{.key = entry.key, .text = std::move(text.text)};
  entries_.emplace(made.key.id, std::move(entry));
  return made;
}

std::vector<ApiKey> KeyStore::list() const {
  std::vector<ApiKey> keys;
  {
    const std::scoped_lock lock(lock_);
    for (const auto& [id, entry] : entries_) keys.push_back(entry.key);
  }
  std::ranges::stable_sort(keys, {}, &ApiKey::created);
  return keys;
}

std::optional<ApiKey> KeyStore::find(std::string_view id) const {
  const std::scoped_lock lock(lock_);
  const auto at = entries_.find(id);
  return at == entries_.end() ? std::nullopt : std::optional(at->second.key);
}

bool KeyStore::is_governed_without(std::string_view id) const {
  const UtcTime now = today();
  return std::ranges::any_of(entries_, [&](const auto& one) {
    return one.first != id && one.second.key.governs() && one.second.key.valid_at(now);
  });
}

bool KeyStore::is_governed() const {
  const std::scoped_lock lock(lock_);
  return is_governed_without({});
}

Result<ApiKey> KeyStore::revoke(std::string_view id) {
  const std::scoped_lock lock(lock_);
  const auto at = entries_.find(id);
  if (at == entries_.end()) return fail(ErrorCode::not_found, "no key " + std::string(id));
  ApiKey& key = at->second.key;
  if (key.revoked) return key;
  if (key.governs() && !is_governed_without(id))
    return fail(ErrorCode::invalid_argument,
                "key " + key.id + " is the last one that can make keys: make another first");
  const UtcTime now = today();
  VULTUS_CHECK(database_.with([&](sqlite::Database& database) { return set_revoked(database, id, now); }));
  key.revoked = now;
  return key;
}

Status KeyStore::drop_unseen(std::string_view id) {
  const std::scoped_lock lock(lock_);
  VULTUS_CHECK(database_.with([&](sqlite::Database& database) { return delete_key(database, id); }));
  if (const auto at = entries_.find(id); at != entries_.end()) entries_.erase(at);
  return {};
}

// A UUID has no room for an id of its own: a keyed hash tells nothing of it, and leads from the one to the other.
std::string KeyStore::id_of_service(std::string_view uuid) const {
  const Digest digest = secret_.hash("id of a service", uuid);
  return hex_of(std::span(digest).first(8));
}

std::optional<ApiKey> KeyStore::authenticate(std::string_view text) const { return usable(id_of_key_text(text), text); }

std::optional<ApiKey> KeyStore::authenticate_service(std::string_view uuid) const {
  const std::string lower = ascii_lowered(uuid);
  const std::string id = id_of_service(lower);
  return usable(id, lower);
}

std::optional<ApiKey> KeyStore::usable(std::optional<std::string_view> id, std::string_view text) const {
  const Digest given = hash_of(text);
  const std::scoped_lock lock(lock_);
  const auto at = id ? entries_.find(*id) : entries_.end();
  const bool known = at != entries_.end();
  const bool same = same_digest(given, known ? at->second.hash : Digest{});
  if (!known || !same || !at->second.key.valid_at(today())) return std::nullopt;
  return at->second.key;
}

std::optional<Wait> KeyStore::spend(std::string_view id) {
  const SystemTime now = now_();
  const std::scoped_lock lock(lock_);
  const auto at = entries_.find(id);
  if (at == entries_.end()) return Wait{};
  Entry& entry = at->second;
  if (const std::int64_t day = day_of(now); day != entry.day) entry.day = day, entry.requests = 0;
  if (const auto& limit = entry.key.limits.per_day; limit && entry.requests >= *limit) {
    const auto midnight = std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1);
    return Wait{.reason = Wait::Reason::quota,
                .limit = *limit,
                .seconds = std::chrono::duration<double>(midnight - now).count()};
  }
  if (entry.bucket)
    if (const auto seconds = entry.bucket->take(now)) return Wait{.reason = Wait::Reason::rate, .seconds = *seconds};
  ++entry.requests;
  entry.key.last_used = std::chrono::floor<std::chrono::seconds>(now);
  entry.changed = true;
  return std::nullopt;
}

Status KeyStore::flush_when_due() {
  const SystemTime now = now_();
  {
    const std::scoped_lock lock(lock_);
    if (now >= flushed_ && now - flushed_ < kFlushEvery) return {};
  }
  return flush();
}

Status KeyStore::flush() {
  std::vector<KeyRow> rows;
  {
    const std::scoped_lock lock(lock_);
    flushed_ = now_();
    for (auto& [id, entry] : entries_)
      if (std::exchange(entry.changed, false))
        rows.push_back({.key = entry.key, .hash = entry.hash, .day = entry.day, .requests = entry.requests});
  }
  if (rows.empty()) return {};
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(auto transaction, sqlite::Transaction::begin(database, sqlite::Transaction::Kind::write));
    for (const KeyRow& row : rows) VULTUS_CHECK(set_used(database, row));
    return transaction.commit();
  });
}

}  // namespace vultus::server
