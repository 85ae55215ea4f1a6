// Keys: how they are kept, compared, limited and ended.
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>
#include <iterator>
#include <set>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>

#include <apps/server/data/data_folder.hpp>
#include <apps/server/keys/first_key.hpp>
#include <apps/server/keys/key_store.hpp>
#include <apps/server/keys/key_text.hpp>
#include <apps/server/state/sqlite_state.hpp>

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
    state_ = std::make_unique<SqliteState>(*database_);
    secret_.emplace(ServerSecret::open(folder_ / "server.key").value());
    store_ = KeyStore::open(*state_, *secret_, {.now = [this] { return now_; }, .steady = {}}).value();
  }
  MadeKey make(const NewKey& wanted) { return store_->make(wanted).value(); }
  std::optional<ApiKey> known(std::string_view text) { return store_->authenticate(text).value(); }
  std::optional<ApiKey> known_service(std::string_view text) { return store_->authenticate_service(text).value(); }
  std::optional<Wait> spend(std::string_view id) { return store_->spend(id).value(); }

  TestFolder folder_;
  std::chrono::system_clock::time_point now_ = std::chrono::sys_days(std::chrono::year(2026) / 2 / 1) + hours(10);
  std::optional<ServerDatabase> database_;
  std::unique_ptr<State> state_;
  std::optional<ServerSecret> secret_;
  std::unique_ptr<KeyStore> store_;
};

/// A state that is said to be shared and hands on what it is asked, without limits of how often.
class SharedState : public State {
 public:
  explicit SharedState(State& inner) : inner_(inner) {}

  [[nodiscard]] bool is_shared() const override { return true; }
  Status alone(const std::function<Status()>& act) override { return act(); }
  Result<std::int64_t> keys_version() override { return inner_.keys_version(); }
  Result<std::vector<KeyRow>> keys() override { return inner_.keys(); }
  Status insert_key(const ApiKey& key, const Digest& hash) override { return inner_.insert_key(key, hash); }
  Status set_revoked(std::string_view id, UtcTime at) override { return inner_.set_revoked(id, at); }
  Status add_used(std::span<const UsedKey> used) override { return inner_.add_used(used); }
  Result<std::optional<Wait>> spend(const ApiKey& /*key*/, std::chrono::system_clock::time_point /*now*/) override {
    return std::optional<Wait>();
  }
  Result<KeptAnswer> claim_answer(const Digest& id, std::int64_t now, std::int64_t oldest) override {
    return inner_.claim_answer(id, now, oldest);
  }
  Status keep_answer(const Digest& id, const Digest& request, std::string_view collection,
                     std::span<const std::byte> sealed, std::int64_t now) override {
    return inner_.keep_answer(id, request, collection, sealed, now);
  }
  Status release_answer(const Digest& id) override { return inner_.release_answer(id); }
  Status forget_answers(std::string_view collection) override { return inner_.forget_answers(collection); }
  Result<bool> has_collection(std::string_view name) override { return inner_.has_collection(name); }
  Result<std::vector<std::string>> collections() override { return inner_.collections(); }
  Status add_collection(std::string_view name, std::int64_t when) override { return inner_.add_collection(name, when); }

 private:
  State& inner_;
};

/// Counts how often it is asked and can be away.
class AskedState final : public SharedState {
 public:
  using SharedState::SharedState;
  int asked = 0;
  bool away = false;

  Result<std::int64_t> keys_version() override {
    ++asked;
    if (away) return fail(ErrorCode::resource_limit, "away");
    return SharedState::keys_version();
  }
};

TEST_F(Keys, AStateThatIsSharedIsNotAskedForTextsThatAreNoKeysNorAgainWhileItIsAway) {
  const std::string text = make({.name = "door"}).text;
  AskedState asked(*state_);
  auto steady = std::chrono::steady_clock::time_point(hours(1));
  const auto store =
      KeyStore::open(asked, *secret_, {.now = [this] { return now_; }, .steady = [&] { return steady; }}).value();
  const int before = asked.asked;
  for (const char* wrong : {"", "key", "vultus_0", "vultus_0123456789abcdef_short"})
    EXPECT_FALSE(store->authenticate(wrong).value()) << wrong;
  EXPECT_FALSE(store->authenticate_service("no uuid").value());
  EXPECT_EQ(asked.asked, before);
  EXPECT_FALSE(store->authenticate_service(make_uuid()).value());
  EXPECT_EQ(asked.asked, before + 1) << "another server may have made it";

  asked.away = true;
  steady += 2 * KeyStore::kLookAgain;
  EXPECT_FALSE(store->authenticate(text)) << "what is known is too old";
  const int tried = asked.asked;
  steady += KeyStore::kLookAgain / 2;
  EXPECT_FALSE(store->authenticate(text));
  EXPECT_FALSE(store->authenticate_service(make_uuid()));
  EXPECT_EQ(asked.asked, tried) << "nobody waits for it anew";
  asked.away = false;
  steady += KeyStore::kLookAgain;
  EXPECT_TRUE(store->authenticate(text).value());
}

