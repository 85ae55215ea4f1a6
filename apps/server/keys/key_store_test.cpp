// Keys: how they are kept, compared, limited and ended.
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>

#include <apps/server/data/data_folder.hpp>
#include <apps/server/keys/first_key.hpp>
#include <apps/server/keys/key_store.hpp>
#include <apps/server/keys/key_text.hpp>

namespace vultus::server {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Keys : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    store_.reset();
    database_.reset();
    database_.emplace(ServerDatabase::open(folder_ / "server.db").value());
    secret_.emplace(ServerSecret::open(folder_ / "server.key").value());
    store_ = KeyStore::open(*database_, *secret_, [this] { return now_; }).value();
  }
  MadeKey make(const NewKey& wanted) { return store_->make(wanted).value(); }

  TestFolder folder_;
  std::chrono::system_clock::time_point now_ = std::chrono::sys_days(std::chrono::year(2026) / 2 / 1) + hours(10);
  std::optional<ServerDatabase> database_;
  std::optional<ServerSecret> secret_;
  std::unique_ptr<KeyStore> store_;
};

TEST_F(Keys, OfServicesAreUuidsThatOnlyTheirOwnDoorKnows) {
  const MadeKey made =
      make({.name = "door", .scope = Scope::enrol, .collections = {{"staff"}}, .service = ServiceKind::recognition});
  EXPECT_TRUE(uuid_bytes(made.text)) << made.text;
  EXPECT_EQ(made.text[14], '4') << "version, RFC 9562";
  EXPECT_EQ(made.key.id.size(), 16U);
  EXPECT_EQ(made.text.find(made.key.id.substr(0, 8)), std::string::npos) << "the id tells nothing of the key";
  EXPECT_FALSE(store_->authenticate(made.text));
  EXPECT_FALSE(store_->authenticate_service(make({.name = "plain"}).text));
  EXPECT_FALSE(store_->authenticate_service(make_uuid()));
  open();
  EXPECT_EQ(store_->authenticate_service(made.text).value(), made.key) << "kept over a restart";
  EXPECT_EQ(file_text(folder_ / "server.db").find(made.text), std::string::npos);
  ASSERT_TRUE(store_->revoke(made.key.id));
  EXPECT_FALSE(store_->authenticate_service(made.text));
  EXPECT_FALSE(store_->make({.name = "two", .collections = {{"a", "b"}}, .service = ServiceKind::recognition}));
  EXPECT_FALSE(store_->make({.name = "all", .service = ServiceKind::recognition}));
}

TEST_F(Keys, OfADatabaseWithoutServicesStayWhenItIsBroughtUpToDate) {
  const MadeKey made = make({.name = "old"});
  store_.reset();
  const Status older = database_->with([](sqlite::Database& database) {
    return database.execute(
        "ALTER TABLE keys DROP COLUMN service; DROP TABLE deliveries; DROP TABLE webhooks; DROP TABLE events; "
        "DROP TABLE cameras; PRAGMA user_version = 1");
  });
  ASSERT_TRUE(older) << older.error().message;
  open();
  EXPECT_EQ(store_->authenticate(made.text).value(), made.key);
  EXPECT_TRUE(store_->make({.name = "door", .scope = Scope::identify, .service = ServiceKind::detection}));
}

TEST_F(Keys, HaveTheFormThatTheyTellAndAreNeverTheSame) {
  std::set<std::string> texts;
  for (int i = 0; i < 100; ++i) {
    const KeyText key = make_key_text();
    EXPECT_EQ(key.text.size(), 7U + 16 + 1 + 43);
    EXPECT_EQ(id_of_key_text(key.text), key.id);
    texts.insert(key.text);
  }
  EXPECT_EQ(texts.size(), 100U);
  const std::string text = make_key_text().text;
  for (const std::string& other : {std::string(), text + "a", text.substr(1), "x" + text.substr(1),
                                   text.substr(0, 30) + "*" + text.substr(31), std::string(text.size(), 'a')})
    EXPECT_FALSE(id_of_key_text(other)) << other;
}

