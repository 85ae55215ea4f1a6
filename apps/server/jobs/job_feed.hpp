// What jobs tell while they work, as server-sent events.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <apps/server/http/server_sent_events.hpp>
#include <apps/server/jobs/job_board.hpp>
#include <apps/server/live/seats.hpp>

namespace vultus::server {

/// Thread-safe. One thread reads the board for all listeners, a few times a second. A slow listener falls behind and
/// catches up. A stream ends with its job.
class JobFeed {
 public:
  static constexpr std::size_t kMostListeners = 64;
  static constexpr std::size_t kMostOfOneKey = 16;

  /// @param board  must outlive the object
  /// @param shown  a job as its last event tells it
  JobFeed(const JobBoard& board, std::function<Json(const Job&)> shown);
  ~JobFeed() { stop(); }
  JobFeed(const JobFeed&) = delete;
  JobFeed& operator=(const JobFeed&) = delete;

  /// @param key  id of the key that listens
  /// @return null: all are taken, or all of this key
  [[nodiscard]] Seat take_seat(const std::string& key) { return seats_.take(key); }
  void stop();  ///< ends all streams

  struct Listener {
    std::shared_ptr<EventStream> stream;
    Seat seat;
    std::string job;
    std::size_t had = 0;                  ///< parts that the caller has already
    std::function<bool()> allowed;        ///< asked every few seconds; false ends the stream
    std::optional<double> progress = {};  ///< as told last
  };
  void add(Listener listener);

 private:
  void work(const std::stop_token& stop);
  bool serve(Listener& listener, bool heartbeat);  ///< @return false: it has gone
  bool send_parts(Listener& listener, bool& all);
  static bool send(EventStream& stream, std::string id, std::string name, const Json& data);

  const JobBoard& board_;
  std::function<Json(const Job&)> shown_;
  SharedSeats seats_{kMostListeners, kMostOfOneKey};
  std::mutex lock_;
  std::condition_variable_any woken_;
  std::vector<Listener> arrived_;
  std::vector<Listener> listeners_;  // of the thread alone
  std::jthread thread_;              // last: it uses all others
};

}  // namespace vultus::server
