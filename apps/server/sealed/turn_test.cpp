// One at a time, and few who wait.
#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <apps/server/sealed/turn.hpp>

namespace vultus::server {
namespace {

using std::chrono::milliseconds;

TEST(Turns, AreTakenOneAfterTheOther) {
  Turn turn;
  std::optional<Turn::Taken> first(turn.take(milliseconds(0), {}).value());
  const auto refused = turn.take(milliseconds(1), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::resource_limit);
  std::thread ending([&] {
    std::this_thread::sleep_for(milliseconds(20));
    first.reset();
  });
  EXPECT_TRUE(turn.take(std::chrono::seconds(30), {})) << "who waits gets it when it is free";
  ending.join();
  EXPECT_TRUE(turn.take(milliseconds(0), {})) << "and gives it back";
}

TEST(Turns, HaveFewWhoWait) {
  Turn turn;
  std::optional<Turn::Taken> first(turn.take(milliseconds(0), {}).value());
  std::vector<std::jthread> waiting;
  std::atomic<int> got = 0;
  for (std::size_t i = 0; i < Turn::kMostWaiting; ++i)
    waiting.emplace_back([&] {
      while (!turn.take(std::chrono::seconds(30), {})) std::this_thread::sleep_for(milliseconds(1));
      ++got;
    });
  // One more is refused at once when both wait; before that it waits a moment itself.
  std::string why;
  for (int i = 0; i < 1000 && why.find("wait for it") == std::string::npos; ++i) {
    why = turn.take(milliseconds(0), {}).error().message;
    std::this_thread::sleep_for(milliseconds(5));  // a waiter that was refused comes back meanwhile
  }
  EXPECT_NE(why.find("2 wait for it, which is the limit"), std::string::npos) << why;
  first.reset();
  waiting.clear();
  EXPECT_EQ(got, 2);
}

TEST(Turns, AreGivenUpWhenTheServerStops) {
  Turn turn;
  const auto first = turn.take(milliseconds(0), {});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(turn.take(std::chrono::seconds(30), stop.get_token()).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace vultus::server
