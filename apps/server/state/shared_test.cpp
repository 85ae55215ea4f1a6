// Several servers on one database act as one: what one does the others know.
#include <fstream>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/gallery/key_source.hpp>
#include <vultus/gallery/search_node.hpp>
#include <vultus/postgres/connection.hpp>
#include <vultus/postgres/test_server.hpp>

#include <apps/server/collections/places.hpp>
#include <apps/server/http/listener.hpp>
#include <apps/server/keys/key_text.hpp>
#include <apps/server/nodes/node_routes.hpp>
#include <apps/server/options.hpp>
#include <apps/server/service.hpp>
#include <apps/server/state/postgres_state.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::Ask;
using testing::base64_of;
using testing::picture_of;
using testing::TestJson;
using testing::World;

/// Two servers, each with a data folder of its own, on one database.
class SharedState : public ::testing::Test {
 protected:
  static std::function<void(ServerOptions&)> on(const std::string& url, const std::filesystem::path& key) {
    return [url, key](ServerOptions& options) {
      options.state = url;
      options.collections.key = KeySource::from_file(key);
      options.collections.database_for_all = url;
    };
  }
  Response ask_second(Method method, const std::string& target, const Ask& with = {}) {
    Ask as_first = with;
    if (as_first.key == "admin") as_first.key = first_.admin_key();
    return second_.ask(method, target, as_first);
  }
  static constexpr std::chrono::seconds kLookAgain = std::chrono::ceil<std::chrono::seconds>(KeyStore::kLookAgain);
  static std::string id_of(const std::string& key) { return std::string(id_of_key_text(key).value()); }
  static std::filesystem::path made_key(const std::filesystem::path& path) {
    make_key_file(path).value();
    return path;
  }
  TestFolder folder_;
  std::filesystem::path key_ = made_key(folder_ / "key");
  std::string url_ = postgres::testing::fresh_database();
  World first_{on(url_, key_)};
  World second_{on(url_, key_)};
};

TEST_F(SharedState, NoServerKeepsSealedGalleriesThatTheOthersWouldNotSee) {
  const Ask put{.body = "x", .headers = {{"Content-Type", "application/octet-stream"}}};
  for (const Response& refused :
       {first_.ask(Method::put, "/v1/sealed/office", put), first_.get("/v1/sealed"), first_.get("/v1/sealed/office"),
        first_.post("/v1/sealed/office/search", {{"template", {1.0}}}), first_.get("/v1/sealed/office/audit"),
        first_.ask(Method::del, "/v1/sealed/office")})
    EXPECT_EQ(World::code(refused), "sealed_on_one_server");
}

TEST_F(SharedState, OneFirstKeyOpensBoth) {
  EXPECT_FALSE(first_.admin_key().empty());
  EXPECT_TRUE(second_.admin_key().empty()) << "the second server found a key";
  EXPECT_EQ(ask_second(Method::get, "/v1/keys").status, 200);
}

TEST_F(SharedState, AKeyMadeByOneIsKnownToTheOtherAndItsEndToo) {
  const std::string key = first_.key("read");
  EXPECT_EQ(second_.get("/v1/collections", key).status, 200) << "at once";
  const std::string id = id_of(key);
  ASSERT_EQ(first_.ask(Method::del, "/v1/keys/" + id).status, 200);
  EXPECT_EQ(first_.get("/v1/collections", key).status, 401);
  // The clock of the test alone decides when the second server looks again: a slow machine changes nothing.
  second_.advance(kLookAgain);
  const Response ended = second_.get("/v1/collections", key);
  EXPECT_EQ(ended.status, 401) << ended.body;
}

TEST_F(SharedState, WhatGoesOnAfterItsRequestEndsWithTheKeyToo) {
  const std::string key = first_.key("read");
  const std::string id = id_of(key);
  KeyStore& keys = second_.service().keys();
  ASSERT_TRUE(keys.find(id).value()) << "the second server knows it";
  EXPECT_TRUE(keys.still_usable(id).value());
  ASSERT_EQ(first_.ask(Method::del, "/v1/keys/" + id).status, 200);
  second_.advance(kLookAgain);
  EXPECT_FALSE(keys.still_usable(id).value()) << "no request has come in between";
}

