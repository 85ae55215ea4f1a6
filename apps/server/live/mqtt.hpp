// Events to a broker of MQTT, for home automation.
#pragma once

#include <memory>
#include <string>

#include <vultus/core/result.hpp>

#include <apps/server/live/event_store.hpp>
#include <apps/server/live/live_counters.hpp>
#include <apps/server/live/live_options.hpp>

namespace vultus::server {

/// "mqtt://user@host:1883/prefix", "mqtts://host". The password does not stand in it: command lines are seen by others.
/// @error invalid_argument  no such address, a password in it, a prefix with +, # or $
[[nodiscard]] Result<MqttOptions> mqtt_options_from(const std::string& url);

/// Thread-safe; nothing of it waits for the broker. While none is there events are dropped and counted: what counts
/// is in server.db, and the state of each camera is sent again with its next event.
///
///   <prefix>/availability            "online" or "offline", retained; the broker says "offline" when the server dies
///   <prefix>/events/<camera>         each event as in GET /v1/events/{event}
///   <prefix>/cameras/<camera>/state  the last event, retained, with the name of the camera
///   homeassistant/sensor/vultus_<camera>/config   retained: Home Assistant finds a sensor "who came last"
class MqttPublisher {
 public:
  /// Connects in the background, again and again.
  /// @error invalid_argument  options that the library refuses
  static Result<std::shared_ptr<MqttPublisher>> connect(const MqttOptions& options, LiveCounters& counters);
  ~MqttPublisher();
  MqttPublisher(const MqttPublisher&) = delete;
  MqttPublisher& operator=(const MqttPublisher&) = delete;

  void publish(const LiveEvent& event, const std::string& camera_name);
  // Where the broker is away, it is told when it is back, as long as this lives.
  void clear(const std::string& camera);   ///< the broker keeps the last event of it no longer
  void remove(const std::string& camera);  ///< nor that there is such a camera
  void stop();                             ///< says goodbye
  [[nodiscard]] bool is_connected() const;

 private:
  class Client;
  explicit MqttPublisher(std::unique_ptr<Client> client);
  std::unique_ptr<Client> client_;
};

}  // namespace vultus::server
