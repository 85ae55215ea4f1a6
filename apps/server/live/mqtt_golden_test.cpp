// MQTT with a real broker: Debian's mosquitto.
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <mosquitto.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vultus/core/test_folder.hpp>

#include <apps/server/live/live.hpp>
#include <apps/server/live/mqtt.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::World;

bool await_true(const std::function<bool()>& done) {
  for (int i = 0; i < 500 && !done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return done();
}

/// A broker that wants a password, on a port that was free a moment ago.
class Broker {
 public:
  explicit Broker(int port) : port_(port) {
    const std::string passwords = (folder_.path() / "passwords").string();
    // The broker gives up root's rights, and keeps what is retained over a restart.
    std::filesystem::create_directory(folder_.path() / "kept");
    std::filesystem::permissions(folder_.path() / "kept", std::filesystem::perms::all);
    EXPECT_EQ(std::system(("mosquitto_passwd -c -b '" + passwords + "' joe hush 2>/dev/null").c_str()), 0);
    EXPECT_EQ(std::system(("chmod 755 '" + folder_.path().string() + "'; chmod 644 '" + passwords + "'").c_str()), 0);
    std::ofstream(folder_.path() / "broker.conf")
        << "listener " << port << " 127.0.0.1\nallow_anonymous false\npassword_file " << passwords
        << "\npersistence true\npersistence_location " << (folder_.path() / "kept").string() << "/\n";
    start();
  }
  ~Broker() { stop(); }
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;
  void start() {
    std::string program = "/usr/sbin/mosquitto", option = "-c", file = (folder_.path() / "broker.conf").string();
    std::array<char*, 4> arguments{program.data(), option.data(), file.data(), nullptr};
    ASSERT_EQ(::posix_spawn(&process_, program.c_str(), nullptr, nullptr, arguments.data(), environ), 0);
  }
  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  [[nodiscard]] MqttOptions options() const {
    MqttOptions options = mqtt_options_from("mqtt://joe@127.0.0.1:" + std::to_string(port_) + "/home/vultus").value();
    options.password = "hush";
    return options;
  }

 private:
  TestFolder folder_;
  int port_;
  pid_t process_ = 0;
};

/// Somebody who hears everything.
class Subscriber {
 public:
  explicit Subscriber(const MqttOptions& options) : handle_(mosquitto_new(nullptr, true, this)) {
    mosquitto_username_pw_set(handle_, "joe", "hush");
    mosquitto_connect_callback_set(handle_,
                                   [](mosquitto* handle, void*, int) { mosquitto_subscribe(handle, nullptr, "#", 1); });
    mosquitto_message_callback_set(handle_, [](mosquitto*, void* self, const mosquitto_message* message) {
      auto* subscriber = static_cast<Subscriber*>(self);
      const std::scoped_lock lock(subscriber->lock_);
      subscriber->heard_[message->topic] = {static_cast<const char*>(message->payload),
                                            static_cast<std::size_t>(message->payloadlen)};
    });
    EXPECT_TRUE(await_true([&] { return mosquitto_connect(handle_, options.host.c_str(), options.port, 30) == 0; }));
    mosquitto_loop_start(handle_);
  }
  ~Subscriber() {
    mosquitto_disconnect(handle_);
    mosquitto_loop_stop(handle_, true);
    mosquitto_destroy(handle_);
  }
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;
  std::string heard(const std::string& topic) {
    const std::scoped_lock lock(lock_);
    const auto at = heard_.find(topic);
    return at == heard_.end() ? "" : at->second;
  }

 private:
  mosquitto* handle_;
  std::mutex lock_;
  std::map<std::string, std::string> heard_;
};

LiveEvent event_of(std::int64_t id) {
  LiveEvent event{.id = id, .camera = "c0ffee", .collection = "staff"};
  event.what = {.kind = EventKind::known, .track = TrackId(1), .subject = SubjectId(1), .name = "Ada Lovelace"};
  return event;
}

TEST(Mqtt, TellsABrokerWhoCameAndThatItIsThere) {
  Broker broker(20'000 + ::getpid() % 20'000);
  LiveCounters counters;
  const auto publisher = MqttPublisher::connect(broker.options(), counters).value();
  ASSERT_TRUE(await_true([&] { return publisher->is_connected(); }));
  Subscriber subscriber(broker.options());
  ASSERT_TRUE(await_true([&] { return subscriber.heard("home/vultus/availability") == "online"; }))
      << "retained: the subscriber came later";
  publisher->publish(event_of(7), "front door");
  ASSERT_TRUE(await_true([&] { return !subscriber.heard("home/vultus/cameras/c0ffee/state").empty(); }));
  const Json event = Json::parse(subscriber.heard("home/vultus/events/c0ffee"));
  EXPECT_EQ(event, event_json(event_of(7)));
  EXPECT_EQ(Json::parse(subscriber.heard("home/vultus/cameras/c0ffee/state")).at("camera_name"), "front door");
  const Json config = Json::parse(subscriber.heard("homeassistant/sensor/vultus_c0ffee/config"));
  EXPECT_EQ(config.at("state_topic"), "home/vultus/cameras/c0ffee/state");
  EXPECT_EQ(config.at("availability_topic"), "home/vultus/availability");
  EXPECT_EQ(counters.published, 1);
  publisher->clear("c0ffee");
  EXPECT_TRUE(await_true([&] { return subscriber.heard("home/vultus/cameras/c0ffee/state").empty(); }));
  publisher->stop();
  EXPECT_TRUE(await_true([&] { return subscriber.heard("home/vultus/availability") == "offline"; }));
}

TEST(Mqtt, WaitsForNoBrokerAndFindsItWhenItComesBack) {
  Broker broker(40'000 + ::getpid() % 20'000);
  LiveCounters counters;
  const auto publisher = MqttPublisher::connect(broker.options(), counters).value();
  ASSERT_TRUE(await_true([&] { return publisher->is_connected(); }));
  broker.stop();
  ASSERT_TRUE(await_true([&] { return !publisher->is_connected(); }));
  const auto began = std::chrono::steady_clock::now();
  publisher->publish(event_of(1), "front door");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(100));
  EXPECT_EQ(counters.not_published, 1);
  broker.start();
  ASSERT_TRUE(await_true([&] { return publisher->is_connected(); }));
  publisher->publish(event_of(2), "front door");
  EXPECT_EQ(counters.published, 1);
}

