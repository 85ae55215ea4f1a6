// Work on many pictures side by side, with the results in the order of the pictures.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::compat {

/// @param count    how many pictures
/// @param workers  threads, >= 1
/// @param make     makes what a thread works with: a callable from the number of a picture to its result
/// @param receive  gets the results in order, on the calling thread
/// @error the first one of `make`; then nothing more is received
template <class Outcome, class Make>
Status in_order(std::size_t count, std::size_t workers, const Make& make, const std::function<void(Outcome)>& receive) {
  std::mutex mutex;
  std::condition_variable ready;
  std::map<std::size_t, Outcome> done;
  std::optional<Error> error;
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  threads.reserve(workers);
  for (std::size_t w = 0; w < std::min(workers, count); ++w)
    threads.emplace_back([&] {
      const Status worked = guarded("worker", [&]() -> Status {
        VULTUS_TRY(auto work, make());
        for (std::size_t i = next++; i < count; i = next++) {
          Outcome result = work(i);
          const std::lock_guard lock(mutex);
          done.emplace(i, std::move(result));
          ready.notify_all();
        }
        return {};
      });
      if (worked) return;
      const std::lock_guard lock(mutex);
      if (!error) error = worked.error();
      next = count;
      ready.notify_all();
    });
  for (std::size_t i = 0; i < count; ++i) {
    std::unique_lock lock(mutex);
    ready.wait(lock, [&] { return error || done.contains(i); });
    if (error) return *error;
    Outcome result = std::move(done.extract(i).mapped());
    lock.unlock();
    receive(std::move(result));
  }
  return {};
}

}  // namespace vultus::compat