TEST_F(Keys, OfServicesAreUuidsThatOnlyTheirOwnDoorKnows) {
  const MadeKey made =
      make({.name = "door", .scope = Scope::enrol, .collections = {{"staff"}}, .service = ServiceKind::recognition});
  EXPECT_TRUE(uuid_bytes(made.text)) << made.text;
  EXPECT_EQ(made.text[14], '4') << "version, RFC 9562";
  EXPECT_EQ(made.key.id.size(), 16U);
  EXPECT_EQ(made.text.find(made.key.id.substr(0, 8)), std::string::npos) << "the id tells nothing of the key";
  EXPECT_FALSE(known(made.text));
  EXPECT_FALSE(known_service(make({.name = "plain"}).text));
  EXPECT_FALSE(known_service(make_uuid()));
  open();
  EXPECT_EQ(known_service(made.text).value(), made.key) << "kept over a restart";
  EXPECT_EQ(file_text(folder_ / "server.db").find(made.text), std::string::npos);
  ASSERT_TRUE(store_->revoke(made.key.id));
  EXPECT_FALSE(known_service(made.text));
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
  EXPECT_EQ(known(made.text).value(), made.key);
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
    const auto found = known(made.text);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, made.key.id);
    EXPECT_EQ(found->name, "door");
    EXPECT_EQ(found->scope, Scope::identify);
    EXPECT_TRUE(found->sees("staff"));
    EXPECT_FALSE(found->sees("other"));
    open();
  }
  std::string wrong = made.text;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  EXPECT_FALSE(known(wrong));
  EXPECT_FALSE(known(make_key_text().text));
  EXPECT_FALSE(known(""));
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
  EXPECT_FALSE(known(made.text)) << "the hashes are keyed with server.key";
}

TEST_F(Keys, EndWhenTheirTimeHasComeAndWhenTheyAreRevoked) {
  const UtcTime end = std::chrono::floor<std::chrono::seconds>(now_) + hours(1);
  const MadeKey timed = make({.name = "guest", .scope = Scope::read, .expires = end});
  make({.name = "admin", .scope = Scope::admin});
  const MadeKey lost = make({.name = "lost", .scope = Scope::admin});
  EXPECT_TRUE(known(timed.text));
  now_ += hours(1);
  EXPECT_FALSE(known(timed.text));
  EXPECT_TRUE(store_->revoke(lost.key.id)->revoked);
  EXPECT_FALSE(known(lost.text));
  open();
  EXPECT_FALSE(known(lost.text));
  EXPECT_EQ(store_->revoke("0000000000000000").error().code, ErrorCode::not_found);
  EXPECT_EQ(store_->list().value().size(), 3U);
}

TEST_F(Keys, TheLastThatCanMakeKeysStays) {
  const MadeKey first = make({.name = "first", .scope = Scope::admin});
  make({.name = "of one collection", .scope = Scope::admin, .collections = {{"staff"}}});
  EXPECT_EQ(store_->revoke(first.key.id).error().code, ErrorCode::invalid_argument);
  make({.name = "second", .scope = Scope::admin});
  EXPECT_TRUE(store_->revoke(first.key.id));
}

/// A state of which the store believes that others change it too; `read` is called when the rows were read and are not
/// yet in the store.
class StateOfMany final : public SharedState {
 public:
  using SharedState::SharedState;
  std::function<void()> read;

  Result<std::int64_t> keys_version() override { return ++version_; }
  Result<std::vector<KeyRow>> keys() override {
    auto rows = SharedState::keys();
    if (const auto told = std::exchange(read, nullptr)) told();
    return rows;
  }
  Status add_used(std::span<const UsedKey> /*used*/) override { return {}; }

 private:
  std::atomic<std::int64_t> version_ = 0;
};

TEST_F(Keys, ThatEndWhileOthersAreReadStayEnded) {
  StateOfMany state(*state_);
  const auto store = KeyStore::open(state, *secret_, {.now = [this] { return now_; }, .steady = {}}).value();
  const MadeKey made = store->make({.name = "door", .scope = Scope::read}).value();
  std::promise<void> ended;
  auto end = ended.get_future();
  std::jthread other;
  state.read = [&] {
    other = std::jthread([&] {
      EXPECT_TRUE(store->revoke(made.key.id));
      ended.set_value();
    });
    // It must wait for the rows that were read before it; were it not to wait, it would be done by then.
    end.wait_for(std::chrono::milliseconds(100));
  };
  EXPECT_TRUE(store->list());
  other.join();
  EXPECT_FALSE(store->authenticate(made.text).value());
  const auto keys = state_->keys().value();
  EXPECT_TRUE(keys.at(0).key.revoked);
}

