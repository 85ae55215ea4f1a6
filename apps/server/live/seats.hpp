// Places of which there are so many and no more: viewers of a preview, listeners to events.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

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

/// Places of which one key may take a part only, so that others find some. Thread-safe. Seats may outlive it.
class SharedSeats {
 public:
  SharedSeats(std::size_t most, std::size_t most_of_one) : most_(most), most_of_one_(most_of_one) {}
  [[nodiscard]] Seat take(const std::string& key) {
    const auto taken = taken_;
    const std::scoped_lock lock(taken->mutex);
    const auto own = taken->of_key.find(key);
    if (taken->all >= most_ || (own != taken->of_key.end() && own->second >= most_of_one_)) return nullptr;
    ++taken->of_key[key];
    ++taken->all;
    return {taken.get(), [taken, key](void*) {
              const std::scoped_lock given_back(taken->mutex);
              --taken->all;
              if (--taken->of_key[key] == 0) taken->of_key.erase(key);
            }};
  }

 private:
  struct Taken {
    std::mutex mutex;
    std::size_t all = 0;
    std::map<std::string, std::size_t> of_key;
  };
  std::size_t most_;
  std::size_t most_of_one_;
  std::shared_ptr<Taken> taken_ = std::make_shared<Taken>();
};

}  // namespace vultus::server
