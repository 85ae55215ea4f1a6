// The threads that run routes. What waits for them is bounded.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace vultus::server {

/// Thread-safe.
class WorkerPool {
 public:
  /// @param threads  at least 1
  /// @param queue    tasks that may wait beside those for which a thread is free, at least 1
  WorkerPool(int threads, std::size_t queue);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool() { stop(); }

  /// @param task  must throw nothing
  /// @return false: so many wait already, or the pool has stopped; the task is not run
  [[nodiscard]] bool submit(std::function<void()> task);
  [[nodiscard]] std::size_t waiting() const;  ///< tasks that no thread has begun
  /// Drops what waits and waits for what runs. Not from a task.
  void stop();

 private:
  void work();
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  std::size_t queue_;
  std::size_t busy_ = 0;  // threads that run a task
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace vultus::server
