// A keyring in a database: what one in a file promises, on a real server.
#include <array>
#include <string>

#include <gtest/gtest.h>

#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/vault/keyring.hpp>
#include <vultus/gallery/vault/test_vault.hpp>
#include <vultus/postgres/connection.hpp>
#include <vultus/postgres/test_server.hpp>

namespace vultus::gallery::testing {
namespace {

class DatabaseKeyring : public ::testing::Test {
 protected:
  DatabaseKeyring() { expect_made(Keyring::make(how())); }
  static void expect_made(const Status& made) { EXPECT_TRUE(made) << (made ? "" : made.error().message); }
  [[nodiscard]] KeyringAt at(const std::string& ring = "one") const { return {url_, ring}; }
  [[nodiscard]] NewKeyring how() const {
    return {.at = at(), .gallery = counting_id(), .master = passphrase("one"), .cost = kCheap, .now = fixed_time()};
  }
  [[nodiscard]] Keyring opened(const std::string& phrase = "one") const {
    return Keyring::open(at(), counting_id(), passphrase(phrase)).value();
  }
  [[nodiscard]] postgres::Connection client() const { return postgres::Connection::open({.url = url_}).value(); }
  static std::string key_of(const Keyring& ring, std::int64_t subject) {
    Secret key = Secret::of_size(kKeyBytes).value();
    return ring.unwrap(subject, key) ? fingerprint(key.key()) : "";
  }

  std::string url_ = postgres::testing::fresh_database();
};

TEST_F(DatabaseKeyring, KeepsKeysForOtherPrograms) {
  EXPECT_EQ(Keyring::make(how()).error().code, ErrorCode::invalid_argument) << "there already";
  EXPECT_EQ(Keyring::open(at("two"), counting_id(), passphrase("one")).error().code, ErrorCode::not_found);
  EXPECT_EQ(Keyring::open(at(), counting_id(), passphrase("two")).error().code, ErrorCode::invalid_argument);
  Keyring mine = opened();
  Keyring other = opened();
  ASSERT_TRUE(mine.add(std::array<std::int64_t, 3>{1, 2, 3}, fixed_time()));
  EXPECT_FALSE(other.has(2));
  ASSERT_TRUE(other.refresh());
  EXPECT_FALSE(key_of(mine, 2).empty());
  EXPECT_EQ(key_of(other, 2), key_of(mine, 2));
  ASSERT_TRUE(other.add(std::array<std::int64_t, 2>{4, 5}, fixed_time()));
  ASSERT_TRUE(mine.refresh());
  EXPECT_EQ(key_of(opened(), 5), key_of(mine, 5));
  const DestroyedKey gone = mine.destroy(2, fixed_time()).value().value();
  ASSERT_TRUE(mine.scrub());
  EXPECT_EQ(gone.fingerprint.size(), 16U);
  EXPECT_EQ(opened().destroyed().at(2), gone);
  ASSERT_TRUE(other.refresh());
  EXPECT_EQ(key_of(other, 2), "");
  ASSERT_TRUE(mine.drop(std::array<std::int64_t, 1>{3}));
  EXPECT_FALSE(opened().has(3));
  ASSERT_TRUE(mine.add(std::array<std::int64_t, 1>{3}, fixed_time())) << "it may come back";
  EXPECT_TRUE(mine.check().value().findings.empty());
}

TEST_F(DatabaseKeyring, OverwrittenKeysLeaveNoDeadRows) {
  Keyring ring = opened();
  ASSERT_TRUE(ring.add(std::array<std::int64_t, 3>{1, 2, 3}, fixed_time()));
  ASSERT_TRUE(ring.destroy(2, fixed_time()));
  const auto dead = [&] {
    auto connection = client();
    // ctid counts every version of a row that a page holds: after writing anew it counts the rows.
    return connection
        .integer("SELECT max((ctid::text::point)[1])::bigint - count(*) FROM vultus_keys.bytes WHERE ctid < '(1,0)'")
        .value();
  };
  EXPECT_GT(dead(), 0);
  ASSERT_TRUE(ring.scrub());
  EXPECT_EQ(dead(), 0);
  EXPECT_FALSE(key_of(opened(), 3).empty());
}

TEST_F(DatabaseKeyring, GoesOnWhenItsConnectionIsCut) {
  Keyring ring = opened();
  Keyring other = opened();
  ASSERT_TRUE(ring.add(std::array<std::int64_t, 1>{1}, fixed_time()));
  ASSERT_TRUE(
      client().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
                       "current_database() AND pid <> pg_backend_pid()"));
  (void)ring.refresh();  // may find the connection broken
  ASSERT_TRUE(ring.refresh());
  ASSERT_TRUE(ring.add(std::array<std::int64_t, 1>{7}, fixed_time()));
  (void)other.refresh();
  ASSERT_TRUE(other.refresh());
  EXPECT_EQ(key_of(other, 7), key_of(ring, 7));
  EXPECT_EQ(key_of(opened(), 1), key_of(ring, 1));
}

TEST_F(DatabaseKeyring, IsGivenOtherKeys) {
  Keyring ring = opened();
  Keyring old = opened();
  ASSERT_TRUE(ring.add(std::array<std::int64_t, 2>{1, 2}, fixed_time()));
  ASSERT_TRUE(ring.change_master(passphrase("two"), kCheap));
  EXPECT_FALSE(Keyring::open(at(), counting_id(), passphrase("one")));
  EXPECT_EQ(key_of(opened("two"), 1), key_of(ring, 1));
  const std::string before = key_of(ring, 1);
  ASSERT_TRUE(ring.renew_gallery_key(passphrase("three"), kCheap));
  EXPECT_EQ(key_of(opened("three"), 1), before);
  const Status seen = old.refresh();
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, ErrorCode::invalid_argument) << "open the gallery again";
}

}  // namespace
}  // namespace vultus::gallery::testing
