// What callers get when there are too many of them.
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include <apps/server/http/listener.hpp>
#include <apps/server/http/test_client.hpp>

namespace vultus::server {
namespace {

void await_body_bytes(TestServer& server, std::size_t bytes) {
  while (server.listener().load().body_bytes != bytes) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST(FullServer, BodiesOfAllCallersShareOneLimit) {
  ListenerOptions options;
  options.limits.body_bytes = 1000;
  options.limits.bodies_bytes = 1000;
  TestServer server(std::move(options));
  TestClient first(server.port());
  first.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(first.read_answer().status, 100);
  first.send(std::string(899, 'x'));
  await_body_bytes(server, 899);
  TestClient second(server.port());
  const TestAnswer refused = second.ask(post_text("/echo", std::string(200, 'y')));
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.headers.find("Retry-After"));
  EXPECT_EQ(first.ask("x").status, 200);
  await_body_bytes(server, 0);
  TestClient third(server.port());
  EXPECT_EQ(third.ask(post_text("/echo", std::string(200, 'y'))).status, 200);
}

TEST(FullServer, OneRequestTooManyIsToldWhenToComeBack) {
  ListenerOptions options;
  options.workers = 2;
  options.queue = 1;
  TestServer server(std::move(options));
  TestClient a(server.port());
  TestClient b(server.port());
  TestClient c(server.port());
  a.send(get_text("/wait"));
  b.send(get_text("/wait"));
  server.await_waiting(2);
  c.send(get_text("/hello"));
  while (server.listener().load().waiting < 1) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  TestClient d(server.port());
  const TestAnswer refused = d.ask(get_text("/hello"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.headers.find("Retry-After"));
  server.open_gate();
  EXPECT_EQ(a.read_answer().status, 200);
  EXPECT_EQ(b.read_answer().status, 200);
  EXPECT_EQ(c.read_answer().status, 200);
  EXPECT_EQ(d.ask(get_text("/hello")).status, 200);
}

TEST(FullServer, WhoWatchesIsAnsweredWhileAllWorkersAreBusy) {
  ListenerOptions options;
  options.workers = 1;
  options.queue = 1;
  TestServer server(std::move(options));
  TestClient a(server.port());
  TestClient b(server.port());
  a.send(get_text("/wait"));
  server.await_waiting(1);
  b.send(get_text("/wait"));
  while (server.listener().load().waiting < 1) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  TestClient watcher(server.port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(watcher.ask(get_text("/watch")).status, 200);
  EXPECT_EQ(watcher.ask(get_text("/hello")).status, 429) << "others are told to come back";
  server.open_gate();
  EXPECT_EQ(a.read_answer().status, 200);
  EXPECT_EQ(b.read_answer().status, 200);
}

TEST(FullServer, ConnectionsAreCountedInAllAndByAddress) {
  ListenerOptions options;
  options.limits.connections_per_address = 2;
  TestServer of_address(options);
  TestClient a(of_address.port());
  TestClient b(of_address.port());
  EXPECT_EQ(a.ask(get_text("/hello")).status, 200);
  EXPECT_EQ(b.ask(get_text("/hello")).status, 200);
  const TestClient unused(of_address.port());
  TestClient c(of_address.port());
  const TestAnswer refused = c.ask(get_text("/hello"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.headers.find("Retry-After"));
  options.limits.connections_per_address = 0;
  options.limits.connections = 1;
  TestServer in_all(options);
  TestClient d(in_all.port());
  EXPECT_EQ(d.ask(get_text("/hello")).status, 200);
  TestClient e(in_all.port());
  EXPECT_EQ(e.ask(get_text("/hello")).status, 503);
  EXPECT_TRUE(e.is_closed());
  EXPECT_EQ(in_all.listener().load().connections, 1U);
}

}  // namespace
}  // namespace vultus::server