TEST_F(SharedState, AKeyMadeAMomentAgoByOneIsShownAndEndedByTheOther) {
  ASSERT_EQ(second_.get("/v1/collections", first_.admin_key()).status, 200);
  const std::string id = id_of(first_.key("read"));
  EXPECT_EQ(ask_second(Method::get, "/v1/keys/" + id).status, 200);
  EXPECT_EQ(World::json(ask_second(Method::get, "/v1/keys")).at("keys").size(), 2U);
  EXPECT_EQ(ask_second(Method::del, "/v1/keys/" + id).status, 200);
}

TEST_F(SharedState, TheLastThatCanMakeKeysStaysWhicheverServerEndsTheOthers) {
  const std::string other = first_.key("admin");
  ASSERT_EQ(second_.get("/v1/keys", other).status, 200) << "the second server knows both";
  ASSERT_EQ(first_.ask(Method::del, "/v1/keys/" + id_of(other)).status, 200);
  const Response kept = ask_second(Method::del, "/v1/keys/" + id_of(first_.admin_key()));
  EXPECT_EQ(World::code(kept), "last_admin_key") << kept.body;
}

TEST_F(SharedState, WhenAKeyWasUsedIsToldByAll) {
  const std::string free = first_.key("read");
  const std::string limited = first_.key("read", {}, {{"per_day", 100}});
  for (const std::string& key : {free, limited}) {
    ASSERT_EQ(second_.get("/v1/collections", key).status, 200);
    ASSERT_TRUE(second_.service().keys().flush());
    const TestJson told = World::json(first_.get("/v1/keys/" + id_of(key)));
    EXPECT_EQ(told.at("last_used"), "2026-02-01T10:00:00Z");
  }
}

TEST_F(SharedState, WhatIsWrittenDownLateDoesNotBringYesterdayBack) {
  const std::string key = first_.key("read", {}, {{"per_day", 2}});
  const std::string id = id_of(key);
  const auto state = PostgresState::open(url_).value();
  ASSERT_EQ(second_.get("/v1/collections", key).status, 200);
  ASSERT_EQ(second_.get("/v1/collections", key).status, 200);
  const std::int64_t yesterday = std::chrono::sys_days(std::chrono::year(2026) / 1 / 31).time_since_epoch().count();
  ASSERT_TRUE(state->add_used(std::vector{UsedKey{.id = id, .day = yesterday, .requests = 1, .last = {}}}));
  EXPECT_EQ(World::code(second_.get("/v1/collections", key)), "quota_exhausted");
}

TEST_F(SharedState, LimitsAreThoseOfAllServersTogether) {
  const std::string key = first_.key("read", {}, {{"per_day", 5}});
  int passed = 0;
  for (int i = 0; i < 8; ++i)
    passed += (i % 2 == 0 ? first_ : second_).get("/v1/collections", key).status == 200 ? 1 : 0;
  EXPECT_EQ(passed, 5);
  EXPECT_EQ(World::code(second_.get("/v1/collections", key)), "quota_exhausted");
  const std::string quick = first_.key("read", {}, {{"per_second", 1}, {"burst", 3}});
  passed = 0;
  for (int i = 0; i < 8; ++i)
    passed += (i % 2 == 0 ? first_ : second_).get("/v1/collections", quick).status == 200 ? 1 : 0;
  EXPECT_EQ(passed, 3);
  EXPECT_EQ(World::code(first_.get("/v1/collections", quick)), "rate_limited");
  first_.advance(std::chrono::seconds(2));
  second_.advance(std::chrono::seconds(2));
  EXPECT_EQ(second_.get("/v1/collections", quick).status, 200);
  EXPECT_EQ(first_.get("/v1/collections", quick).status, 200);
  EXPECT_EQ(second_.get("/v1/collections", quick).status, 429);
}

TEST_F(SharedState, WhatOneEnrolsTheOtherNames) {
  first_.make_collection("front-door_2");
  EXPECT_EQ(World::json(ask_second(Method::get, "/v1/collections")).at("collections").size(), 1U);
  first_.enrol("front-door_2", "Ada", picture_of(200, 40));
  const TestJson body{{"image", base64_of(picture_of(200, 40))}};
  const Response named = ask_second(Method::post, "/v1/collections/front-door_2/identify", {.body = body.dump()});
  ASSERT_EQ(named.status, 200) << named.body;
  EXPECT_EQ(World::json(named).at("faces")[0].at("subject"), "Ada");
  const Response taken = ask_second(Method::post, "/v1/collections", {.body = R"({"collection": "front-door_2"})"});
  EXPECT_GE(taken.status, 400) << "the name is taken on both";
}

