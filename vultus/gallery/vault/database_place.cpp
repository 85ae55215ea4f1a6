// A keyring in a database of PostgreSQL: its bytes in rows of 128, the length of a record.
#include <vultus/gallery/vault/keyring_place.hpp>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include <vultus/postgres/connection.hpp>

namespace vultus::gallery {
namespace {

using postgres::Answer;
using postgres::Connection;
using postgres::Parameters;

constexpr std::size_t kRowBytes = 128;
constexpr std::size_t kPartsAtOnce = 8192;  // one message of a megabyte

// `changed` counts the writings of a ring, so that a reader asks for what it has not seen. `life` is another number for
// each keyring that ever had the name.
constexpr const char* kSchema =
    "CREATE SCHEMA IF NOT EXISTS vultus_keys; "
    "CREATE TABLE IF NOT EXISTS vultus_keys.rings(ring text PRIMARY KEY, life bigint NOT NULL, changed bigint NOT "
    "NULL); "
    "CREATE TABLE IF NOT EXISTS vultus_keys.bytes(ring text NOT NULL REFERENCES vultus_keys.rings(ring) ON UPDATE "
    "CASCADE ON DELETE CASCADE, part bigint NOT NULL, changed bigint NOT NULL, bytes bytea NOT NULL "
    "CHECK(octet_length(bytes) = 128), PRIMARY KEY(ring, part)); "
    "CREATE INDEX IF NOT EXISTS bytes_changed ON vultus_keys.bytes(ring, changed); "
    "REVOKE ALL ON SCHEMA vultus_keys FROM PUBLIC";

std::string_view text_of_ring(const std::string& ring) { return ring.empty() ? "gallery" : std::string_view(ring); }

Result<Connection> connect(const KeyringAt& at, postgres::Role role) {
  return Connection::open({.url = at.path.native(), .role = role, .deadline = at.deadline})
      .with_context("keyring " + at.shown());
}

Result<bool> has_schema(Connection& connection) {
  VULTUS_TRY(const std::int64_t there, connection.integer("SELECT to_regclass('vultus_keys.rings') IS NOT NULL AND "
                                                          "to_regclass('vultus_keys.bytes') IS NOT NULL"));
  return there != 0;
}

/// Writes rows, in the transaction that is running.
Status write_rows(Connection& connection, std::string_view ring, std::span<const std::uint8_t> bytes,
                  std::uint64_t part) {
  VULTUS_TRY(const Answer number,
             connection.run("UPDATE vultus_keys.rings SET changed = changed + 1 WHERE ring = $1 RETURNING changed",
                            Parameters().add(ring)));
  if (number.empty())
    return connection.fail(
        ErrorCode::not_found,
        "the keyring " + (ring == text_of_ring({}) ? "" : "\"" + std::string(ring) + "\" ") + "is gone");
  while (!bytes.empty()) {
    const std::size_t rows = std::min(bytes.size() / kRowBytes, kPartsAtOnce);
    const auto some = std::as_bytes(bytes.first(rows * kRowBytes));
    VULTUS_TRY(
        const Answer done,
        connection.run("INSERT INTO vultus_keys.bytes(ring, part, changed, bytes) "
                       "SELECT $1, $2 + i, $3, substring($4 FROM i * 128 + 1 FOR 128) "
                       "FROM generate_series(0, $5::int - 1) i "
                       "ON CONFLICT(ring, part) DO UPDATE SET bytes = excluded.bytes, changed = excluded.changed",
                       Parameters()
                           .add(ring)
                           .add(static_cast<std::int64_t>(part))
                           .add(number.integer(0, 0))
                           .add(some)
                           .add(static_cast<std::int64_t>(rows))));
    bytes = bytes.subspan(rows * kRowBytes);
    part += rows;
  }
  return {};
}

/// Holds a copy of the bytes, all of which are sealed under a key that is not here: each key that is wanted is opened
/// from it without asking the server.
class DatabasePlace final : public KeyringPlace {
 public:
  DatabasePlace(KeyringAt at, Connection connection, bool writable)
      : at_(std::move(at)), ring_(text_of_ring(at_.ring)), connection_(std::move(connection)), writable_(writable) {}

