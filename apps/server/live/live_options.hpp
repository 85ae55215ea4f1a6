// What the live part of a server is told.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <apps/server/live/camera.hpp>
#include <apps/server/live/event_store.hpp>
#include <apps/server/live/resolver.hpp>

namespace vultus::server {

/// A broker that events are published to.
struct MqttOptions {
  std::string host;
  std::uint16_t port = 1883;
  bool tls = false;
  std::string user;
  std::string password;
  std::string prefix = "vultus";  ///< of all topics
  std::string ca_file;            ///< trusted instead of the system's certificates; empty = those
};

struct WebhookLimits {
  std::size_t most = 16;               ///< webhooks, each with a thread of its own
  int attempts = 8;                    ///< then a message is a dead letter
  std::int64_t most_waiting = 10'000;  ///< messages of a webhook; more become dead letters at once
  std::int64_t most_dead = 1'000;      ///< dead letters of a webhook that are kept, the newest
  BackOff back_off{.first = std::chrono::seconds(5), .longest = std::chrono::hours(1)};
  std::chrono::milliseconds patience{10'000};  ///< for connecting, sending and the answer, each
};

struct LiveOptions {
  std::filesystem::path camera_folder;     ///< below it lie files that stand for cameras; empty = none
  std::vector<std::string> allow_targets;  ///< see Targets::from
  std::string ca_file;                     ///< certificates that are trusted beside those of the system; PEM
  std::size_t max_cameras = 16;            ///< each has a thread of its own, and networks
  EventLimits events;
  BackOff camera_back_off;
  std::chrono::milliseconds camera_patience{10'000};
  WebhookLimits webhooks;
  std::optional<MqttOptions> mqtt;
  Resolver resolve = resolve_host;
  std::chrono::milliseconds prune_every = std::chrono::hours(1);  ///< how long events outlive EventLimits at most
  bool start = true;  ///< cameras, webhooks and streams begin with the server
};

}  // namespace vultus::server