TEST_F(SharedState, ARequestSentToBothIsCarriedOutOnce) {
  const Ask ask{.body = TestJson{{"name", "door"}, {"scope", "read"}}.dump(),
                .key = first_.admin_key(),
                .headers = {{"Idempotency-Key", "a1"}}};
  const Response first = first_.ask(Method::post, "/v1/keys", ask);
  ASSERT_EQ(first.status, 201);
  const Response second = second_.ask(Method::post, "/v1/keys", ask);
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.headers.find("Idempotency-Replayed"), "true");
  EXPECT_EQ(World::json(first_.get("/v1/keys")).at("keys").size(), 2U);
}

TEST_F(SharedState, AChallengeOfOneIsAnsweredToAnyAndOnce) {
  first_.make_collection("staff");
  const Response asked = first_.post("/v1/collections/staff/liveness/challenges", TestJson::object());
  ASSERT_EQ(asked.status, 201) << asked.body;
  const std::string path =
      "/v1/collections/staff/liveness/challenges/" + World::json(asked).at("challenge").get<std::string>() + "/video";
  const Ask film{.body = TestJson{{"video", base64_of("no film")}}.dump()};
  EXPECT_EQ(ask_second(Method::post, path, film).status, 202);
  EXPECT_EQ(World::code(first_.ask(Method::post, path, film)), "challenge_answered");
}

TEST(CollectionInShards, IsSearchedByNodesOverHttp) {
  const TestFolder folder;
  const KeySource key = [&] {
    make_key_file(folder / "key").value();
    return KeySource::from_file(folder / "key");
  }();
  std::ofstream(folder / "nodes.token") << std::string(32, 's');
  std::filesystem::permissions(folder / "nodes.token", std::filesystem::perms::owner_read);
  TestJson configuration{{"vultus_shards", 1}, {"search_nodes", {{"token_file", "nodes.token"}}}};
  for (const char* name : {"a", "b"})
    configuration["shards"].push_back({{"name", name},
                                       {"number", configuration["shards"].size() + 1},
                                       {"urls", {postgres::testing::fresh_database()}},
                                       {"searched_by", {"http://127.0.0.1:1"}}});
  const auto write = [&] { std::ofstream(folder / "shards.json") << configuration; };
  write();
  const auto as_router = [&](ServerOptions& options) {
    options.collections.key = key;
    options.collections.databases["city"] = (folder / "shards.json").string();
  };
  {
    World world(as_router);
    world.make_collection("city");
    world.enrol("city", "Ada", picture_of(30, 60));
    const Response refused = world.post("/v1/collections/city/identify", {{"image", base64_of(picture_of(30, 60))}});
    EXPECT_EQ(refused.status, 503) << "no node is there yet";
  }
  const SearchNode node =
      SearchNode::open({.gallery = {.path = folder / "shards.json", .key = key}, .shards = {"a", "b"}}).value();
  const auto routes = std::make_shared<Router>();
  ASSERT_TRUE(add_node_routes(*routes, NodeToken::read(folder / "nodes.token").value(),
                              [&](std::string_view question) { return node.answer(question); }));
  const auto listener = Listener::start({}, routes, node_hooks({})).value();
  for (TestJson& shard : configuration["shards"]) shard["searched_by"].push_back(listener->url());
  write();
  World world(as_router);
  for (const auto& [name, colour] : {std::pair("Ada", 30), std::pair("Bea", 180)}) {
    if (name != std::string("Ada")) world.enrol("city", name, picture_of(colour, 60));
    const auto found =
        World::json(world.post("/v1/collections/city/identify", {{"image", base64_of(picture_of(colour, 60))}}));
    ASSERT_EQ(found["faces"].size(), 1U) << found;
    EXPECT_EQ(found["faces"][0]["subject"], name) << "also right behind the enrolment";
    EXPECT_EQ(found["shards_answered"], 2);
  }
  EXPECT_EQ(World::json(world.get("/v1/collections/city"))["faces"], 2);
}

