#include <apps/server/keys/key_store.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <vultus/core/result.hpp>

#include <apps/server/http/ascii.hpp>
#include <apps/server/keys/key_text.hpp>
#include <apps/server/keys/quota.hpp>

namespace vultus::server {
namespace {

using SystemTime = std::chrono::system_clock::time_point;

constexpr std::size_t kMaxKeys = 100'000;
constexpr std::size_t kMaxKeyName = 256;
constexpr double kMostPerSecond = 1e6;
constexpr std::int64_t kMostBurst = 1'000'000;
constexpr auto kFlushEvery = std::chrono::seconds(5);

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

Result<std::unique_ptr<KeyStore>> KeyStore::open(State& state, const ServerSecret& secret, KeyClocks clocks) {
  if (!clocks.steady) clocks.steady = [] { return std::chrono::steady_clock::now(); };
  std::unique_ptr<KeyStore> store(new KeyStore(state, secret, std::move(clocks)));
  store->flushed_ = store->now_();
  VULTUS_CHECK(store->look(true));
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
  VULTUS_TRY(const std::vector<KeyRow> rows, state_.keys());
  const std::scoped_lock lock(lock_);  // `changing_` is held since before the rows were read
  std::map<std::string, Entry, std::less<>> known;
  for (const KeyRow& row : rows) {
    Entry entry{.key = row.key, .hash = row.hash, .bucket = {}, .day = row.day, .requests = row.requests};
    if (const auto before = entries_.find(row.key.id); before != entries_.end()) {
      entry.bucket = before->second.bucket;
      entry.unwritten = before->second.unwritten;
      entry.used = before->second.used;
      entry.key.last_used = std::max(row.key.last_used, before->second.key.last_used);
    } else {
      prepare(entry);
    }
    known.emplace(row.key.id, std::move(entry));
  }
  entries_ = std::move(known);
  return {};
}

Status KeyStore::look(bool at_once) {
  const auto now = steady_();
  const std::scoped_lock changing(changing_);
  if (!at_once && now - looked_ < kLookAgain) return {};
  if (failed_ && now - failed_at_ < kLookAgain) return *failed_;
  Status read = look_again();
  failed_.reset();
  if (!read) failed_ = read.error(), failed_at_ = steady_();
  return read;
}

Status KeyStore::look_again() {
  // The time and the version are read first: what changes in between is then seen by the next look.
  const auto now = steady_();
  VULTUS_TRY(const std::int64_t version, state_.keys_version());
  const bool first = looked_ == std::chrono::steady_clock::time_point{};
  // A state of this server alone never has another version: what was counted since must not be read over.
  if (version != version_ || first) VULTUS_CHECK(load());
  version_ = version;
  looked_ = now;
  return {};
}

Status KeyStore::alone(const std::function<Status()>& act) {
  // Before the state's own lock, as everywhere: the other order would wait for ever.
  const std::scoped_lock changing(changing_);
  return state_.alone([&]() -> Status {
    VULTUS_CHECK(look_again());
    return act();
  });
}

Result<MadeKey> KeyStore::make(const NewKey& wanted, const std::function<Status(const std::string& text)>& told) {
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
  const std::scoped_lock changing(changing_);
  {
    const std::scoped_lock lock(lock_);
    if (entries_.size() >= kMaxKeys) return fail(ErrorCode::resource_limit, "100000 keys are there already");
  }
  if (told) VULTUS_CHECK(told(text.text));
  VULTUS_CHECK(state_.insert_key(entry.key, entry.hash));
  MadeKey made{.key = entry.key, .text = std::move(text.text)};
  const std::scoped_lock lock(lock_);
  entries_.emplace(made.key.id, std::move(entry));
  return made;
}

Status KeyStore::catch_up() {
  if (!state_.is_shared()) return {};
  const std::scoped_lock changing(changing_);
  // All rows: that a key was used makes no new version.
  return load();
}

Result<std::vector<ApiKey>> KeyStore::list() {
  VULTUS_CHECK(catch_up());
  std::vector<ApiKey> keys;
  {
    const std::scoped_lock lock(lock_);
    for (const auto& [id, entry] : entries_) keys.push_back(entry.key);
  }
  std::ranges::stable_sort(keys, {}, &ApiKey::created);
  return keys;
}

Result<std::optional<ApiKey>> KeyStore::find(std::string_view id) {
  VULTUS_CHECK(catch_up());
  return known(id);
}

Result<std::optional<ApiKey>> KeyStore::still_usable(std::string_view id) {
  if (state_.is_shared()) VULTUS_CHECK(look(false));
  auto key = known(id);
  if (key && !key->valid_at(today())) key.reset();
  return key;
}

std::optional<ApiKey> KeyStore::known(std::string_view id) const {
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
  // Alone: two servers that each end the other's last key would leave none.
  std::optional<ApiKey> ended;
  VULTUS_CHECK(alone([&]() -> Status {
    VULTUS_TRY(ended, end_key(id));
    return {};
  }));
  return *std::move(ended);
}

Result<ApiKey> KeyStore::end_key(std::string_view id) {
  {
    const std::scoped_lock lock(lock_);
    const auto at = entries_.find(id);
    if (at == entries_.end()) return fail(ErrorCode::not_found, "no key " + std::string(id));
    const ApiKey& key = at->second.key;
    if (key.revoked) return key;
    if (key.governs() && !is_governed_without(id))
      return fail(ErrorCode::invalid_argument,
                  "key " + key.id + " is the last one that can make keys: make another first");
  }
  const UtcTime now = today();
  VULTUS_CHECK(state_.set_revoked(id, now));
  const std::scoped_lock lock(lock_);
  ApiKey& key = entries_.find(id)->second.key;  // it is there still: `changing_` is held
  key.revoked = now;
  return key;
}

// A UUID has no room for an id of its own: a keyed hash tells nothing of it, and leads from the one to the other.
std::string KeyStore::id_of_service(std::string_view uuid) const {
  const Digest digest = secret_.hash("id of a service", uuid);
  return hex_of(std::span(digest).first(8));
}

Result<std::optional<ApiKey>> KeyStore::find_usable(const std::function<std::optional<ApiKey>()>& find) {
  if (!state_.is_shared()) return find();
  VULTUS_CHECK(look(false));
  auto key = find();
  // Another server may have made it a moment ago.
  if (key) return key;
  VULTUS_CHECK(look(true));
  return find();
}

Result<std::optional<ApiKey>> KeyStore::authenticate(std::string_view text) {
  const auto id = id_of_key_text(text);
  if (!id) return usable({}, text);
  return find_usable([&] { return usable(id, text); });
}

Result<std::optional<ApiKey>> KeyStore::authenticate_service(std::string_view uuid) {
  if (!uuid_bytes(uuid)) return std::optional<ApiKey>();
  const std::string lower = ascii_lowered(uuid);
  const std::string id = id_of_service(lower);
  return find_usable([&] { return usable(id, lower); });
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

Result<std::optional<Wait>> KeyStore::spend(std::string_view id) {
  using Spent = std::optional<Wait>;
  const SystemTime now = now_();
  std::unique_lock lock(lock_);
  auto at = entries_.find(id);
  if (at == entries_.end()) return Spent(Wait{});
  const bool limited = at->second.key.limits.per_second || at->second.key.limits.per_day;
  if (state_.is_shared() && limited) {
    const ApiKey key = at->second.key;
    lock.unlock();
    VULTUS_TRY(const Spent wait, state_.spend(key, now));
    if (wait) return wait;
    lock.lock();
    // The state has counted it; when it was is written down with the rest.
    if (at = entries_.find(key.id); at != entries_.end()) at->second.note_use(now);
    return wait;
  }
  Entry& entry = at->second;
  if (const std::int64_t day = day_of(now); day != entry.day) entry.day = day, entry.requests = entry.unwritten = 0;
  if (const auto& limit = entry.key.limits.per_day; limit && entry.requests >= *limit)
    return Spent(quota_wait(*limit, now));
  if (entry.bucket)
    if (const auto seconds = entry.bucket->take(now))
      return Spent(Wait{.reason = Wait::Reason::rate, .seconds = *seconds});
  ++entry.requests;
  ++entry.unwritten;
  entry.note_use(now);
  return Spent();
}

void KeyStore::Entry::note_use(SystemTime now) {
  key.last_used = std::max(key.last_used, std::optional(std::chrono::floor<std::chrono::seconds>(now)));
  used = true;
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
  std::vector<UsedKey> used;
  {
    const std::scoped_lock lock(lock_);
    flushed_ = now_();
    for (auto& [id, entry] : entries_)
      if (std::exchange(entry.used, false))
        used.push_back({.id = id,
                        .day = entry.requests > 0 ? entry.day : day_of(flushed_),
                        .requests = std::exchange(entry.unwritten, 0),
                        .last = *entry.key.last_used});
  }
  if (used.empty()) return {};
  Status written = state_.add_used(used);
  if (written) return {};
  // The next flush tells it.
  const std::scoped_lock lock(lock_);
  for (const UsedKey& one : used)
    if (const auto at = entries_.find(one.id); at != entries_.end()) {
      at->second.used = true;
      if (at->second.day == one.day) at->second.unwritten += one.requests;
    }
  return written;
}

}  // namespace vultus::server
