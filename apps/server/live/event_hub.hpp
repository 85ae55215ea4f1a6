// Events to those who listen, as server-sent events.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <apps/server/http/server_sent_events.hpp>
#include <apps/server/live/event_store.hpp>
#include <apps/server/live/seats.hpp>

namespace vultus::server {

/// Thread-safe. One thread reads the store for all listeners, so that what is sent again after a break and what is new
/// come from one place, in order, once. A slow listener falls behind and catches up from the store.
class EventHub {
 public:
  static constexpr std::size_t kMostListeners = 64;
  static constexpr std::size_t kMostOfOneKey = 16;
  static constexpr std::chrono::seconds kHeartbeatEvery{15};

  /// @param events  must outlive the object
  explicit EventHub(EventStore& events) : events_(events) {}
  ~EventHub() { stop(); }
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  void start();
  void stop();  ///< ends all streams
  void wake();  ///< there is an event more
  /// @param key  id of the key that listens
  /// @return null: all are taken, or all of this key
  [[nodiscard]] Seat take_seat(const std::string& key) { return seats_.take(key); }
  /// How often the store was asked for events. Grows with what happens, not with time.
  [[nodiscard]] std::uint64_t reads() const { return reads_; }

  struct Listener {
    std::shared_ptr<EventStream> stream;
    Seat seat;
    EventFilter filter;
    std::int64_t last = 0;          ///< id of the event up to which it has all that it wants
    std::function<bool()> allowed;  ///< asked with every heartbeat; false ends the stream
  };
  void add(Listener listener);

 private:
  void work(const std::stop_token& stop);
  bool serve(Listener& listener, std::int64_t newest, bool heartbeat);  ///< @return false: it has gone

  EventStore& events_;
  SharedSeats seats_{kMostListeners, kMostOfOneKey};
  std::mutex lock_;
  std::condition_variable_any woken_;
  bool news_ = false;
  std::atomic<std::uint64_t> reads_ = 0;
  std::vector<Listener> arrived_;
  std::vector<Listener> listeners_;  // of the thread alone
  std::jthread thread_;
};

}  // namespace vultus::server
