// How many connections are open, in all and of each address; how many bytes of bodies are held.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>

namespace vultus::server {

/// Thread-safe.
class ConnectionCount : public std::enable_shared_from_this<ConnectionCount> {
 public:
  enum class Full : std::uint8_t { in_all, of_address };
  /// Counts one connection as long as it lives.
  class Place {
   public:
    Place(std::shared_ptr<ConnectionCount> count, std::string address)
        : count_(std::move(count)), address_(std::move(address)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { count_->leave(address_); }

   private:
    std::shared_ptr<ConnectionCount> count_;
    std::string address_;
  };

  /// @param in_all      at least 1
  /// @param of_address  0 = no limit
  ConnectionCount(std::size_t in_all, std::size_t of_address) : in_all_(in_all), of_address_(of_address) {}
  /// @param address  what is counted as one caller
  [[nodiscard]] std::variant<std::unique_ptr<Place>, Full> enter(const std::string& address);
  [[nodiscard]] std::size_t open() const;

 private:
  void leave(const std::string& address);
  mutable std::mutex mutex_;
  std::size_t in_all_;
  std::size_t of_address_;
  std::size_t open_ = 0;
  std::map<std::string, std::size_t> by_address_;
};

/// Bytes that all callers share. Thread-safe.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t bytes) : all_(static_cast<std::int64_t>(bytes)), left_(all_) {}
  /// @return false: so much is not left, and nothing was taken
  [[nodiscard]] bool take(std::size_t bytes) {
    if (bytes == 0) return true;
    if (left_.fetch_sub(static_cast<std::int64_t>(bytes)) >= static_cast<std::int64_t>(bytes)) return true;
    give_back(bytes);
    return false;
  }
  void give_back(std::size_t bytes) { left_.fetch_add(static_cast<std::int64_t>(bytes)); }
  [[nodiscard]] std::size_t taken() const { return static_cast<std::size_t>(all_ - left_.load()); }

 private:
  const std::int64_t all_;
  std::atomic<std::int64_t> left_;
};

}  // namespace vultus::server