TEST(Mqtt, WhatWasClearedWhileTheBrokerWasAwayIsClearedWhenItIsBack) {
  Broker broker(20'000 + ::getpid() % 20'000);
  LiveCounters counters;
  const auto publisher = MqttPublisher::connect(broker.options(), counters).value();
  ASSERT_TRUE(await_true([&] { return publisher->is_connected(); }));
  publisher->publish(event_of(1), "front door");
  const std::string state = "home/vultus/cameras/c0ffee/state";
  {
    Subscriber subscriber(broker.options());
    ASSERT_TRUE(await_true([&] { return !subscriber.heard(state).empty(); }));
  }
  broker.stop();
  ASSERT_TRUE(await_true([&] { return !publisher->is_connected(); }));
  publisher->clear("c0ffee");
  broker.start();
  ASSERT_TRUE(await_true([&] { return publisher->is_connected(); }));
  Subscriber late(broker.options());
  ASSERT_TRUE(await_true([&] { return late.heard("home/vultus/availability") == "online"; }));
  // What the broker keeps comes together: the states would be here, too.
  EXPECT_TRUE(await_true([&] { return !late.heard("homeassistant/sensor/vultus_c0ffee/config").empty(); }));
  EXPECT_EQ(late.heard(state), "");
}

TEST(Mqtt, ACameraThatIsRemovedLeavesNothingAtTheBroker) {
  Broker broker(20'000 + ::getpid() % 20'000);
  World world([&](ServerOptions& options) {
    LiveOptions live;
    live.mqtt = broker.options();
    live.allow_targets = {"camera:63"};
    options.live = std::make_shared<const LiveOptions>(std::move(live));
  });
  world.make_collection("staff");
  world.make_collection("guests");
  Subscriber subscriber(broker.options());
  const auto camera_with_event = [&](const std::string& collection) {
    std::string id =
        World::json(
            world.post("/v1/cameras",
                       {{"name", "hall"}, {"source", "camera:63"}, {"collection", collection}, {"enabled", false}}))
            .at("camera");
    const auto lease = world.service().collections().use(collection).value();
    const Happening what{.kind = EventKind::unknown, .track = TrackId(1), .box = {1, 2, 3, 4}};
    // Again and again: what happens before the server has found the broker is not told there.
    EXPECT_TRUE(await_true([&] {
      return !world.service().live().record({.id = id, .name = "hall"}, *lease, what) ||
             !subscriber.heard("home/vultus/cameras/" + id + "/state").empty();
    }));
    return id;
  };
  const auto is_gone = [&](const std::string& id) {
    return subscriber.heard("home/vultus/cameras/" + id + "/state").empty() &&
           subscriber.heard("homeassistant/sensor/vultus_" + id + "/config").empty();
  };
  const std::string one = camera_with_event("staff");
  const std::string other = camera_with_event("guests");
  EXPECT_FALSE(is_gone(one));
  ASSERT_EQ(world.ask(Method::del, "/v1/cameras/" + one).status, 200);
  EXPECT_TRUE(await_true([&] { return is_gone(one); }));
  EXPECT_FALSE(is_gone(other));
  ASSERT_EQ(world.ask(Method::del, "/v1/collections/guests").status, 200);
  EXPECT_TRUE(await_true([&] { return is_gone(other); }));
}

TEST(Mqtt, AWrongPasswordIsNoConnection) {
  Broker broker(30'000 + ::getpid() % 10'000);
  MqttOptions options = broker.options();
  options.password = "wrong";
  LiveCounters counters;
  const auto publisher = MqttPublisher::connect(options, counters).value();
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_FALSE(publisher->is_connected());
}

}  // namespace
}  // namespace vultus::server
