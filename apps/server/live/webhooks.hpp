// Events to other servers: signed, tried again when that fails, kept when it fails too often.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <apps/server/live/live_counters.hpp>
#include <apps/server/live/webhook_store.hpp>
#include <apps/server/options.hpp>

namespace vultus::server {

struct OutboundRules;

/// Sends one message. Separate from the queue, so that a test can send alone.
/// @return nothing, or why the receiver has not taken it: it was not reached, or did not answer with a status 2xx.
///         Redirects are not followed.
[[nodiscard]] Status send_webhook(const Webhook& webhook, const std::string& message_id, std::int64_t timestamp,
                                  const std::string& body, const OutboundRules& rules,
                                  std::chrono::milliseconds patience, const std::stop_token& stop);

/// Thread-safe. Each webhook has a thread of its own: one that is slow makes no other wait.
class Webhooks {
 public:
  struct Parts {
    ServerDatabase* database = nullptr;
    const ServerSecret* secret = nullptr;
    EventStore* events = nullptr;
    const OutboundRules* rules = nullptr;
    LiveCounters* counters = nullptr;
    WallClock now;
  };
  Webhooks(const WebhookLimits& limits, const Parts& parts);
  ~Webhooks() { stop(); }
  Webhooks(const Webhooks&) = delete;
  Webhooks& operator=(const Webhooks&) = delete;

  Status load();
  void start();
  void stop();

  [[nodiscard]] std::vector<Webhook> list() const;
  [[nodiscard]] std::optional<Webhook> find(const std::string& id) const;
  /// Makes id and, where there is none, secret.
  /// @error invalid_argument  no address of http or https, or one that is not allowed; resource_limit  so many are
  /// there
  Result<Webhook> add(Webhook webhook);
  Status remove(const std::string& id);  ///< with what waits for it. @error not_found

  /// Inside the transaction that writes the event down: for every webhook that wants it.
  Status enqueue(sqlite::Database& database, const LiveEvent& event);
  void wake();  ///< after that transaction
  Result<std::int64_t> send_again(const std::string& id);
  [[nodiscard]] WebhookStore& store() { return store_; }

 private:
  struct Worker {
    Webhook webhook;
    std::jthread thread;
  };
  void work(const Webhook& webhook, const std::stop_token& stop);
  Status deliver(const Webhook& webhook, Delivery delivery, const std::stop_token& stop);
  void begin(Worker& worker);
  [[nodiscard]] std::int64_t now_ms() const;

  WebhookLimits limits_;
  Parts parts_;
  WebhookStore store_;
  std::mutex changing_;
  mutable std::mutex lock_;
  std::condition_variable_any woken_;
  std::uint64_t news_ = 0;
  bool working_ = false;
  std::map<std::string, std::unique_ptr<Worker>> workers_;
};

}  // namespace vultus::server
