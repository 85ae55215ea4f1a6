// The same asked of many at once. Private to this room.
#pragma once

#include <cstddef>
#include <thread>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::gallery {

/// Calls `ask(0)` to `ask(count - 1)`, each on a thread of its own but the last, and waits for all.
/// @return the answers, in order
template <class Ask>
[[nodiscard]] auto each_at_once(std::size_t count, const Ask& ask) {
  using One = std::invoke_result_t<Ask, std::size_t>;
  std::vector<One> answers(count, One(Error{ErrorCode::internal, "not asked"}));
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i + 1 < count; ++i)
      threads.emplace_back([&, i] { answers[i] = guarded("shard", [&] { return ask(i); }); });
    if (count > 0) answers[count - 1] = guarded("shard", [&] { return ask(count - 1); });
  }
  return answers;
}

/// The same, one after the other.
template <class Ask>
[[nodiscard]] auto each_in_turn(std::size_t count, const Ask& ask) {
  std::vector<std::invoke_result_t<Ask, std::size_t>> answers;
  for (std::size_t i = 0; i < count; ++i) answers.push_back(guarded("shard", [&] { return ask(i); }));
  return answers;
}

}  // namespace vultus::gallery
