// The service behind the listener: what only a real connection shows.
#include <memory>

#include <gtest/gtest.h>

#include <apps/server/http/listener.hpp>
#include <apps/server/http/test_client.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::base64_of;
using testing::picture_of;
using testing::TestJson;
using testing::World;

class Served : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.make_collection("staff");
    world_.enrol("staff", "Ada Lovelace", picture_of(50, 60));
    const std::shared_ptr<const Router> router(std::shared_ptr<void>(), &world_.router());
    ListenerHooks hooks;
    hooks.before_body = [this](Request& head, const Route& route) {
      return Admission{.refusal = world_.service().admit(route, head)};
    };
    hooks.after_answer = [this](const Answered& answered) { world_.service().note_transport(answered); };
    listener_ = Listener::start({}, router, std::move(hooks)).value();
  }
  TestAnswer ask(const std::string& bytes) {
    TestClient client(listener_->port());
    return client.ask(bytes);
  }
  static std::string code(const TestAnswer& answer) {
    return TestJson::parse(answer.body).at("code").get<std::string>();
  }

  World world_;
  std::unique_ptr<Listener> listener_;
};

TEST_F(Served, HealthReadinessAndMetricsWaitForNoPicture) {
  std::vector<std::string> watching;
  for (const Route& route : world_.router().routes())
    if (route.watches) watching.push_back(route.path);
  EXPECT_EQ(watching, (std::vector<std::string>{"/v1/health", "/v1/ready", "/metrics"}));
}

TEST_F(Served, APersonIsNamedOverAConnection) {
  const std::string body = TestJson{{"image", base64_of(picture_of(50, 100))}}.dump();
  const std::string fields =
      "X-Api-Key: " + world_.key("identify", {"staff"}) + "\r\nContent-Type: application/json\r\n";
  const TestAnswer answer = ask(post_text("/v1/collections/staff/identify?top_k=1", body, fields));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(TestJson::parse(answer.body).at("faces").at(0).at("subject"), "Ada Lovelace");
  EXPECT_TRUE(answer.headers.find("X-Request-Id"));
  EXPECT_EQ(answer.headers.find("Cache-Control"), "no-store");
}

TEST_F(Served, ACallerWithoutAKeyIsRefusedBeforeTheBodyIsSent) {
  const std::string head =
      "POST /v1/detect HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n";
  const TestAnswer answer = ask(head);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(code(answer), "key_missing");
  EXPECT_TRUE(answer.headers.find("WWW-Authenticate"));
}

TEST_F(Served, ABodyIsAsLargeAsItsRouteNeeds) {
  const std::string key = "X-Api-Key: " + world_.admin_key() + "\r\n";
  const auto head = [&](const std::string& path, const std::string& length) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + key +
           "Content-Length: " + length + "\r\n\r\n";
  };
  EXPECT_EQ(code(ask(head("/v1/keys", "2000000"))), "body_too_large");
  EXPECT_EQ(code(ask(head("/v1/detect", "40000000"))), "body_too_large") << "20 MiB of a picture are 28 MB of base64";
}

TEST_F(Served, WhatTheTransportRefusesIsLoggedAndCountedWithoutItsPath) {
  EXPECT_EQ(ask(get_text("/v1/Ada-Lovelace")).status, 404);
  EXPECT_EQ(ask(post_text("/v1/health", "")).status, 405);
  EXPECT_EQ(ask(get_text("/api/v1/Ada-Lovelace")).status, 404);
  EXPECT_EQ(ask("nonsense\r\n\r\n").status, 400);
  listener_.reset();  // an answer is told of when its last byte has left
  std::size_t told = 0;
  for (const std::string& line : world_.log()) {
    const TestJson note = TestJson::parse(line);
    EXPECT_EQ(line.find("Lovelace"), std::string::npos) << line;
    if (note.at("operation") != "none") continue;
    EXPECT_FALSE(note.at("code").get<std::string>().empty()) << line;
    ++told;
  }
  EXPECT_EQ(told, 4U);
  const std::string metrics = world_.get("/metrics").body;
  for (const char* counted : {"status=\"404\"} 2\n", "status=\"405\"} 1\n", "status=\"400\"} 1\n"})
    EXPECT_NE(metrics.find(std::string("vultus_requests_total{operation=\"none\",") + counted), std::string::npos)
        << counted;
}

TEST_F(Served, ClientsOfComprefaceAreRefusedInTheirWordsByTheTransportToo) {
  // Its length is not told beforehand, so that the transport alone can see that it is too long.
  const std::string bytes(0x1100, 'x');
  const TestAnswer answer =
      ask("GET /api/v1/consistence/status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1100\r\n" + bytes +
          "\r\n0\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
  const TestJson told = TestJson::parse(answer.body);
  EXPECT_EQ(told.size(), 2U) << answer.body;
  EXPECT_EQ(told.at("code"), 0);
  EXPECT_NE(told.at("message").get<std::string>().find("at most 4096 bytes"), std::string::npos) << answer.body;
}

}  // namespace
}  // namespace vultus::server