TEST_F(Keys, ARateGivesTokensBackAsTimeGoesBy) {
  const MadeKey key = make({.name = "door", .scope = Scope::read, .limits = {.per_second = 2, .burst = 3}});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(spend(key.key.id)) << i;
  const auto wait = spend(key.key.id);
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->reason, Wait::Reason::rate);
  EXPECT_DOUBLE_EQ(wait->seconds, 0.5) << "one token at two a second";
  now_ += milliseconds(500);
  EXPECT_FALSE(spend(key.key.id));
  EXPECT_TRUE(spend(key.key.id));
  now_ += hours(1);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(spend(key.key.id)) << "never more than the burst";
  EXPECT_TRUE(spend(key.key.id));
  now_ -= hours(2);
  EXPECT_TRUE(spend(key.key.id)) << "a clock that is set back gives nothing";
}

TEST_F(Keys, AQuotaLastsForADayAndSurvivesARestart) {
  const MadeKey key = make({.name = "door", .scope = Scope::read, .limits = {.per_day = 3}});
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(spend(key.key.id));
  open();
  EXPECT_FALSE(spend(key.key.id));
  const auto wait = spend(key.key.id);
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->reason, Wait::Reason::quota);
  EXPECT_DOUBLE_EQ(wait->seconds, 14.0 * 3600) << "from ten o'clock to midnight";
  now_ += hours(14);
  EXPECT_FALSE(spend(key.key.id));
  EXPECT_EQ(store_->find(key.key.id).value()->last_used, std::chrono::floor<std::chrono::seconds>(now_));
}

TEST_F(Keys, TheEndOfOneTakesNothingOffTheCountOfAnother) {
  const MadeKey key = make({.name = "door", .scope = Scope::read, .limits = {.per_day = 2}});
  const MadeKey other = make({.name = "other", .scope = Scope::read});
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(spend(key.key.id));
  ASSERT_TRUE(store_->revoke(other.key.id));
  EXPECT_TRUE(spend(key.key.id));
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
  EXPECT_TRUE(known(text)->governs());
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
  EXPECT_TRUE(known(shown));
}

TEST_F(Keys, TheFirstOneIsToldBeforeItCounts) {
  std::size_t keys = 1;
  const auto show = [&](const std::string&) { keys = store_->list().value().size(); };
  EXPECT_TRUE(ensure_admin_key(*store_, {.show = show, .file = {}}).value());
  EXPECT_EQ(keys, 0U) << "who is killed in between leaves no key that nobody knows";
}

TEST_F(Keys, TheFileOfAStartThatWasKilledHoldsNoNewKeyUp) {
  const std::filesystem::path file = folder_ / "admin.key";
  const std::string lost = make_key_text().text + "\n";
  std::ofstream(file) << lost;
  EXPECT_TRUE(ensure_admin_key(*store_, {.file = file}).value());
  const std::string now = file_text(file);
  ASSERT_NE(now, lost);
  EXPECT_TRUE(known(now.substr(0, now.size() - 1)));
}

TEST_F(Keys, AnEmptyFileHoldsNoNewKeyUp) {
  const std::filesystem::path file = folder_ / "admin.key";
  std::ofstream(file).close();
  EXPECT_TRUE(ensure_admin_key(*store_, {.file = file}).value());
  EXPECT_FALSE(file_text(file).empty());
}

TEST_F(Keys, TheFileOfAKeyThatHasEndedIsNotWrittenOver) {
  const std::filesystem::path file = folder_ / "admin.key";
  const MadeKey ended = make(
      {.name = "first", .scope = Scope::admin, .expires = std::chrono::floor<std::chrono::seconds>(now_ + hours(1))});
  std::ofstream(file) << ended.text << "\n";
  now_ += hours(2);
  EXPECT_EQ(ensure_admin_key(*store_, {.file = file}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(file_text(file), ended.text + "\n");
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
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  if (::geteuid() == 0) {  // only root can give a file away
    ASSERT_EQ(::chown(path.c_str(), 12345, 12345), 0);
    EXPECT_EQ(ServerSecret::open(path).error().code, ErrorCode::invalid_argument);
  }
  std::filesystem::remove(path);
  ASSERT_TRUE(write_private_file(path, "short"));
  EXPECT_EQ(ServerSecret::open(path).error().code, ErrorCode::corrupt_data);
}

}  // namespace
}  // namespace vultus::server