TEST(AuditOfShards, IsPagedWithoutLossAndTellsWhichShard) {
  const TestFolder folder;
  const auto shard = [](const char* name, int number) {
    return TestJson{{"name", name}, {"number", number}, {"weight", 1}, {"urls", {postgres::testing::fresh_database()}}};
  };
  std::ofstream(folder / "shards.json") << TestJson{{"vultus_shards", 1}, {"shards", {shard("a", 1), shard("b", 2)}}};
  make_key_file(folder / "key").value();
  World world([&](ServerOptions& options) {
    options.collections.key = KeySource::from_file(folder / "key");
    options.collections.databases["staff"] = (folder / "shards.json").string();
  });
  world.make_collection("staff");
  for (int i = 0; i < 6; ++i) {
    world.enrol("staff", "person " + std::to_string(i), picture_of(30 + 30 * i, 60));
    world.advance(std::chrono::seconds(1));
  }
  const std::string log = "/v1/collections/staff/audit?limit=";
  std::vector<std::string> all;
  const auto at_once = World::json(world.get(log + "1000"));
  for (const auto& one : at_once.at("records")) all.push_back(one.dump());
  ASSERT_GE(all.size(), 6U);
  std::set<std::string> shards;
  for (const std::string& one : all) shards.insert(TestJson::parse(one).value("shard", ""));
  EXPECT_EQ(shards, (std::set<std::string>{"a", "b"}));
  for (const char* limit : {"1", "3"}) {
    std::vector<std::string> read;
    std::string cursor;
    do {
      const auto page = World::json(world.get(log + limit + cursor));
      for (const auto& one : page.at("records")) read.push_back(one.dump());
      cursor = page.at("next").is_null() ? "" : "&cursor=" + page.at("next").get<std::string>();
    } while (!cursor.empty() && read.size() < 10 * all.size());
    EXPECT_EQ(read, all) << limit;
  }
}

TEST_F(SharedState, ALostConnectionIsMadeAgain) {
  const std::string key = first_.key("read", {}, {{"per_day", 100}});
  ASSERT_EQ(second_.get("/v1/collections", key).status, 200);
  auto other = postgres::Connection::open({.url = url_}).value();
  ASSERT_TRUE(
      other.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
                "pid <> pg_backend_pid()"));
  EXPECT_EQ(second_.get("/v1/collections", key).status, 200);
  EXPECT_EQ(first_.get("/v1/collections", key).status, 200);
}

TEST_F(SharedState, TheDatabaseHoldsNoSecretOfAKey) {
  const std::string key = first_.key("read");
  auto other = postgres::Connection::open({.url = url_}).value();
  const auto rows = other.run("SELECT id, name, encode(hash, 'hex') FROM vultus_server.keys").value();
  ASSERT_EQ(rows.rows(), 2U);
  for (std::size_t i = 0; i < rows.rows(); ++i)
    for (int column = 0; column < 3; ++column) EXPECT_EQ(rows.text(i, column).find(key), std::string::npos);
}

TEST(PostgresStateOpens, ANewerOneIsRefused) {
  const std::string url = postgres::testing::fresh_database();
  ASSERT_TRUE(PostgresState::open(url));
  auto other = postgres::Connection::open({.url = url}).value();
  ASSERT_TRUE(other.execute("UPDATE vultus_server.meta SET value = '99' WHERE key = 'version'"));
  EXPECT_EQ(PostgresState::open(url).error().code, ErrorCode::unsupported);
}

TEST(PostgresStateOpens, ManyAtOnceMakeOneSchemaAndOneSecret) {
  const std::string url = postgres::testing::fresh_database();
  std::vector<Digest> secrets(4);
  {
    std::vector<std::jthread> servers;
    for (Digest& secret : secrets)
      servers.emplace_back([&secret, &url] { secret = PostgresState::open(url).value()->secret().value(); });
  }
  for (const Digest& secret : secrets) EXPECT_EQ(secret, secrets[0]);
}

TEST(PlacesOnOneDatabase, EachCollectionHasASchemaThatNoOtherHas) {
  const std::string all = "postgresql://h/faces";
  EXPECT_EQ(url_of_collection(all, "staff").value(), all + "?options=-cvultus.schema%3Dc_staff");
  EXPECT_EQ(url_of_collection(all + "?sslmode=require", "a-b_c").value(),
            all + "?sslmode=require&options=-cvultus.schema%3Dc_a_mb__c");
  EXPECT_EQ(url_of_collection("postgresql://h/f_{collection}", "staff").value(), "postgresql://h/f_staff");
  EXPECT_FALSE(url_of_collection(all, std::string(40, '-')));
  EXPECT_FALSE(check_url_for_all(all + "?options=-cx%3D1"));
  EXPECT_TRUE(check_url_for_all(all));
}

}  // namespace
}  // namespace vultus::server