TEST_F(Keys, AreKnownByTheirTextAloneAndAfterARestart) {
  const MadeKey made = make({.name = "door", .scope = Scope::identify, .collections = {{"staff", "guests"}}});
  for (int round = 0; round < 2; ++round) {
    const auto known = store_->authenticate(made.text);
    ASSERT_TRUE(known);
    EXPECT_EQ(known->id, made.key.id);
    EXPECT_EQ(known->name, "door");
    EXPECT_EQ(known->scope, Scope::identify);
    EXPECT_TRUE(known->sees("staff"));
    EXPECT_FALSE(known->sees("other"));
    open();
  }
  std::string wrong = made.text;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  EXPECT_FALSE(store_->authenticate(wrong));
  EXPECT_FALSE(store_->authenticate(make_key_text().text));
  EXPECT_FALSE(store_->authenticate(""));
}

TEST_F(Keys, AreNowhereOnTheDisk) {
  const MadeKey made = make({.name = "door", .scope = Scope::read});
  ASSERT_TRUE(store_->flush());
  const std::string secret = made.text.substr(7 + 16 + 1);
  for (const char* file : {"server.db", "server.db-wal", "server.key"})
    EXPECT_EQ(file_text(folder_ / file).find(secret), std::string::npos) << file;
}

TEST_F(Keys, ProveNothingWithoutTheSecretOfTheServer) {
  const MadeKey made = make({.name = "door", .scope = Scope::read});
  std::filesystem::remove(folder_ / "server.key");
  open();
  EXPECT_FALSE(store_->authenticate(made.text)) << "the hashes are keyed with server.key";
}

TEST_F(Keys, EndWhenTheirTimeHasComeAndWhenTheyAreRevoked) {
  const UtcTime end = std::chrono::floor<std::chrono::seconds>(now_) + hours(1);
  const MadeKey timed = make({.name = "guest", .scope = Scope::read, .expires = end});
  make({.name = "admin", .scope = Scope::admin});
  const MadeKey lost = make({.name = "lost", .scope = Scope::admin});
  EXPECT_TRUE(store_->authenticate(timed.text));
  now_ += hours(1);
  EXPECT_FALSE(store_->authenticate(timed.text));
  EXPECT_TRUE(store_->revoke(lost.key.id)->revoked);
  EXPECT_FALSE(store_->authenticate(lost.text));
  open();
  EXPECT_FALSE(store_->authenticate(lost.text));
  EXPECT_EQ(store_->revoke("0000000000000000").error().code, ErrorCode::not_found);
  EXPECT_EQ(store_->list().size(), 3U);
}

TEST_F(Keys, TheLastThatCanMakeKeysStays) {
  const MadeKey first = make({.name = "first", .scope = Scope::admin});
  make({.name = "of one collection", .scope = Scope::admin, .collections = {{"staff"}}});
  EXPECT_EQ(store_->revoke(first.key.id).error().code, ErrorCode::invalid_argument);
  make({.name = "second", .scope = Scope::admin});
  EXPECT_TRUE(store_->revoke(first.key.id));
}

TEST_F(Keys, ARateGivesTokensBackAsTimeGoesBy) {
  const MadeKey key = make({.name = "door", .scope = Scope::read, .limits = {.per_second = 2, .burst = 3}});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(store_->spend(key.key.id)) << i;
  const auto wait = store_->spend(key.key.id);
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->reason, Wait::Reason::rate);
  EXPECT_DOUBLE_EQ(wait->seconds, 0.5) << "one token at two a second";
  now_ += milliseconds(500);
  EXPECT_FALSE(store_->spend(key.key.id));
  EXPECT_TRUE(store_->spend(key.key.id));
  now_ += hours(1);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(store_->spend(key.key.id)) << "never more than the burst";
  EXPECT_TRUE(store_->spend(key.key.id));
  now_ -= hours(2);
  EXPECT_TRUE(store_->spend(key.key.id)) << "a clock that is set back gives nothing";
}

