// Keys at the routes: who is let in, and that tenants cannot see each other.
#include <gtest/gtest.h>

#include <apps/server/http/router.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::base64_of;
using testing::picture_of;
using testing::TestJson;
using testing::World;

/// An answer without what differs from request to request.
std::string comparable(const Response& response) {
  auto json = TestJson::parse(response.body);
  json.erase("request_id");
  std::string text = std::to_string(response.status) + json.dump();
  for (const auto& [name, value] : response.headers.fields()) text += "\n" + name + ": " + value;
  return text;
}

TEST(Admission, WantsAKeyInOneOfTwoHeaders) {
  World world;
  EXPECT_EQ(world.get("/v1/health", "").status, 200);
  const Response none = world.get("/v1/system", "");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(World::code(none), "key_missing");
  EXPECT_TRUE(none.headers.find("WWW-Authenticate"));
  EXPECT_EQ(World::code(world.get("/v1/system", "wrong")), "key_not_valid");
  const std::string key = world.key("read");
  EXPECT_EQ(world.ask(Method::get, "/v1/system", {.key = "", .headers = {{"x-api-key", key}}}).status, 200);
  EXPECT_EQ(world.ask(Method::get, "/v1/system", {.key = "", .headers = {{"authorization", "bearer " + key}}}).status,
            200);
  EXPECT_EQ(
      World::code(world.ask(Method::get, "/v1/system", {.key = key, .headers = {{"x-api-key", world.admin_key()}}})),
      "key_not_valid")
      << "two different keys";
  EXPECT_EQ(World::code(world.ask(Method::get, "/v1/system", {.key = "", .headers = {{"authorization", "Basic abc"}}})),
            "key_not_valid");
}

TEST(Admission, EveryRouteRefusesTheScopeBelowItsOwn) {
  World world;
  const std::vector<std::string> keys{"", world.key("read"), world.key("identify"), world.key("enrol"), "admin"};
  for (const Route& route : world.router().routes()) {
    if (route.scope == Scope::none) continue;
    std::string path = route.path;
    for (auto at = path.find('{'); at != std::string::npos; at = path.find('{'))
      path.replace(at, path.find('}') - at + 1, "1");
    const std::string& below = keys.at(static_cast<std::size_t>(route.scope) - 1);
    const Response refused = world.ask(route.method, path, {.key = below});
    EXPECT_EQ(World::code(refused), below.empty() ? "key_missing" : "scope_too_small") << route.operation;
    const Response let_in = world.ask(route.method, path, {.key = keys.at(static_cast<std::size_t>(route.scope))});
    EXPECT_NE(let_in.status, 401) << route.operation;
    EXPECT_TRUE(let_in.status != 403 || route.tag == "keys") << route.operation;
  }
}

TEST(Admission, DecidesBeforeTheBodyWhenItIsAsked) {
  World world;
  const std::string key = world.key("identify", {"staff"});
  Request request{.method = Method::post, .path = "/v1/collections/other/identify"};
  request.headers.add("X-Api-Key", key);
  const Router::Match match = world.router().match(request);
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(world.service().admit(*match.route, request)->status, 404);
  EXPECT_FALSE(request.principal);
  request.path = "/v1/collections/staff/identify";
  static_cast<void>(world.router().match(request));
  EXPECT_FALSE(world.service().admit(*match.route, request));
  EXPECT_TRUE(request.principal);
}

TEST(Admission, LimitsAreToldWithTheTimeToWait) {
  World world;
  const std::string key = world.key("read", {}, {{"per_second", 0.5}, {"burst", 2}});
  EXPECT_EQ(world.get("/v1/system", key).status, 200);
  EXPECT_EQ(world.get("/v1/system", key).status, 200);
  const Response refused = world.get("/v1/system", key);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(World::code(refused), "rate_limited");
  EXPECT_EQ(refused.headers.find("Retry-After"), "2");
  world.advance(std::chrono::seconds(2));
  EXPECT_EQ(world.get("/v1/system", key).status, 200);
  const std::string daily = world.key("read", {}, {{"per_day", 1}});
  EXPECT_EQ(world.get("/v1/system", daily).status, 200);
  EXPECT_EQ(World::code(world.get("/v1/system", daily)), "quota_exhausted");
}

class Tenants : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.make_collection("red");
    world_.make_collection("blue");
    world_.enrol("red", "Ada Lovelace", picture_of(50, 60));
    world_.enrol("blue", "Grace Hopper", picture_of(120, 60));
  }
  World world_;
};