  [[nodiscard]] bool writable() const override { return writable_; }
  Result<std::uint64_t> size() override { return static_cast<std::uint64_t>(copy_.size()); }

  Status read(std::span<std::uint8_t> bytes, std::uint64_t at) override {
    if (at + bytes.size() > copy_.size()) return fail(ErrorCode::corrupt_data, "a keyring ends too early");
    if (!bytes.empty()) std::memcpy(bytes.data(), copy_.data() + at, bytes.size());
    return {};
  }

  Status write(std::span<const std::uint8_t> bytes, std::uint64_t at) override {
    VULTUS_CHECK(change([&]() -> Status { return write_rows(connection_, ring_, bytes, at / kRowBytes); }));
    if (at + bytes.size() > copy_.size()) copy_.resize(at + bytes.size());
    if (!bytes.empty()) std::memcpy(copy_.data() + at, bytes.data(), bytes.size());
    return {};
  }
  Status make_durable() override { return {}; }  // every commit is

  Result<Seen> look_again() override {
    const bool other = connection_.is_broken();
    VULTUS_CHECK(reconnect());
    VULTUS_TRY(const Answer now, connection_.run("SELECT life, changed FROM vultus_keys.rings WHERE ring = $1",
                                                 Parameters().add(std::string_view(ring_))));
    if (now.empty() || (life_ != 0 && now.integer(0, 0) != life_)) return Seen::replaced;
    life_ = now.integer(0, 0);
    // A standby that took over may lack what was written last.
    const bool all = other || now.integer(0, 1) < seen_;
    if (!all && now.integer(0, 1) == seen_) return Seen::same;
    VULTUS_CHECK(fetch(all ? -1 : seen_));
    return all ? Seen::other_bytes : Seen::same;
  }

  Status replace(std::span<const std::uint8_t> bytes) override {
    const auto renew = [&]() -> Status {
      VULTUS_TRY(const Answer life,
                 connection_.run("UPDATE vultus_keys.rings SET life = life + 1 WHERE ring = $1 RETURNING life",
                                 Parameters().add(std::string_view(ring_))));
      VULTUS_TRY(const Answer gone, connection_.run("DELETE FROM vultus_keys.bytes WHERE ring = $1",
                                                    Parameters().add(std::string_view(ring_))));
      VULTUS_CHECK(write_rows(connection_, ring_, bytes, 0));
      life_ = life.empty() ? 0 : life.integer(0, 0);
      return {};
    };
    VULTUS_CHECK(change(renew));
    copy_.assign(bytes.begin(), bytes.end());
    return scrub();
  }

  /// Writes the table anew, without the versions of rows that were overwritten.
  Status scrub() override {
    VULTUS_CHECK(reconnect());
    return connection_.execute("VACUUM (FULL) vultus_keys.bytes");
  }

 private:
  Status reconnect() {
    if (!connection_.is_broken()) return {};
    VULTUS_TRY(Connection again, connect(at_, writable_ ? postgres::Role::primary : postgres::Role::any));
    connection_ = std::move(again);
    return {};
  }

  template <class Act>
  Status change(const Act& act) {
    if (!writable_) return fail(ErrorCode::resource_limit, "keyring " + at_.shown() + " cannot be written");
    VULTUS_CHECK(reconnect());
    VULTUS_TRY(auto transaction, postgres::Transaction::begin(connection_, postgres::Transaction::Kind::write));
    VULTUS_CHECK(act());
    return transaction.commit();
  }

