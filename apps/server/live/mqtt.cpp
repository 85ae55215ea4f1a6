#include <apps/server/live/mqtt.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>

#include <mosquitto.h>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <apps/server/live/target_url.hpp>

namespace vultus::server {
namespace {

constexpr int kKeepAlive = 30;        // s
constexpr int kQualityOfService = 1;  // at least once
constexpr int kLoopMs = 100;
constexpr std::chrono::seconds kGoodbye{1};
constexpr BackOff kReconnect{.first = std::chrono::seconds(1), .longest = std::chrono::seconds(60)};
constexpr const char* kSystemCertificates = "/etc/ssl/certs";

/// What a broker keeps of a camera: its last event, or also that there is such a camera.
enum class Kept : std::uint8_t { state, all };

Error mqtt_error(const std::string& why) { return fail(ErrorCode::invalid_argument, "MQTT broker: " + why); }

}  // namespace

Result<MqttOptions> mqtt_options_from(const std::string& text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return mqtt_error("the address is mqtt://[USER@]HOST[:PORT][/PREFIX] or mqtts://...");
  const boost::urls::url_view& url = *parsed;
  MqttOptions options;
  options.tls = url.scheme() == "mqtts";
  if (!options.tls && url.scheme() != "mqtt") return mqtt_error("the address begins with mqtt:// or mqtts://");
  if (url.has_password()) return mqtt_error("the password does not belong in the address");
  if (url.has_query() || url.has_fragment()) return mqtt_error("the address has no ? and no #");
  VULTUS_TRY(options.host, host_name_from(std::string(url.encoded_host())));
  options.port = url.has_port() ? url.port_number() : options.tls ? 8883 : 1883;
  if (options.port == 0) return mqtt_error("the port is from 1 to 65535");
  options.user = url.user();
  std::string prefix = url.path();
  if (!prefix.empty() && !prefix.starts_with('/')) return mqtt_error("the host is none");
  while (prefix.starts_with('/')) prefix.erase(0, 1);
  while (prefix.ends_with('/')) prefix.pop_back();
  if (prefix.size() > 128 || prefix.starts_with('$') || prefix.find_first_of("+#") != std::string::npos)
    return mqtt_error("the prefix of topics has at most 128 characters, no + and #, and does not begin with $");
  if (!prefix.empty()) options.prefix = prefix;
  return options;
}

/// The library's handle, and what its thread is told.
class MqttPublisher::Client {
 public:
  Client(MqttOptions options, LiveCounters& counters) : options_(std::move(options)), counters_(counters) {
    static std::once_flag once;
    std::call_once(once, [] { mosquitto_lib_init(); });
    handle_ = mosquitto_new(nullptr, true, this);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() {
    stop();
    mosquitto_destroy(handle_);
  }

  Status start() {
    if (handle_ == nullptr) return fail(ErrorCode::resource_limit, "MQTT: no memory");
    const std::string place = topic("availability");
    int code = mosquitto_will_set(handle_, place.c_str(), 7, "offline", kQualityOfService, true);
    if (code == MOSQ_ERR_SUCCESS && !options_.user.empty())
      code = mosquitto_username_pw_set(handle_, options_.user.c_str(),
                                       options_.password.empty() ? nullptr : options_.password.c_str());
    if (code == MOSQ_ERR_SUCCESS && options_.tls)
      code = options_.ca_file.empty()
                 ? mosquitto_tls_set(handle_, nullptr, kSystemCertificates, nullptr, nullptr, nullptr)
                 : mosquitto_tls_set(handle_, options_.ca_file.c_str(), nullptr, nullptr, nullptr, nullptr);
    if (code != MOSQ_ERR_SUCCESS) return mqtt_error(mosquitto_strerror(code));
    mosquitto_connect_callback_set(
        handle_, [](mosquitto*, void* self, int refused) { static_cast<Client*>(self)->is_new_ = refused == 0; });
    mosquitto_disconnect_callback_set(handle_, [](mosquitto*, void* self, int) {
      static_cast<Client*>(self)->is_new_ = false;
      static_cast<Client*>(self)->is_there_ = false;
    });
    // The library's own thread does not come back where the first attempt was refused (2.0.11): this one does.
    mosquitto_threaded_set(handle_, true);
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    return {};
  }

  void stop() {
    if (!thread_.joinable()) return;
    if (is_there_) {
      send(topic("availability"), "offline", true);
      mosquitto_disconnect(handle_);
    }
    thread_.request_stop();
    thread_.join();
  }

  void publish(const LiveEvent& event, const std::string& camera_name) {
    if (!is_there_) {
      ++counters_.not_published;
      return;
    }
    {
      const std::scoped_lock lock(lock_);
      if (announced_.insert(event.camera).second) announce(event.camera, camera_name);
    }
    Json json = event_json(event);
    const std::string text = dumped(json);
    json["camera_name"] = camera_name;
    const bool sent = send(topic("events/" + event.camera), text, false);
    const bool kept = send(topic("cameras/" + event.camera + "/state"), dumped(json), true);
    ++(sent && kept ? counters_.published : counters_.not_published);
  }

  void clear(const std::string& camera, Kept what) {
    const std::scoped_lock lock(lock_);
    if (what == Kept::all) announced_.erase(camera);
    if (is_there_) return send_clearing(camera, what);
    Kept& waiting = clearings_.emplace(camera, what).first->second;
    waiting = std::max(waiting, what);
  }

  [[nodiscard]] bool is_there() const { return is_there_; }

 private:
  [[nodiscard]] std::string topic(const std::string& behind) const { return options_.prefix + "/" + behind; }
  static std::string config_topic(const std::string& camera) {
    return "homeassistant/sensor/vultus_" + camera + "/config";
  }
  static std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

  bool send(const std::string& place, const std::string& text, bool retained) {
    return mosquitto_publish(handle_, nullptr, place.c_str(), static_cast<int>(text.size()), text.data(),
                             kQualityOfService, retained) == MOSQ_ERR_SUCCESS;
  }

  void work(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::optional<std::chrono::steady_clock::time_point> leave_by;
    int failures = 0;
    int code = mosquitto_connect_async(handle_, options_.host.c_str(), options_.port, kKeepAlive);
    for (;;) {
      // What was said last is sent before it goes.
      if (stop.stop_requested() && !leave_by) leave_by = std::chrono::steady_clock::now() + kGoodbye;
      if (leave_by && (!is_there_ || std::chrono::steady_clock::now() > *leave_by)) return;
      if (code == MOSQ_ERR_SUCCESS) code = mosquitto_loop(handle_, kLoopMs, 1);
      if (code == MOSQ_ERR_SUCCESS) {
        if (is_new_.exchange(false)) arrive();
        if (is_there_) failures = 0;
        continue;
      }
      is_new_ = is_there_ = false;
      std::unique_lock lock(mutex);
      stopped.wait_for(lock, stop, kReconnect.wait(++failures, 1), [] { return false; });
      if (!stop.stop_requested()) code = mosquitto_reconnect_async(handle_);
    }
  }

  /// Behind the library's own part of a new connection, in which it sends again what the broker has not acknowledged:
  /// a clearing must come after an event that it clears.
  void arrive() {
    {
      const std::scoped_lock lock(lock_);
      announced_.clear();  // the broker may have forgotten
      for (const auto& [camera, what] : clearings_) send_clearing(camera, what);
      clearings_.clear();
      is_there_ = true;
    }
    send(topic("availability"), "online", true);
  }

  void send_clearing(const std::string& camera, Kept what) {
    send(topic("cameras/" + camera + "/state"), "", true);
    if (what == Kept::all) send(config_topic(camera), "", true);
  }

  /// A sensor whose state is the name of who came last, "unknown", or "lost".
  void announce(const std::string& camera, const std::string& name) {
    const std::string id = "vultus_" + camera;
    const Json config{{"name", name + " face"},
                      {"unique_id", id},
                      {"object_id", id},
                      {"icon", "mdi:face-recognition"},
                      {"state_topic", topic("cameras/" + camera + "/state")},
                      {"value_template", "{{ value_json.subject if value_json.kind == 'known' else value_json.kind }}"},
                      {"json_attributes_topic", topic("cameras/" + camera + "/state")},
                      {"availability_topic", topic("availability")},
                      {"device", {{"identifiers", {id}}, {"name", name}, {"manufacturer", "Vultus"}}}};
    send(config_topic(camera), dumped(config), true);
  }

  MqttOptions options_;
  LiveCounters& counters_;
  mosquitto* handle_ = nullptr;
  std::atomic<bool> is_new_ = false;    // a connection that was not looked after yet
  std::atomic<bool> is_there_ = false;  // becomes so under lock_
  std::mutex lock_;
  std::set<std::string> announced_;        // cameras, on this connection
  std::map<std::string, Kept> clearings_;  // of cameras, that wait for a connection
  std::jthread thread_;
};

MqttPublisher::MqttPublisher(std::unique_ptr<Client> client) : client_(std::move(client)) {}
MqttPublisher::~MqttPublisher() = default;

Result<std::shared_ptr<MqttPublisher>> MqttPublisher::connect(const MqttOptions& options, LiveCounters& counters) {
  auto client = std::make_unique<Client>(options, counters);
  VULTUS_CHECK(client->start());
  return std::shared_ptr<MqttPublisher>(new MqttPublisher(std::move(client)));
}

void MqttPublisher::publish(const LiveEvent& event, const std::string& camera_name) {
  client_->publish(event, camera_name);
}
void MqttPublisher::clear(const std::string& camera) { client_->clear(camera, Kept::state); }
void MqttPublisher::remove(const std::string& camera) { client_->clear(camera, Kept::all); }
void MqttPublisher::stop() { client_->stop(); }
bool MqttPublisher::is_connected() const { return client_->is_there(); }

}  // namespace vultus::server