TEST_F(Keys, AQuotaLastsForADayAndSurvivesARestart) {
  const MadeKey key = make({.name = "door", .scope = Scope::read, .limits = {.per_day = 3}});
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(store_->spend(key.key.id));
  open();
  EXPECT_FALSE(store_->spend(key.key.id));
  const auto wait = store_->spend(key.key.id);
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->reason, Wait::Reason::quota);
  EXPECT_DOUBLE_EQ(wait->seconds, 14.0 * 3600) << "from ten o'clock to midnight";
  now_ += hours(14);
  EXPECT_FALSE(store_->spend(key.key.id));
  EXPECT_EQ(store_->find(key.key.id)->last_used, std::chrono::floor<std::chrono::seconds>(now_));
}

TEST_F(Keys, WithoutMeaningAreNotMade) {
  EXPECT_EQ(store_->make({.name = "", .scope = Scope::read}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(store_->make({.name = "x", .scope = Scope::none}).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(store_->make({.name = "x", .limits = {.per_second = 0}}));
  EXPECT_FALSE(store_->make({.name = "x", .limits = {.burst = 0}}));
  EXPECT_FALSE(store_->make({.name = "x", .limits = {.per_day = 0}}));
  EXPECT_FALSE(store_->make({.name = "x", .expires = std::chrono::floor<std::chrono::seconds>(now_)}));
}

TEST_F(Keys, TheFirstOneGoesIntoAFileThatOnlyItsOwnerMayRead) {
  const std::filesystem::path file = folder_ / "admin.key";
  EXPECT_TRUE(ensure_admin_key(*store_, {.file = file}).value());
  struct stat now {};
  ASSERT_EQ(::stat(file.c_str(), &now), 0);
  EXPECT_EQ(now.st_mode & 0777U, 0600U);
  std::string text = file_text(file);
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(text.back(), '\n');
  text.pop_back();
  EXPECT_TRUE(store_->authenticate(text)->governs());
  EXPECT_FALSE(ensure_admin_key(*store_, {.file = file}).value()) << "there is one";
}

TEST_F(Keys, TheFirstOneIsNotMadeWhereNobodyCouldReadIt) {
  const std::filesystem::path file = folder_ / "admin.key";
  std::ofstream(file) << "something else";
  EXPECT_EQ(ensure_admin_key(*store_, {.file = file}).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(store_->is_governed());
  EXPECT_EQ(file_text(file), "something else");
  std::string shown;
  EXPECT_TRUE(ensure_admin_key(*store_, {.show = [&](const std::string& key) { shown = key; }, .file = {}}).value());
  EXPECT_TRUE(store_->authenticate(shown));
}

TEST(DataFolders, AreOfOneProcessAndClosedToOthers) {
  const TestFolder folder;
  const auto path = folder / "data";
  {
    const auto first = DataFolder::open(path);
    ASSERT_TRUE(first);
    struct stat now {};
    ASSERT_EQ(::stat(path.c_str(), &now), 0);
    EXPECT_EQ(now.st_mode & 0777U, 0700U);
    EXPECT_EQ(DataFolder::open(path).error().code, ErrorCode::resource_limit);
  }
  EXPECT_TRUE(DataFolder::open(path)) << "the lock goes with its owner";
  ASSERT_EQ(::chmod(path.c_str(), 0750), 0);
  EXPECT_EQ(DataFolder::open(path).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(DataFolder::open(folder / "no" / "such").error().code, ErrorCode::not_found);
  std::ofstream(folder / "file") << "x";
  EXPECT_EQ(DataFolder::open(folder / "file").error().code, ErrorCode::invalid_argument);
}

TEST(ServerSecrets, AreOfTheirOwnerAlone) {
  const TestFolder folder;
  const auto path = folder / "server.key";
  const Digest first = ServerSecret::open(path)->hash("a", "text");
  EXPECT_EQ(ServerSecret::open(path)->hash("a", "text"), first);
  EXPECT_NE(ServerSecret::open(path)->hash("b", "text"), first);
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(ServerSecret::open(path).error().code, ErrorCode::invalid_argument);
  std::filesystem::remove(path);
  ASSERT_TRUE(write_private_file(path, "short"));
  EXPECT_EQ(ServerSecret::open(path).error().code, ErrorCode::corrupt_data);
}

}  // namespace
}  // namespace vultus::server
