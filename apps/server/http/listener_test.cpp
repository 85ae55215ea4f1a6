// What a well-meaning caller gets.
#include <apps/server/http/listener.hpp>

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/server/http/test_client.hpp>

namespace vultus::server {
namespace {

using ::testing::HasSubstr;

TEST(Listener, AnswersAndKeepsTheConnection) {
  TestServer server;
  TestClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const TestAnswer answer = client.ask(get_text("/hello"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "\"hello\"");
    EXPECT_EQ(answer.headers.find("Content-Type"), "application/json");
    EXPECT_FALSE(answer.headers.find("Connection"));
  }
  const TestAnswer last = client.ask(get_text("/hello", "Connection: close\r\n"));
  EXPECT_EQ(last.headers.find("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(Listener, EveryAnswerCarriesSecurityHeadersAndItsId) {
  TestServer server;
  TestClient client(server.port());
  const TestAnswer api = client.ask(get_text("/hello", "X-Request-Id: mine-1\r\n"));
  EXPECT_EQ(api.headers.find("X-Request-Id"), "mine-1");
  EXPECT_EQ(api.headers.find("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(api.headers.find("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(api.headers.find("Cache-Control"), "no-store");
  EXPECT_THAT(std::string(api.headers.find("Content-Security-Policy").value_or("")), HasSubstr("default-src 'none'"));
  EXPECT_FALSE(api.headers.find("Access-Control-Allow-Origin"));
  const TestAnswer page = client.ask(get_text("/page", "X-Request-Id: in valid\r\n"));
  EXPECT_EQ(page.headers.find("X-Request-Id").value_or("").size(), 32U);
  EXPECT_THAT(std::string(page.headers.find("Content-Security-Policy").value_or("")), HasSubstr("default-src 'self'"));
  EXPECT_FALSE(page.headers.find("X-Injected"));
  const TestAnswer missing = client.ask(get_text("/missing"));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.headers.find("X-Content-Type-Options"), "nosniff");
}

TEST(Listener, HeadHasTheLengthAndNoBody) {
  TestServer server;
  TestClient client(server.port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  const TestAnswer head = client.read_answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.find("Content-Length"), "7");
  EXPECT_EQ(client.ask(get_text("/hello")).body, "\"hello\"");
}

TEST(Listener, TellsTheMethodsThereAre) {
  TestServer server;
  TestClient client(server.port());
  const TestAnswer wrong = client.ask("PUT /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.find("Allow"), "GET, HEAD, OPTIONS");
  const TestAnswer options = client.ask("OPTIONS /echo HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.find("Allow"), "POST, OPTIONS");
  EXPECT_EQ(client.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").status, 204);
}

TEST(Listener, PipelinedRequestsAreAnsweredInOrder) {
  TestServer server;
  TestClient client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) all += post_text("/echo", std::to_string(i)) + "\r\n" + get_text("/hello");
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client.read_answer().body, std::to_string(i));
    EXPECT_EQ(client.read_answer().body, "\"hello\"");
  }
}

TEST(Listener, ReadsChunkedBodiesByteByByte) {
  TestServer server;
  TestClient client(server.port());
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  for (const char byte : request) ASSERT_TRUE(client.send(std::string(1, byte)));
  EXPECT_EQ(client.read_answer().body, "abcde");
  EXPECT_EQ(client.ask(get_text("/hello")).status, 200);
}

TEST(Listener, SaysContinueOnlyWhereTheBodyIsWanted) {
  TestServer server;
  TestClient client(server.port());
  client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  EXPECT_EQ(client.ask("abc").body, "abc");
  client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 413);
  EXPECT_TRUE(client.is_closed());
  TestClient other(server.port());
  EXPECT_EQ(other.ask(get_text("/hello", "Expect: tea\r\n")).status, 417);
}

TEST(Listener, ACallerThatClosedItsHalfStillGetsItsAnswer) {
  TestServer server;
  TestClient client(server.port());
  client.send(post_text("/echo", "half"));
  client.shut_down_sending();
  EXPECT_EQ(client.read_answer().body, "half");
  EXPECT_TRUE(client.is_closed());
}

TEST(Listener, OldCallersGetTheirAnswerAndTheEnd) {
  TestServer server;
  TestClient client(server.port());
  EXPECT_EQ(client.ask("GET /hello HTTP/1.0\r\n\r\n").body, "\"hello\"");
  EXPECT_TRUE(client.is_closed());
  TestClient keeping(server.port());
  EXPECT_EQ(keeping.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").headers.find("Connection"),
            "keep-alive");
  EXPECT_EQ(keeping.ask("GET /hello HTTP/1.0\r\n\r\n").status, 200);
}

TEST(Listener, ACrossOriginPageReadsOnlyWhatIsListed) {
  ListenerOptions options;
  options.cors.origins = {"https://good.example"};
  TestServer server(std::move(options));
  TestClient client(server.port());
  const TestAnswer good = client.ask(get_text("/hello", "Origin: https://good.example\r\n"));
  EXPECT_EQ(good.headers.find("Access-Control-Allow-Origin"), "https://good.example");
  EXPECT_EQ(good.headers.find("Vary"), "Origin");
  const TestAnswer bad = client.ask(get_text("/hello", "Origin: https://good.example.evil\r\n"));
  EXPECT_FALSE(bad.headers.find("Access-Control-Allow-Origin"));
  const TestAnswer preflight = client.ask(
      "OPTIONS /echo HTTP/1.1\r\nHost: a\r\nOrigin: https://good.example\r\nAccess-Control-Request-Method: "
      "POST\r\n\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.headers.find("Access-Control-Allow-Methods"), "POST, OPTIONS");
  EXPECT_FALSE(preflight.headers.find("Access-Control-Allow-Credentials"));
}

TEST(Listener, AThousandRequestsFromSixteenThreads) {
  ListenerOptions options;
  options.queue = 1000;
  TestServer server(std::move(options));
  std::atomic<int> right{0};
  std::vector<std::thread> callers;
  for (int t = 0; t < 16; ++t)
    callers.emplace_back([&, t] {
      TestClient client(server.port());
      for (int i = 0; i < 63; ++i) {
        const std::string body = std::to_string(t) + ":" + std::string(static_cast<std::size_t>(i) * 100, 'x');
        const TestAnswer answer = client.ask(post_text("/echo", body));
        if (answer.status == 200 && answer.body == body) ++right;
      }
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(right, 16 * 63);
}

TEST(Listener, RefusesOptionsThatHaveNoMeaning) {
  const auto router = std::make_shared<Router>();
  ListenerOptions outside;
  outside.address = "0.0.0.0";
  const auto refused = Listener::start(outside, router);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  outside.plain_http = PlainHttp::anywhere;
  EXPECT_TRUE(Listener::start(outside, router));
  ListenerOptions none;
  none.workers = 0;
  EXPECT_FALSE(Listener::start(none, router));
  ListenerOptions named;
  named.address = "localhost";
  EXPECT_FALSE(Listener::start(named, router));
  TestServer server;
  ListenerOptions taken;
  taken.port = server.port();
  const auto twice = Listener::start(taken, router);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, ErrorCode::resource_limit);
  EXPECT_EQ(server.listener().url(), "http://127.0.0.1:" + std::to_string(server.port()));
}

}  // namespace
}  // namespace vultus::server
