// Places of which there are so many and no more: viewers of a preview, listeners to events.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace vultus::server {

/// A place that is free again when its last copy goes; null = none was free.
using Seat = std::shared_ptr<void>;

/// Thread-safe. Seats may outlive it.
class Seats {
 public:
  explicit Seats(std::size_t most) : most_(most) {}
  [[nodiscard]] Seat take() {
    const auto taken = taken_;
    if (taken->fetch_add(1) >= most_) {
      --*taken;
      return nullptr;
    }
    return {taken.get(), [taken](void*) { --*taken; }};
  }

 private:
  std::size_t most_;
  std::shared_ptr<std::atomic<std::size_t>> taken_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace vultus::server
