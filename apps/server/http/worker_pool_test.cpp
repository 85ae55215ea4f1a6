#include <apps/server/http/worker_pool.hpp>

#include <atomic>
#include <latch>
#include <memory>

#include <gtest/gtest.h>

namespace vultus::server {
namespace {

TEST(WorkerPool, TakesWhatItsThreadsAndItsQueueHold) {
  std::latch open(1);
  std::atomic<int> ran{0};
  const auto task = [&] {
    open.wait();
    ++ran;
  };
  WorkerPool pool(2, 3);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(pool.submit(task)) << i;
  EXPECT_FALSE(pool.submit(task));
  open.count_down();
  while (ran < 5) std::this_thread::yield();
  EXPECT_EQ(pool.waiting(), 0U);
}

TEST(WorkerPool, AStopFinishesWhatRunsAndDropsWhatWaits) {
  std::latch begun(1);
  std::latch open(1);
  std::atomic<bool> finished{false};
  const auto kept = std::make_shared<int>(0);
  WorkerPool pool(1, 1);
  EXPECT_TRUE(pool.submit([&] {
    begun.count_down();
    open.wait();
    finished = true;
  }));
  begun.wait();
  EXPECT_TRUE(pool.submit([kept] { ADD_FAILURE() << "dropped"; }));
  std::thread opener([&] {
    while (kept.use_count() > 1) std::this_thread::yield();  // has been dropped
    open.count_down();
  });
  std::thread stopping([&] { pool.stop(); });
  opener.join();
  stopping.join();
  EXPECT_TRUE(finished);
  EXPECT_FALSE(pool.submit([] {}));
}

}  // namespace
}  // namespace vultus::server
