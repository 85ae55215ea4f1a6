// Many things looked at side by side, and their results in order. Not installed.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::engine {

/// Calls `work(worker, i)` for i in [0, count), on some threads with a worker each, and `receive(result)` in order on
/// the calling thread. Results of one round wait for each other, so memory does not grow with the count.
/// @param make_worker  called on its thread: gives Result<Worker>
/// @error that of a worker that cannot be made, or of `receive`; cancelled  stop was requested
template <class Found, class MakeWorker, class Work>
Status in_order(std::size_t count, int threads, const MakeWorker& make_worker, const Work& work,
                const std::function<Status(Found)>& receive, const std::stop_token& stop) {
  using Worker = typename decltype(make_worker())::value_type;
  const std::size_t workers = std::min(count, static_cast<std::size_t>(std::max(threads, 1)));
  constexpr std::size_t kRound = 16;  // a worker
  std::vector<std::optional<Worker>> made(workers);
  for (std::size_t from = 0; from < count; from += kRound * workers) {
    const std::size_t here = std::min(count - from, kRound * workers);
    std::vector<std::optional<Found>> found(here);
    std::vector<std::optional<Error>> errors(workers);
    std::atomic<std::size_t> next{0};
    {
      std::vector<std::jthread> running;
      for (std::size_t w = 0; w < workers; ++w)
        running.emplace_back([&, w] {
          const Status worked = guarded("worker", [&]() -> Status {
            if (!made[w]) {
              VULTUS_TRY(made[w], make_worker());
            }
            for (std::size_t i = next++; i < here && !stop.stop_requested(); i = next++)
              found[i] = work(*made[w], from + i);
            return {};
          });
          if (!worked) errors[w] = worked.error();
        });
    }
    for (const auto& error : errors)
      if (error) return *error;
    for (auto& one : found) {
      if (!one) return fail(ErrorCode::cancelled, "stopped");
      VULTUS_CHECK(receive(std::move(*one)));
    }
  }
  return {};
}

}  // namespace vultus::engine
