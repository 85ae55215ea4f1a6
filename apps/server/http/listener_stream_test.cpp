// Answers that go on, and the end of the server.
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include <apps/server/http/listener.hpp>
#include <apps/server/http/test_client.hpp>

namespace vultus::server {
namespace {

using std::chrono::milliseconds;

// True as soon as the stream has told that it is closed.
std::shared_future<void> closed_signal(StreamWriter& writer) {
  auto told = std::make_shared<std::promise<void>>();
  writer.on_closed([told] { told->set_value(); });
  return told->get_future().share();
}

bool comes_true(const std::shared_future<void>& future) {
  return future.wait_for(TestClient::kPatience) == std::future_status::ready;
}

TEST(ListenerStream, CarriesWhatIsWrittenAndEndsWholly) {
  TestServer server;
  TestClient client(server.port());
  client.send(get_text("/events"));
  const auto writer = server.await_stream();
  EXPECT_TRUE(writer->write("one"));
  EXPECT_TRUE(writer->write("two"));
  writer->close();
  EXPECT_FALSE(writer->write("three"));
  const TestAnswer answer = client.read_answer();
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.body, "onetwo");
  EXPECT_EQ(client.ask(get_text("/hello")).status, 200);
}

TEST(ListenerStream, EndsWhenItsProducerForgetsIt) {
  TestServer server;
  TestClient client(server.port());
  client.send(get_text("/events"));
  server.await_stream()->write("last words");
  EXPECT_EQ(client.read_answer().body, "last words");
}

TEST(ListenerStream, OldCallersReadToTheEndOfTheConnection) {
  TestServer server;
  TestClient client(server.port());
  client.send("GET /events HTTP/1.0\r\n\r\n");
  server.await_stream()->write("raw");
  std::string all;
  for (std::string piece = client.read_some(); !piece.empty(); piece = client.read_some()) all += piece;
  EXPECT_TRUE(all.ends_with("\r\n\r\nraw"));
  EXPECT_EQ(all.find("chunked"), std::string::npos);
}

TEST(ListenerStream, HundredsHoldNoThread) {
  ListenerOptions options;
  options.workers = 1;
  options.io_threads = 1;
  options.limits.connections_per_address = 0;
  TestServer server(std::move(options));
  std::vector<std::unique_ptr<TestClient>> callers;
  std::vector<std::shared_ptr<StreamWriter>> writers;
  for (int i = 0; i < 200; ++i) {
    callers.push_back(std::make_unique<TestClient>(server.port()));
    callers.back()->send(get_text("/events"));
    writers.push_back(server.await_stream());
  }
  TestClient client(server.port());
  EXPECT_EQ(client.ask(get_text("/hello")).status, 200);
  for (const auto& writer : writers) writer->write("x");
  for (const auto& writer : writers) writer->close();
  for (const auto& caller : callers) EXPECT_EQ(caller->read_answer().body, "x");
}

TEST(ListenerStream, ACallerThatReadsNothingLosesItsStreamAndHoldsNobodyUp) {
  ListenerOptions options;
  options.limits.stream_bytes = 100'000;
  options.io_threads = 1;
  TestServer server(std::move(options));
  TestClient lazy(server.port(), 4096);
  lazy.send(get_text("/events"));
  const auto writer = server.await_stream();
  const auto closed = closed_signal(*writer);
  std::size_t written = 0;
  while (writer->write(std::string(10'000, 'x'))) {
    written += 10'000;
    ASSERT_LT(written, 1UL << 30U);
    EXPECT_LE(writer->waiting(), 100'000U);
  }
  EXPECT_TRUE(comes_true(closed));
  EXPECT_FALSE(writer->write("more"));
  TestClient client(server.port());
  EXPECT_EQ(client.ask(get_text("/hello")).status, 200);
}

TEST(ListenerStream, ACallerThatTakesNothingForTooLongLosesItsStream) {
  ListenerOptions options;
  options.times.stream_stall = milliseconds(50);
  TestServer server(std::move(options));
  TestClient lazy(server.port(), 4096);
  lazy.send(get_text("/events"));
  const auto writer = server.await_stream();
  const auto closed = closed_signal(*writer);
  EXPECT_TRUE(writer->write(std::string(8'000'000, 'x')));
  EXPECT_TRUE(comes_true(closed));
}

TEST(ListenerStream, TheProducerHearsThatTheCallerHasGone) {
  TestServer server;
  auto client = std::make_unique<TestClient>(server.port());
  client->send(get_text("/events"));
  const auto writer = server.await_stream();
  const auto closed = closed_signal(*writer);
  client.reset();
  EXPECT_TRUE(comes_true(closed));
  EXPECT_TRUE(comes_true(closed_signal(*writer)));  // told late, too
}

TEST(ListenerStop, FinishesWhatIsUnderWayAndTakesNothingNew) {
  ListenerOptions options;
  options.times.linger = milliseconds(50);
  TestServer server(std::move(options));
  TestClient idle(server.port());
  EXPECT_EQ(idle.ask(get_text("/hello")).status, 200);
  TestClient busy(server.port());
  busy.send(get_text("/wait"));
  server.await_waiting(1);
  TestClient listening(server.port());
  listening.send(get_text("/events"));
  const auto writer = server.await_stream();
  writer->write("before the end");
  const auto closed = closed_signal(*writer);
  std::thread stopping(
      [&] { server.listener().stop(std::chrono::duration_cast<milliseconds>(TestClient::kPatience)); });
  EXPECT_TRUE(idle.is_closed());
  EXPECT_TRUE(comes_true(closed));
  const TestAnswer events = listening.read_answer();
  EXPECT_TRUE(events.whole);
  EXPECT_EQ(events.body, "before the end");
  server.open_gate();
  const TestAnswer answer = busy.read_answer();
  EXPECT_EQ(answer.body, "\"waited\"");
  EXPECT_EQ(answer.headers.find("Connection"), "close");
  EXPECT_TRUE(busy.is_closed());
  EXPECT_TRUE(listening.is_closed());
  stopping.join();
  TestClient late(server.port());
  EXPECT_FALSE(late.send(get_text("/hello")) && late.read_answer().status != 0);
}

TEST(ListenerStop, CutsOffWhatIsNotDoneInTime) {
  TestServer server;
  TestClient busy(server.port());
  busy.send(get_text("/wait"));
  server.await_waiting(1);
  TestClient slow(server.port());
  slow.send("GET /hel");
  server.listener().stop(milliseconds(20));
  EXPECT_EQ(busy.read_answer().status, 0);
  EXPECT_TRUE(slow.is_closed());
}

}  // namespace
}  // namespace vultus::server
