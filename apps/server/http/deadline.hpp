// One moment by which something must have happened. Private to the listener.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace vultus::server {

/// Thread-compatible: on the strand of its connection.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Deadline(const boost::asio::any_io_executor& strand) : timer_(strand) {}

  /// In place of what was set before.
  /// @param owner  kept alive until then
  /// @param act    called at that moment, unless cleared or set anew before
  template <class Owner, class Act>
  void set(Clock::time_point at, std::shared_ptr<Owner> owner, Act act) {
    const std::uint64_t turn = ++turn_;
    timer_.expires_at(at);
    timer_.async_wait([this, turn, owner = std::move(owner), act = std::move(act)](boost::system::error_code) {
      if (turn == turn_) act();
    });
  }
  void clear() {
    ++turn_;
    timer_.cancel();
  }

 private:
  boost::asio::steady_timer timer_;
  std::uint64_t turn_ = 0;  // that of an older wait does not count
};

}  // namespace vultus::server
