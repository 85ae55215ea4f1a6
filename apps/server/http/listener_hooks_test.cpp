// What the parts around the listener see and decide.
#include <map>
#include <mutex>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/server/http/listener.hpp>
#include <apps/server/http/test_client.hpp>

namespace vultus::server {
namespace {

using ::testing::HasSubstr;

TEST(ListenerHooks, AFaultOfARouteIsOurSecret) {
  std::mutex mutex;
  std::string fault;
  ListenerHooks hooks;
  hooks.fault = [&](std::string_view id, std::string_view what) {
    const std::scoped_lock lock(mutex);
    fault = std::string(id) + ":" + std::string(what);
  };
  TestServer server({}, hooks);
  TestClient client(server.port());
  const TestAnswer answer = client.ask(get_text("/throw", "X-Request-Id: t1\r\n"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  const std::scoped_lock lock(mutex);
  EXPECT_EQ(fault, "t1:secret");
}

TEST(ListenerHooks, TheHookBeforeTheBodyRefusesAndLimits) {
  ListenerHooks hooks;
  hooks.before_body = [](Request& request, const Route& route) {
    Admission admission;
    EXPECT_TRUE(request.body.empty());
    EXPECT_EQ(request.peer, "127.0.0.1");
    if (!request.headers.find("X-Api-Key"))
      admission.refusal = problem_response({401, "key_missing", "A key is needed", route.path, {}}, request.id);
    admission.body_limit = 20;
    return admission;
  };
  TestServer server({}, hooks);
  TestClient client(server.port());
  // The body never comes: the answer does not wait for it.
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
  const TestAnswer refused = client.read_answer();
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, HasSubstr("/echo"));
  TestClient keyed(server.port());
  EXPECT_EQ(keyed.ask(post_text("/small", std::string(20, 'x'), "X-Api-Key: k\r\n")).status, 200);
  EXPECT_EQ(keyed.ask(post_text("/small", std::string(21, 'x'), "X-Api-Key: k\r\n")).status, 413);
}

TEST(ListenerHooks, AHookThatFailsLetsNobodyThrough) {
  ListenerHooks hooks;
  hooks.before_body = [](Request&, const Route&) -> Admission { throw std::runtime_error("no keys"); };
  TestServer server({}, hooks);
  TestClient client(server.port());
  EXPECT_EQ(client.ask(get_text("/hello")).status, 500);
}

TEST(ListenerHooks, EveryAnswerIsReportedOnce) {
  struct Row {
    int status;
    std::string route, method, refusal;
    std::uint64_t in, out;
  };
  std::mutex mutex;
  std::map<std::string, Row> rows;
  ListenerHooks hooks;
  hooks.after_answer = [&](const Answered& answered) {
    const std::scoped_lock lock(mutex);
    EXPECT_EQ(answered.peer, "127.0.0.1");
    EXPECT_GE(answered.seconds, 0);
    const bool first = rows.emplace(std::string(answered.id),
                                    Row{answered.status, std::string(answered.route),
                                        answered.method ? std::string(name_of(*answered.method)) : "",
                                        std::string(answered.refusal), answered.bytes_in, answered.bytes_out})
                           .second;
    EXPECT_TRUE(first);
  };
  const std::string echo = post_text("/echo", "abc", "X-Request-Id: e\r\n");
  {
    TestServer server({}, hooks);
    TestClient client(server.port());
    client.ask(echo);
    client.ask(get_text("/nothing", "X-Request-Id: n\r\n"));
    client.ask("nonsense\r\n\r\n");
  }
  const std::scoped_lock lock(mutex);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows.at("e").status, 200);
  EXPECT_EQ(rows.at("e").route, "/echo");
  EXPECT_EQ(rows.at("e").method, "POST");
  EXPECT_EQ(rows.at("e").in, echo.size());
  EXPECT_GT(rows.at("e").out, 3U);
  EXPECT_EQ(rows.at("n").status, 404);
  EXPECT_EQ(rows.at("n").route, "");
  EXPECT_EQ(rows.at("n").refusal, "path_not_found");
  EXPECT_EQ(rows.at("e").refusal, "") << "a route has answered";
  for (const auto& [id, row] : rows) EXPECT_EQ(row.refusal.empty(), row.status == 200) << id;
}

}  // namespace
}  // namespace vultus::server
