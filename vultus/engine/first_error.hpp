// What stops several workers. Internal to the room.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include <vultus/core/result.hpp>

namespace vultus::engine {

/// The first error of several threads.
class FirstError {
 public:
  void keep(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
    stopped_ = true;
  }
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  std::mutex mutex_;
  std::optional<Error> error_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace vultus::engine
