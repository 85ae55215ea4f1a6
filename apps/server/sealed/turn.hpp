// Work of which only one piece may run at a time, with few who wait for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <utility>

#include <vultus/core/result.hpp>

namespace vultus::server {

/// Thread-safe.
class Turn {
 public:
  static constexpr std::size_t kMostWaiting = 2;

  /// Ends the turn when it goes. Move-only.
  class Taken {
   public:
    explicit Taken(Turn& turn) : turn_(&turn) {}
    Taken(Taken&& other) noexcept : turn_(std::exchange(other.turn_, nullptr)) {}
    Taken& operator=(Taken&&) = delete;
    Taken(const Taken&) = delete;
    ~Taken() {
      if (turn_ != nullptr) turn_->end();
    }

   private:
    Turn* turn_;
  };

  /// @error resource_limit  so many wait already, or it took too long; cancelled  stop was requested
  Result<Taken> take(std::chrono::milliseconds at_most, const std::stop_token& stop);

 private:
  void end();

  std::mutex lock_;
  std::condition_variable_any ended_;
  bool taken_ = false;
  std::size_t waiting_ = 0;
};

}  // namespace vultus::server