  /// Takes in what was written behind a number.
  Status fetch(std::int64_t behind) {
    if (behind < 0) copy_.clear();
    std::int64_t last = -1;
    std::int64_t newest = behind;
    for (;;) {
      VULTUS_TRY(const Answer rows,
                 connection_.run("SELECT part, changed, bytes FROM vultus_keys.bytes WHERE ring = $1 AND changed > $2 "
                                 "AND part > $3 ORDER BY part LIMIT $4",
                                 Parameters()
                                     .add(std::string_view(ring_))
                                     .add(behind)
                                     .add(last)
                                     .add(static_cast<std::int64_t>(kPartsAtOnce))));
      for (std::size_t i = 0; i < rows.rows(); ++i) {
        last = rows.integer(i, 0);
        newest = std::max(newest, rows.integer(i, 1));
        const auto at = static_cast<std::uint64_t>(last) * kRowBytes;
        const auto bytes = rows.bytes(i, 2);
        if (bytes.size() != kRowBytes || at > copy_.size())
          return fail(ErrorCode::corrupt_data, "damaged keyring " + at_.shown() + ": rows are missing");
        if (at == copy_.size()) copy_.resize(at + kRowBytes);
        std::memcpy(copy_.data() + at, bytes.data(), kRowBytes);
      }
      if (rows.rows() < kPartsAtOnce) break;
    }
    seen_ = std::max<std::int64_t>(newest, 0);
    return {};
  }

  KeyringAt at_;
  std::string ring_;
  Connection connection_;
  bool writable_;
  std::int64_t life_ = 0;   // 0 = not asked yet
  std::int64_t seen_ = -1;  // number of the last writing that the copy has
  std::vector<std::uint8_t> copy_;
};

}  // namespace

Result<std::unique_ptr<KeyringPlace>> open_database_place(const KeyringAt& at) {
  Result<Connection> opened = connect(at, postgres::Role::primary);
  const bool writable = opened.has_value();
  // Who may only read, or reaches a standby alone, can still search.
  if (!opened && opened.error().code == ErrorCode::resource_limit) opened = connect(at, postgres::Role::any);
  VULTUS_TRY(Connection connection, std::move(opened));
  VULTUS_TRY(const bool there, has_schema(connection));
  const Error missing = fail(ErrorCode::not_found, "keyring " + at.shown() + " is not there");
  if (!there) return missing;
  auto place = std::make_unique<DatabasePlace>(at, std::move(connection), writable);
  VULTUS_TRY(const auto seen, place->look_again());
  if (seen == KeyringPlace::Seen::replaced) return missing;
  return std::unique_ptr<KeyringPlace>(std::move(place));
}

Status make_database_place(const KeyringAt& at, std::span<const std::uint8_t> bytes) {
  VULTUS_TRY(Connection connection, connect(at, postgres::Role::primary));
  VULTUS_TRY(auto transaction, postgres::Transaction::begin(connection, postgres::Transaction::Kind::write));
  // One at a time makes the schema. Any fixed number will do: the first 8 bytes of "vultus.k".
  VULTUS_CHECK(connection.execute("SELECT pg_advisory_xact_lock(8535847916193132139)"));
  VULTUS_TRY(const bool there, has_schema(connection));
  if (!there) VULTUS_CHECK(connection.execute(kSchema));
  const std::string_view ring = text_of_ring(at.ring);
  VULTUS_TRY(const Answer made,
             connection.run("INSERT INTO vultus_keys.rings(ring, life, changed) "
                            "VALUES($1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, 0)",
                            Parameters().add(ring)));
  VULTUS_CHECK(write_rows(connection, ring, bytes, 0));
  return transaction.commit();
}

Result<bool> is_in_database(const KeyringAt& at) {
  VULTUS_TRY(Connection connection, connect(at, postgres::Role::any));
  VULTUS_TRY(const bool there, has_schema(connection));
  if (!there) return false;
  VULTUS_TRY(const std::int64_t count, connection.integer("SELECT count(*) FROM vultus_keys.rings WHERE ring = $1",
                                                          Parameters().add(text_of_ring(at.ring))));
  return count > 0;
}

Status rename_ring(const KeyringAt& at, const std::string& to) {
  VULTUS_TRY(Connection connection, connect(at, postgres::Role::primary));
  VULTUS_TRY(const Answer done, connection.run("UPDATE vultus_keys.rings SET ring = $2 WHERE ring = $1",
                                               Parameters().add(text_of_ring(at.ring)).add(std::string_view(to))));
  return {};
}

}  // namespace vultus::gallery
