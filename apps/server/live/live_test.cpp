// Cameras and events at the routes, on networks that are none: people are colours.
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <apps/server/live/test_live_world.hpp>

namespace vultus::server {
namespace {

using testing::await;
using testing::Ear;
using testing::listen_to;
using testing::LiveWorld;
using testing::picture_of;
using testing::text_of;
using testing::World;

TEST_F(LiveWorld, OnlySourcesOnTheListsAreTaken) {
  const auto code = [&](const char* source) { return World::code(add(source)); };
  EXPECT_EQ(code("rtsp://10.0.0.1/live"), "target_not_allowed");
  EXPECT_EQ(code("https://[::1]/"), "target_not_allowed");
  EXPECT_EQ(code("camera:0"), "target_not_allowed");
  EXPECT_EQ(code("file:../outside.mp4"), "target_not_allowed");
  EXPECT_EQ(code("file:hall/../../outside.mp4"), "target_not_allowed");
  EXPECT_EQ(code("file:/etc/passwd"), "target_not_allowed");
  EXPECT_EQ(code("file:link.mp4"), "target_not_allowed");
  EXPECT_EQ(code("file:hall"), "target_not_allowed");
  EXPECT_EQ(code("file:missing.mp4"), "target_not_allowed");
  EXPECT_EQ(code("/etc/passwd"), "body_not_valid");
  EXPECT_EQ(code("/dev/video0"), "body_not_valid");
  EXPECT_EQ(code("concat:a|b"), "body_not_valid");
  EXPECT_EQ(code("udp://127.0.0.1:9/"), "body_not_valid");
  EXPECT_EQ(code("rtsp://2130706433/"), "body_not_valid");
  EXPECT_EQ(add("camera:63", {{"enabled", false}}).status, 201);
  EXPECT_EQ(World::code(add("camera:63", {{"collection", "none"}})), "collection_not_found");
  EXPECT_EQ(World::code(add("camera:63", {{"rules", {{"zones", {{{"name", "z"}, {"polygon", {{0, 0}, {1, 1}}}}}}}}})),
            "body_not_valid");
  EXPECT_EQ(World::code(world_->post("/v1/cameras", {{"name", "n"}}, world_->key("enrol"))), "scope_too_small");
}

TEST_F(LiveWorld, APasswordIsNeverToldAndLiesSealed) {
  const auto made = add("rtsp://joe:hush@127.0.0.1:1/live?token=hush", {{"enabled", false}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(World::json(made).at("source"), "rtsp://***@127.0.0.1:1/live?***");
  const std::string id = World::json(made).at("camera");
  world_->restart();
  EXPECT_EQ(camera(id).at("source"), "rtsp://***@127.0.0.1:1/live?***");
  EXPECT_EQ(camera(id).at("state"), "stopped");
  for (const char* file : {"server.db", "server.db-wal"}) {
    std::ifstream in(world_->data() / file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(bytes.find("hush"), std::string::npos) << file;
  }
  for (const std::string& line : world_->log()) EXPECT_EQ(line.find("hush"), std::string::npos);
}

TEST_F(LiveWorld, EventsAreFilteredPagedAndRemoved) {
  for (int i = 0; i < 3; ++i) happen(EventKind::known, ada_);
  world_->advance(std::chrono::seconds(60));
  happen(EventKind::unknown, 0, "guests", "d");
  EXPECT_EQ(events().size(), 4U);
  EXPECT_EQ(events().at(0).at("event"), 4) << "newest first";
  EXPECT_EQ(events("?camera=d").size(), 1U);
  EXPECT_EQ(events("?kind=unknown").at(0).at("subject"), nullptr);
  EXPECT_EQ(events("?subject=Ada%20Lovelace").size(), 3U);
  EXPECT_EQ(events("?subject=Grace").size(), 0U);
  EXPECT_EQ(events("?from=2026-02-01T10:01:00Z").size(), 1U);
  EXPECT_EQ(events("?to=2026-02-01T10:01:00Z").size(), 3U);
  const auto page = World::json(world_->get("/v1/events?limit=3"));
  const auto rest = World::json(world_->get("/v1/events?limit=3&cursor=" + page.at("next").get<std::string>()));
  EXPECT_EQ(rest.at("events").size(), 1U);
  EXPECT_EQ(rest.at("next"), nullptr);
  EXPECT_EQ(World::code(world_->get("/v1/events?from=yesterday")), "parameter_not_valid");
  EXPECT_EQ(World::code(world_->get("/v1/events?cursor=eA")), "parameter_not_valid");
  EXPECT_EQ(world_->ask(Method::del, "/v1/events/1").status, 200);
  EXPECT_EQ(World::code(world_->get("/v1/events/1")), "event_not_found");
  EXPECT_EQ(World::json(world_->ask(Method::del, "/v1/events?camera=c")).at("removed"), 2);
  EXPECT_EQ(events().size(), 1U);
}

TEST_F(LiveWorld, WhatIsKnownOfAPersonGoesWithThePerson) {
  happen(EventKind::known, ada_);
  const auto grace = world_->enrol("staff", "Grace Hopper", picture_of(120, 60));
  happen(EventKind::known, grace);
  EXPECT_EQ(world_->post("/v1/collections/staff/subjects/" + std::to_string(ada_) + "/forget", {}).status, 200);
  ASSERT_EQ(events().size(), 1U);
  EXPECT_EQ(events().at(0).at("subject"), "Grace Hopper");
  EXPECT_EQ(world_->get("/v1/events/1/picture").status, 404);
  happen(EventKind::lost, ada_);
  EXPECT_EQ(events().size(), 1U) << "somebody who is forgotten is not told again";
  EXPECT_EQ(world_->ask(Method::del, "/v1/collections/staff/subjects/" + std::to_string(grace)).status, 200);
  EXPECT_EQ(events().size(), 0U);
}

TEST_F(LiveWorld, NamesAndPicturesLieSealed) {
  happen(EventKind::known, ada_);
  world_->service().live().stop();
  for (const char* file : {"server.db", "server.db-wal"}) {
    std::ifstream in(world_->data() / file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(bytes.find("Lovelace"), std::string::npos) << file;
    EXPECT_EQ(bytes.find("door"), std::string::npos) << file;
  }
}

TEST_F(LiveWorld, OldAndTooManyEventsGo) {
  world_->restart();
  happen(EventKind::unknown, 0);
  world_->advance(std::chrono::hours(31 * 24));
  happen(EventKind::unknown, 0);
  world_->restart();
  ASSERT_EQ(events().size(), 1U);
  EXPECT_EQ(events().at(0).at("event"), 2);
}

TEST(LiveEvents, GoWithTheirTimeWhereNothingElseHappens) {
  World world([](ServerOptions& options) {
    LiveOptions live;
    live.prune_every = testing::milliseconds(20);
    options.live = std::make_shared<const LiveOptions>(std::move(live));
  });
  world.make_collection("staff");
  const Happening what{.kind = EventKind::unknown, .track = TrackId(1), .box = {1, 2, 3, 4}};
  const auto staff = world.service().collections().use("staff").value();
  ASSERT_TRUE(world.service().live().record({.id = "c", .name = "hall"}, *staff, what));
  const auto events = [&] { return World::json(world.get("/v1/events")).at("events").size(); };
  world.advance(std::chrono::hours(30 * 24));
  std::this_thread::sleep_for(testing::milliseconds(100));
  EXPECT_EQ(events(), 1U);
  world.advance(std::chrono::seconds(1));
  EXPECT_TRUE(await([&] { return events() == 0; }));
}

TEST_F(LiveWorld, AStreamOfEventsGoesOnWhereItBrokeOff) {
  happen(EventKind::known, ada_);
  happen(EventKind::lost, ada_);
  const auto all = listen_to(world_->ask(Method::get, "/v1/events/stream", {.headers = {{"Last-Event-ID", "1"}}}));
  const auto fresh = listen_to(world_->get("/v1/events/stream?kind=known"));
  ASSERT_TRUE(await([&] { return text_of(all).find("id: 2\nevent: lost\n") != std::string::npos; })) << text_of(all);
  EXPECT_EQ(text_of(all).find("id: 1\n"), std::string::npos);
  happen(EventKind::unknown, 0);
  happen(EventKind::known, ada_);
  ASSERT_TRUE(await([&] { return text_of(fresh).find("id: 4\nevent: known\n") != std::string::npos; }));
  EXPECT_EQ(text_of(fresh).find("id: 3\n"), std::string::npos);
  EXPECT_EQ(text_of(fresh).find("id: 2\n"), std::string::npos);
  ASSERT_TRUE(await([&] { return text_of(all).find("id: 4\n") != std::string::npos; }));
  EXPECT_LT(text_of(all).find("id: 3\n"), text_of(all).find("id: 4\n"));
  EXPECT_EQ(World::code(world_->ask(Method::get, "/v1/events/stream", {.headers = {{"Last-Event-ID", "x"}}})),
            "parameter_not_valid");
  world_->service().live().stop();
  EXPECT_TRUE(all->closed);
}

TEST_F(LiveWorld, AKeySeesCamerasAndEventsOfItsCollectionsAlone) {
  const std::string id = World::json(add("camera:63", {{"enabled", false}})).at("camera");
  happen(EventKind::known, ada_);
  happen(EventKind::unknown, 0, "guests");
  const std::string key = world_->key("admin", {"guests"});
  EXPECT_TRUE(World::json(world_->get("/v1/cameras", key)).at("cameras").empty());
  EXPECT_EQ(World::json(world_->get("/v1/events", key)).at("events").size(), 1U);
  EXPECT_EQ(World::json(world_->get("/v1/events?subject=Ada%20Lovelace", key)).at("events").size(), 0U);
  for (const char* behind : {"", "/picture", "/stream"})
    EXPECT_EQ(World::code(world_->get("/v1/cameras/" + id + behind, key)), "camera_not_found") << behind;
  for (const char* behind : {"", "/picture"})
    EXPECT_EQ(World::code(world_->get(std::string("/v1/events/1") + behind, key)), "event_not_found") << behind;
  EXPECT_EQ(World::code(world_->ask(Method::del, "/v1/events/1", {.key = key})), "event_not_found");
  EXPECT_EQ(World::code(world_->ask(Method::del, "/v1/cameras/" + id, {.key = key})), "camera_not_found");
  EXPECT_EQ(World::code(world_->ask(Method::patch, "/v1/cameras/" + id, {.body = "{}", .key = key})),
            "camera_not_found");
  EXPECT_EQ(World::code(add("camera:63", {}, key)), "collection_not_found");
  EXPECT_EQ(World::json(world_->ask(Method::del, "/v1/events", {.key = key})).at("removed"), 1);
  EXPECT_EQ(events().size(), 1U) << "what the key does not see stays";
  const auto heard = listen_to(world_->get("/v1/events/stream", key));
  happen(EventKind::known, ada_);
  happen(EventKind::unknown, 0, "guests");
  ASSERT_TRUE(await([&] { return text_of(heard).find("id: 4\n") != std::string::npos; }));
  EXPECT_EQ(text_of(heard).find("id: 3\n"), std::string::npos);
}

TEST_F(LiveWorld, TheStoreIsAskedWhenSomethingHappensAndNotAgain) {
  const auto ada = listen_to(world_->get("/v1/events/stream?kind=known"));
  const auto deaf = listen_to(world_->get("/v1/events/stream?camera=none"));
  for (int i = 0; i < 3; ++i) happen(EventKind::unknown, 0);
  happen(EventKind::known, ada_);
  ASSERT_TRUE(await([&] { return text_of(ada).find("id: 4\n") != std::string::npos; }));
  const EventHub& hub = world_->service().live().hub();
  // The other one is served in the same round, at the latest in the next one.
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  const auto reads = hub.reads();
  EXPECT_LE(reads, 2U * 4U);
  std::this_thread::sleep_for(std::chrono::milliseconds(1'200));
  EXPECT_EQ(hub.reads(), reads) << "nothing has happened, nobody is behind";
  EXPECT_EQ(text_of(deaf).find("id: "), std::string::npos);
}

TEST_F(LiveWorld, OneKeyCannotTakeAllSeats) {
  const std::string tenant = world_->key("read", {"staff"});
  std::vector<std::shared_ptr<Ear::Heard>> ears;
  for (std::size_t i = 0; i < EventHub::kMostOfOneKey; ++i)
    ears.push_back(listen_to(world_->get("/v1/events/stream", tenant)));
  EXPECT_EQ(World::code(world_->get("/v1/events/stream", tenant)), "too_many_viewers");
  EXPECT_EQ(world_->get("/v1/events/stream", world_->key("read", {"guests"})).status, 200);
}

TEST_F(LiveWorld, CamerasAreChangedBoundedAndGoWithTheirCollection) {
  const std::string id = World::json(add("camera:63", {{"enabled", false}})).at("camera");
  const auto changed = world_->ask(Method::patch, "/v1/cameras/" + id,
                                   {.body = R"({"name": "gate", "rules": {"minimum_face_px": 40}})"});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(World::json(changed).at("name"), "gate");
  EXPECT_EQ(World::json(changed).at("rules").at("minimum_face_px"), 40.0);
  EXPECT_EQ(World::json(changed).at("rules").at("once_per_visit_s"), 60.0);
  EXPECT_EQ(add("camera:63").status, 201);
  EXPECT_EQ(add("camera:63", {{"enabled", false}}).status, 201);
  EXPECT_EQ(World::code(add("camera:63")), "too_many_cameras");
  EXPECT_EQ(World::code(world_->ask(Method::del, "/v1/collections/staff")), "collection_in_use");
  const auto all = World::json(world_->get("/v1/cameras"));
  for (const auto& one : all.at("cameras"))
    world_->ask(Method::patch, "/v1/cameras/" + one.at("camera").get<std::string>(), {.body = R"({"enabled": false})"});
  happen(EventKind::known, ada_);
  const auto gone = world_->ask(Method::del, "/v1/collections/staff");
  EXPECT_EQ(gone.status, 200) << gone.body;
  EXPECT_TRUE(World::json(world_->get("/v1/cameras")).at("cameras").empty());
  EXPECT_EQ(events().size(), 0U);
}

TEST(MqttAddresses, AreTakenApart) {
  const MqttOptions options = mqtt_options_from("mqtts://joe@Broker.LAN/home/vultus/").value();
  EXPECT_TRUE(options.tls);
  EXPECT_EQ(options.user, "joe");
  EXPECT_EQ(options.host, "broker.lan");
  EXPECT_EQ(options.port, 8883);
  EXPECT_EQ(options.prefix, "home/vultus");
  EXPECT_EQ(mqtt_options_from("mqtt://[::1]:1884").value().port, 1884);
  for (const char* none :
       {"", "http://a", "mqtt://", "mqtt://joe:hush@a", "mqtt://a/x+y", "mqtt://a/$SYS", "mqtt://a?x"})
    EXPECT_FALSE(mqtt_options_from(none)) << none;
}

}  // namespace
}  // namespace vultus::server
