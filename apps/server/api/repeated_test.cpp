// Requests that are sent twice, and many at one time.
#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include <apps/server/options.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::base64_of;
using testing::picture_of;
using testing::TestJson;
using testing::World;

class Repeated : public ::testing::Test {
 protected:
  Response make_key(const std::string& name, const std::string& idempotency_key, const std::string& key = "admin") {
    return world_.ask(Method::post, "/v1/keys",
                      {.body = TestJson{{"name", name}, {"scope", "read"}}.dump(),
                       .key = key,
                       .headers = {{"Idempotency-Key", idempotency_key}}});
  }
  std::size_t keys() { return World::json(world_.get("/v1/keys")).at("keys").size(); }
  World world_;
};

TEST_F(Repeated, RequestsAreCarriedOutOnceAndAnsweredTheSame) {
  const Response first = make_key("door", "a1");
  ASSERT_EQ(first.status, 201);
  world_.restart();
  const Response second = make_key("door", "a1");
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.headers.find("Location"), first.headers.find("Location"));
  EXPECT_EQ(second.headers.find("Idempotency-Replayed"), "true");
  EXPECT_EQ(keys(), 2U) << "the administrator's and one";
}

TEST_F(Repeated, AnotherRequestWithTheKeyIsRefused) {
  ASSERT_EQ(make_key("door", "a1").status, 201);
  const Response other = make_key("gate", "a1");
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(World::code(other), "idempotency_key_reused");
}

TEST_F(Repeated, AFormIsTheSameWhateverItsBoundaryIs) {
  world_.make_collection("staff");
  const auto enrol = [&](const std::string& subject, const std::string& boundary) {
    testing::Ask ask = testing::form_of({{"subject", subject}, {"image", picture_of(50, 60)}}, boundary);
    ask.headers.emplace_back("Idempotency-Key", "f");
    return world_.ask(Method::post, "/v1/collections/staff/faces?force=true", ask);
  };
  const Response first = enrol("Ada", "drawn-first");
  ASSERT_EQ(first.status, 200) << first.body;
  const Response second = enrol("Ada", "drawn-later");
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.headers.find("Idempotency-Replayed"), "true");
  EXPECT_EQ(World::code(enrol("Bob", "drawn-first")), "idempotency_key_reused") << "parts still count";
}

TEST_F(Repeated, KeysOfCallersDoNotMeet) {
  const std::string other = world_.key("admin");
  ASSERT_EQ(make_key("door", "a1").status, 201);
  EXPECT_EQ(make_key("gate", "a1", other).status, 201);
}

TEST_F(Repeated, AnswersAreForgottenAfterADay) {
  const Response first = make_key("door", "a1");
  world_.advance(std::chrono::hours(23));
  EXPECT_EQ(make_key("door", "a1").body, first.body);
  world_.advance(std::chrono::hours(2));
  EXPECT_NE(make_key("door", "a1").body, first.body);
}

TEST_F(Repeated, RefusalsAreKeptToo) {
  const auto make = [&] {
    return world_.ask(Method::post, "/v1/collections",
                      {.body = R"({"collection": "staff"})", .headers = {{"Idempotency-Key", "b"}}});
  };
  world_.make_collection("staff");
  EXPECT_EQ(World::code(make()), "collection_exists");
  EXPECT_EQ(world_.ask(Method::del, "/v1/collections/staff").status, 200);
  EXPECT_EQ(World::code(make()), "collection_exists");
}

TEST_F(Repeated, AnswersLieSealedAndGoWithThePersonTheySpeakOf) {
  world_.make_collection("staff");
  const TestJson body{{"faces", {{{"subject", "Ada Lovelace"}, {"image", base64_of(picture_of(50, 60))}}}}};
  const auto enrol = [&] {
    return world_.ask(Method::post, "/v1/collections/staff/faces?force=true",
                      {.body = body.dump(), .headers = {{"Idempotency-Key", "c"}}});
  };
  const Response first = enrol();
  ASSERT_EQ(first.status, 200);
  EXPECT_EQ(enrol().body, first.body);
  for (const char* name : {"server.db", "server.db-wal"}) {
    std::ifstream in(world_.data() / name, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_FALSE(bytes.empty());
    EXPECT_EQ(bytes.find("Ada"), std::string::npos) << name;
    EXPECT_EQ(bytes.find(world_.admin_key().substr(24)), std::string::npos) << name;
  }
  ASSERT_EQ(world_.ask(Method::post, "/v1/collections/staff/subjects/1/forget").status, 200);
  EXPECT_FALSE(enrol().headers.find("Idempotency-Replayed"));
}

TEST(ManyAtOnce, GiveTheAnswersOfOneAndNoMoreWaitThanAllowed) {
  World world([](ServerOptions& options) {
    options.faces.lookers = 1;
    options.faces.max_waiting = 1;
  });
  world.make_collection("staff");
  world.enrol("staff", "Ada", picture_of(50, 60));
  const TestJson image{{"image", base64_of(picture_of(50, 60))}};
  const std::string expected = world.post("/v1/collections/staff/identify", image).body;
  std::atomic<int> busy = 0;
  std::atomic<int> answered = 0;
  std::vector<std::jthread> callers;
  for (int i = 0; i < 8; ++i)
    callers.emplace_back([&] {
      for (int k = 0; k < 10; ++k) {
        const Response answer = world.post("/v1/collections/staff/identify", image);
        if (answer.status == 429) {
          EXPECT_EQ(World::code(answer), "server_busy");
          EXPECT_TRUE(answer.headers.find("Retry-After"));
          ++busy;
        } else {
          EXPECT_EQ(answer.body, expected);
          ++answered;
        }
      }
    });
  callers.clear();
  EXPECT_EQ(busy + answered, 80);
  EXPECT_GT(answered, 0);
  EXPECT_EQ(world.service().faces().pool().busy(), 0U);
}

}  // namespace
}  // namespace vultus::server
