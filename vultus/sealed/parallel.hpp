// The same work for many numbers on some threads. Private to this room.
#pragma once

#include <atomic>
#include <cstddef>
#include <stop_token>
#include <thread>
#include <vector>

namespace vultus::sealed {

/// Calls body(i) for each i in [0, count), on the calling thread and threads - 1 others. `body` does not throw but for
/// want of memory, and writes to places of its own.
/// @param threads  0 = one a processor
/// @param stop     where it is asked, numbers are left out: the caller looks at it afterwards
template <class Body>
void for_each_number(std::size_t count, int threads, const Body& body, const std::stop_token& stop = {}) {
  std::size_t workers = threads > 0 ? static_cast<std::size_t>(threads) : std::thread::hardware_concurrency();
  if (workers > count) workers = count;
  if (workers <= 1) {
    for (std::size_t i = 0; i < count && !stop.stop_requested(); ++i) body(i);
    return;
  }
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < count && !stop.stop_requested(); i = next++) body(i);
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < workers; ++i) others.emplace_back(work);
  work();
}

}  // namespace vultus::sealed
