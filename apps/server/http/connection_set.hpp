// The connections that are open, so that a stop reaches them. Private to the listener.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace vultus::server {

class Connection;

/// Thread-safe.
class ConnectionSet {
 public:
  void add(const std::shared_ptr<Connection>& connection) {
    const std::scoped_lock lock(mutex_);
    open_.emplace(connection.get(), connection);
  }
  void remove(const Connection* connection) {
    const std::scoped_lock lock(mutex_);
    open_.erase(connection);
    if (open_.empty()) empty_.notify_all();
  }
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> all() const {
    std::vector<std::shared_ptr<Connection>> living;
    const std::scoped_lock lock(mutex_);
    for (const auto& [address, connection] : open_)
      if (auto alive = connection.lock()) living.push_back(std::move(alive));
    return living;
  }
  /// @return whether it is empty
  bool wait_until_empty(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    return empty_.wait_until(lock, until, [this] { return open_.empty(); });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::unordered_map<const Connection*, std::weak_ptr<Connection>> open_;
};

}  // namespace vultus::server