TEST_F(Tenants, ACollectionOutsideTheKeyIsAnsweredExactlyLikeOneThatIsNotThere) {
  const std::string key = world_.key("admin", {"red"});
  const std::string picture = TestJson{{"image", base64_of(picture_of(120, 60))}}.dump();
  for (const Route& route : world_.router().routes()) {
    if (route.path.find("{collection}") == std::string::npos) continue;
    const auto ask = [&](const std::string& collection) {
      std::string path = route.path;
      path.replace(path.find("{collection}"), 12, collection);
      for (auto at = path.find('{'); at != std::string::npos; at = path.find('{'))
        path.replace(at, path.find('}') - at + 1, "1");
      return world_.ask(route.method, path, {.body = route.request_type.empty() ? "" : picture, .key = key});
    };
    const std::string hidden = comparable(ask("blue"));
    EXPECT_EQ(hidden, comparable(ask("none"))) << route.operation;
    EXPECT_EQ(hidden.substr(0, 3), "404") << route.operation;
  }
  EXPECT_EQ(world_.get("/v1/collections/blue").status, 200) << "nothing of it was changed";
}

TEST_F(Tenants, ListsHoldWhatTheKeySees) {
  const std::string key = world_.key("admin", {"red"});
  EXPECT_EQ(World::json(world_.get("/v1/collections", key)).at("collections"),
            TestJson::parse(R"([{"collection": "red"}])"));
  ASSERT_EQ(world_.post("/v1/collections/blue/calibrations", {{"fmr", 0.1}}).status, 202);
  EXPECT_TRUE(World::json(world_.get("/v1/jobs", key)).at("jobs").empty());
  const auto jobs = World::json(world_.get("/v1/jobs")).at("jobs");
  ASSERT_EQ(jobs.size(), 1U);
  const std::string job = jobs.at(0).at("job");
  EXPECT_EQ(comparable(world_.get("/v1/jobs/" + job, key)), comparable(world_.get("/v1/jobs/0000000000000000", key)));
  EXPECT_EQ(World::code(world_.ask(Method::del, "/v1/jobs/" + job, {.key = key})), "job_not_found");
  EXPECT_EQ(World::code(world_.get("/metrics", key)), "scope_too_small");
}

TEST_F(Tenants, AnAdministratorOfSomeCollectionsCannotGrow) {
  const std::string key = world_.key("admin", {"red", "green"});
  EXPECT_EQ(World::code(world_.post("/v1/keys", {{"name", "x"}, {"scope", "admin"}}, key)), "scope_too_small");
  EXPECT_EQ(World::code(world_.get("/v1/keys", key)), "scope_too_small");
  EXPECT_EQ(comparable(world_.post("/v1/collections", {{"collection", "blue"}}, key)),
            comparable(world_.post("/v1/collections", {{"collection", "none"}}, key)))
      << "whether it is there stays untold";
  EXPECT_EQ(world_.post("/v1/collections", {{"collection", "green"}}, key).status, 201);
}

TEST_F(Tenants, ARevokedKeyIsOutAtOnce) {
  const std::string key = world_.key("read");
  const std::string id = World::json(world_.get("/v1/whoami", key)).at("id");
  EXPECT_EQ(world_.ask(Method::del, "/v1/keys/" + id).status, 200);
  EXPECT_EQ(World::code(world_.get("/v1/whoami", key)), "key_not_valid");
  world_.restart();
  EXPECT_EQ(World::code(world_.get("/v1/whoami", key)), "key_not_valid");
  const std::string own = World::json(world_.get("/v1/whoami")).at("id");
  EXPECT_EQ(World::code(world_.ask(Method::del, "/v1/keys/" + own)), "last_admin_key");
}

TEST_F(Tenants, TheLogHoldsNoNamesPicturesTemplatesOrSecrets) {
  const std::string key = world_.key("identify", {"red"});
  const std::string picture = base64_of(picture_of(50, 60));
  EXPECT_EQ(world_.post("/v1/collections/red/identify", {{"image", picture}}, key).status, 200);
  EXPECT_EQ(world_.get("/v1/collections/red/subjects?name=Ada%20Lovelace", key).status, 200);
  EXPECT_EQ(world_.get("/v1/system", "").status, 401);
  const auto lines = world_.log();
  ASSERT_GE(lines.size(), 3U);
  for (const std::string& line : lines) {
    EXPECT_TRUE(TestJson::accept(line)) << line;
    for (const std::string& secret :
         {key, key.substr(24), std::string("Ada"), picture.substr(0, 40), std::string("Grace")})
      EXPECT_EQ(line.find(secret), std::string::npos) << line;
  }
  const auto last = TestJson::parse(lines.at(lines.size() - 2));
  EXPECT_EQ(last.at("route"), "/v1/collections/{collection}/subjects");
  EXPECT_EQ(last.at("status"), 200);
  EXPECT_EQ(last.at("collection"), "red");
  EXPECT_EQ(TestJson::parse(lines.back()).at("code"), "key_missing");
}

}  // namespace
}  // namespace vultus::server
