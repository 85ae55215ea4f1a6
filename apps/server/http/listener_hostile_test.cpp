// What callers get that are slow, broken or greedy, and what the others get meanwhile.
#include <chrono>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include <apps/server/http/listener.hpp>
#include <apps/server/http/test_client.hpp>

namespace vultus::server {
namespace {

using std::chrono::milliseconds;

int answer_to(const TestServer& server, const std::string& bytes) {
  TestClient client(server.port());
  client.send(bytes);
  const int status = client.read_answer().status;
  EXPECT_TRUE(client.is_closed()) << bytes.substr(0, 80);
  return status;
}

TEST(HostileCaller, HundredsThatSayNothingDoNotHoldOthersUp) {
  ListenerOptions options;
  options.workers = 1;
  options.io_threads = 1;
  options.limits.connections_per_address = 0;
  TestServer server(std::move(options));
  std::vector<std::unique_ptr<TestClient>> slow;
  for (int i = 0; i < 300; ++i) {
    slow.push_back(std::make_unique<TestClient>(server.port()));
    if (i % 3 == 1) slow.back()->send("GET /hello HT");
    if (i % 3 == 2) slow.back()->send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
  }
  TestClient client(server.port());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.ask(get_text("/hello")).status, 200);
}

TEST(HostileCaller, SlowHeadsAndBodiesAreToldSo) {
  ListenerOptions options;
  options.times.head = milliseconds(50);
  options.times.transfer_grace = milliseconds(50);
  options.times.transfer_rate = 1'000'000;
  TestServer server(std::move(options));
  EXPECT_EQ(answer_to(server, "GET /hello HT"), 408);
  EXPECT_EQ(answer_to(server, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc"), 408);
  EXPECT_EQ(answer_to(server, ""), 0);  // nothing was asked
}

TEST(HostileCaller, AnIdleConnectionIsClosed) {
  ListenerOptions options;
  options.times.idle = milliseconds(50);
  TestServer server(std::move(options));
  TestClient client(server.port());
  EXPECT_EQ(client.ask(get_text("/hello")).status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(HostileCaller, HugeHeadsAreRefused) {
  TestServer server;
  EXPECT_EQ(answer_to(server, get_text("/hello", "X: " + std::string(100'000, 'x') + "\r\n")), 431);
  EXPECT_EQ(answer_to(server, get_text("/" + std::string(9'000, 'x'))), 414);
  EXPECT_EQ(answer_to(server, "GET /" + std::string(1'000'000, 'x')), 414);
  std::string many;
  for (int i = 0; i < 200; ++i) many += "A: b\r\n";
  EXPECT_EQ(answer_to(server, get_text("/hello", many)), 431);
}

TEST(HostileCaller, WhatIsNoHttpIsRefusedAtOnce) {
  TestServer server;
  EXPECT_EQ(answer_to(server, "\x16\x03\x01\x02"), 400);
  EXPECT_EQ(answer_to(server, "GET / HTTP/1.1\nHost: a\n"), 400);
  EXPECT_EQ(answer_to(server, "PRI * HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(answer_to(server, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400);
  EXPECT_EQ(answer_to(server, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na"),
            400);
  EXPECT_EQ(answer_to(server,
                      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
            400);
}

TEST(HostileCaller, BrokenChunksAreRefused) {
  TestServer server;
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(answer_to(server, head + "xyz\r\n"), 400);
  EXPECT_EQ(answer_to(server, head + "3\r\nabcdef\r\n"), 400);
  EXPECT_EQ(answer_to(server, head + "3;" + std::string(20'000, 'e')), 400);
  EXPECT_EQ(answer_to(server, head + "0\r\nX: " + std::string(20'000, 'e')), 400);
  TestClient half(server.port());
  half.send(head + "5\r\nab");
  half.shut_down_sending();
  EXPECT_EQ(half.read_answer().status, 400);
}

TEST(HostileCaller, ABodyOverItsLimitIsRefusedBeforeItComes) {
  TestServer server;
  EXPECT_EQ(answer_to(server, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"), 413);
  EXPECT_EQ(answer_to(server, "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n"), 413);
  EXPECT_EQ(answer_to(server, "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nabcdefghijk"),
            413);
}

TEST(HostileCaller, ARefusedCallerThatGoesOnSendingStillReadsTheAnswer) {
  TestServer server;
  TestClient client(server.port());
  client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n");
  client.send(std::string(300'000, 'x'));
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST(HostileCaller, AnswersThatAreNotTakenAreCutOff) {
  ListenerOptions options;
  options.times.transfer_grace = milliseconds(50);
  options.times.transfer_rate = 1UL << 30U;
  options.io_threads = 1;
  TestServer server(std::move(options));
  TestClient lazy(server.port(), 4096);
  lazy.send(get_text("/big"));
  EXPECT_EQ(lazy.read_line(), "HTTP/1.1 200 OK");
  while (server.listener().load().connections > 0) std::this_thread::sleep_for(milliseconds(2));
  std::size_t bytes = 0;
  for (std::string piece = lazy.read_some(); !piece.empty(); piece = lazy.read_some()) bytes += piece.size();
  EXPECT_LT(bytes, 32UL << 20U);
}

TEST(HostileCaller, AHostThatIsNotServedIsRefused) {
  ListenerOptions options;
  options.hosts = {"localhost", "127.0.0.1"};
  TestServer server(std::move(options));
  TestClient client(server.port());
  EXPECT_EQ(client.ask(get_text("/hello")).status, 200);
  EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: rebound.example:80\r\n\r\n").status, 421);
}

}  // namespace
}  // namespace vultus::server
