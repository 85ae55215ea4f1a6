// The live part of a server: cameras, what happens before them, and who is told.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <thread>

#include <vultus/core/ids.hpp>

#include <apps/server/collections/collections.hpp>
#include <apps/server/data/server_database.hpp>
#include <apps/server/data/server_secret.hpp>
#include <apps/server/live/cameras.hpp>
#include <apps/server/live/event_hub.hpp>
#include <apps/server/live/event_store.hpp>
#include <apps/server/live/live_counters.hpp>
#include <apps/server/live/live_options.hpp>
#include <apps/server/options.hpp>

namespace vultus::server {

class MqttPublisher;
class Webhooks;

/// Thread-safe.
class Live {
 public:
  /// What it works with; all outlive it.
  struct Parts {
    const engine::Engine* engine = nullptr;
    ServerDatabase* database = nullptr;
    const ServerSecret* secret = nullptr;
    Collections* collections = nullptr;
    const liveness::CameraThresholds* thresholds = nullptr;  ///< of liveness; null = none
    WallClock now;
  };
  /// @error invalid_argument  a target that is none; else those of reading server.db
  static Result<std::unique_ptr<Live>> open(const LiveOptions& options, const Parts& parts);
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  void start();
  void stop();  ///< within a second; what is to be delivered stays in server.db

  [[nodiscard]] Cameras& cameras() { return *cameras_; }
  [[nodiscard]] EventStore& events() { return events_; }
  [[nodiscard]] EventHub& hub() { return hub_; }
  [[nodiscard]] Webhooks& webhooks() { return *webhooks_; }
  [[nodiscard]] const LiveCounters& counters() const { return counters_; }
  [[nodiscard]] std::string prometheus_text() const;

  /// Writes down what has happened, and tells. Of a person who is not there any more nothing is told.
  Status record(const CameraSettings& camera, Collection& collection, Happening what);

  // What server.db and a broker know of people goes with the people.
  Status forget(const std::string& collection, std::span<const SubjectId> people);
  Status merge(const std::string& collection, SubjectId from, SubjectId into);
  Status forget_collection(const std::string& collection);
  /// With its events. @return how many those were  @error not_found  no such camera
  Result<std::int64_t> remove_camera(const std::string& id);

 private:
  void prune_until(const std::stop_token& stop);
  Live(const LiveOptions& options, const Parts& parts, OutboundRules rules);

  Parts parts_;
  LiveCounters counters_;
  std::unique_ptr<OutboundRules> rules_;
  EventStore events_;
  EventHub hub_;
  std::shared_ptr<Webhooks> webhooks_;   // shared, because they are known by name alone here
  std::shared_ptr<MqttPublisher> mqtt_;  // null = no broker is told
  std::unique_ptr<Cameras> cameras_;
  std::atomic<std::int64_t> recorded_{0};
  std::chrono::milliseconds prune_every_;
  std::jthread pruning_;  // last: it uses the others
};

}  // namespace vultus::server
