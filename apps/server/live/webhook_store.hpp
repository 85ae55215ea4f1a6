// Webhooks and what is still to be delivered to them, in server.db.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vultus/gallery/utc_time.hpp>

#include <apps/server/data/sealer.hpp>
#include <apps/server/data/server_database.hpp>
#include <apps/server/live/event_store.hpp>
#include <apps/server/live/live_options.hpp>

namespace vultus::server {

struct Webhook {
  std::string id;
  std::string name;
  std::string url;                                      ///< as it was written
  std::string secret;                                   ///< "whsec_..."
  std::optional<std::vector<std::string>> collections;  ///< whose events it is told; empty = all
  std::vector<EventKind> kinds;                         ///< empty = all
  UtcTime created{};

  [[nodiscard]] bool wants(const LiveEvent& event) const;
};

/// A message on its way, or given up.
struct Delivery {
  std::string id;  ///< the same at every attempt: receivers know by it what they have already
  std::int64_t event = 0;
  int attempts = 0;
  std::int64_t due_ms = 0;  ///< since 1970
  std::string error;        ///< of the last attempt; empty = none
};

/// Thread-safe. A delivery goes when its event or its webhook goes: nothing is told of a person who was forgotten.
class WebhookStore {
 public:
  WebhookStore(ServerDatabase& database, const ServerSecret& secret, WebhookLimits limits)
      : database_(database), sealer_(secret, "webhooks"), limits_(limits) {}

  Result<std::vector<Webhook>> all();
  Status put(const Webhook& webhook);
  Status remove(const std::string& id);

  /// Inside the transaction that writes the event down.
  Status enqueue(sqlite::Database& database, const Webhook& webhook, const LiveEvent& event, std::int64_t now_ms) const;
  /// The next one that is due.
  Result<std::optional<Delivery>> next(const std::string& webhook, std::int64_t now_ms);
  Status done(const std::string& delivery);
  /// @param due_ms  nothing = it is given up
  Status failed(const Delivery& delivery, const std::string& webhook, std::optional<std::int64_t> due_ms);
  Result<std::vector<Delivery>> dead_letters(const std::string& webhook, std::size_t limit);  ///< newest first
  Result<std::int64_t> waiting(const std::string& webhook);
  Result<std::int64_t> send_again(const std::string& webhook, std::int64_t now_ms);  ///< @return how many

 private:
  Status prune_dead(sqlite::Database& database, const std::string& webhook) const;
  ServerDatabase& database_;
  Sealer sealer_;
  WebhookLimits limits_;
};

}  // namespace vultus::server
