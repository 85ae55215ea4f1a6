// Cameras and events at the routes, on networks that are none: people are colours.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/media/video_writer.hpp>

#include <apps/server/live/live.hpp>
#include <apps/server/live/mqtt.hpp>
#include <apps/server/live/sealer.hpp>
#include <apps/server/live/test_stream.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::picture_of;
using testing::TestJson;
using testing::TestStream;
using testing::World;

bool await(const std::function<bool()>& done, milliseconds within = std::chrono::seconds(20)) {
  const auto end = std::chrono::steady_clock::now() + within;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return true;
}

/// A caller's end of a stream, with what has come.
class Ear : public StreamWriter {
 public:
  struct Heard {
    std::mutex lock;
    std::string text;
    std::size_t waiting = 0;
    bool closed = false;
  };
  explicit Ear(std::shared_ptr<Heard> heard) : heard_(std::move(heard)) {}
  bool write(std::string bytes) override {
    const std::scoped_lock lock(heard_->lock);
    heard_->text += bytes;
    return !heard_->closed;
  }
  [[nodiscard]] std::size_t waiting() const override {
    const std::scoped_lock lock(heard_->lock);
    return heard_->waiting;
  }
  void close() override {
    const std::scoped_lock lock(heard_->lock);
    heard_->closed = true;
  }
  void on_closed(std::function<void()>) override {}

 private:
  std::shared_ptr<Heard> heard_;
};

std::shared_ptr<Ear::Heard> listen_to(const Response& response) {
  auto heard = std::make_shared<Ear::Heard>();
  EXPECT_TRUE(response.stream) << response.body;
  if (response.stream) response.stream(std::make_shared<Ear>(heard));
  return heard;
}
std::string text_of(const std::shared_ptr<Ear::Heard>& heard) {
  const std::scoped_lock lock(heard->lock);
  return heard->text;
}

class LiveWorld : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_.path() / "cameras" / "hall");
    std::ofstream(folder_.path() / "outside.mp4") << "not a film";
    std::ofstream(folder_.path() / "cameras" / "garbage.mp4") << std::string(100'000, 'x');
    fs::create_symlink("../outside.mp4", folder_.path() / "cameras" / "link.mp4");
    world_ = std::make_unique<World>([this](ServerOptions& options) {
      LiveOptions live;
      live.camera_folder = folder_.path() / "cameras";
      live.allow_targets = {"127.0.0.1", "camera:63"};
      live.camera_back_off = {.first = milliseconds(100), .longest = milliseconds(400)};
      live.camera_patience = milliseconds(2'000);
      live.max_cameras = 3;
      options.live = std::make_shared<const LiveOptions>(std::move(live));
      options.faces.lookers = 1;
    });
    world_->make_collection("staff");
    world_->make_collection("guests");
    ada_ = world_->enrol("staff", "Ada Lovelace", picture_of(50, 60));
  }
  /// A film in which a person stands for some seconds.
  void make_film(const std::string& name, int red, int frames) const {
    const std::string png = picture_of(red, 56);
    const auto picture = media::decode_picture({reinterpret_cast<const std::uint8_t*>(png.data()), png.size()}).value();
    Image frame = Image::create(160, 160, PixelFormat::rgb8).value();
    auto writer =
        media::VideoWriter::open((folder_.path() / "cameras" / name).string(), 160, 160, {.quality = 10}).value();
    for (int i = 0; i < frames; ++i) {
      ASSERT_TRUE(media::resize_into(picture.image.view(), {0, 0, 160, 160}, frame.mutable_view()));
      ASSERT_TRUE(writer.add(frame.view(), Seconds(i / 25.0)));
    }
    ASSERT_TRUE(writer.finish());
  }
  Response add(const std::string& source, const TestJson& more = {}, const std::string& key = "admin") {
    TestJson body{{"name", "hall"}, {"source", source}, {"collection", "staff"}};
    if (more.is_object()) body.update(more);
    return world_->post("/v1/cameras", body, key);
  }
  TestJson camera(const std::string& id) { return World::json(world_->get("/v1/cameras/" + id)); }
  TestJson events(const std::string& query = "") { return World::json(world_->get("/v1/events" + query)).at("events"); }
  void happen(EventKind kind, std::int64_t subject, const std::string& collection = "staff",
              const std::string& camera = "c") {
    const auto lease = world_->service().collections().use(collection).value();
    Happening what{.kind = kind, .track = TrackId(1), .zone = "door", .box = {1, 2, 3, 4}, .picture = {0xff, 0xd8, 1}};
    if (subject > 0) what.subject = SubjectId(subject);
    ASSERT_TRUE(world_->service().live().record({.id = camera, .name = "hall"}, *lease, what));
  }
  TestFolder folder_;
  std::unique_ptr<World> world_;
  std::int64_t ada_ = 0;
};

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

TEST_F(LiveWorld, AFileStandsForACameraAndSaysWhoCame) {
  make_film("ada.mp4", 56, 60);
  const auto made = add("file:ada.mp4");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string id = World::json(made).at("camera");
  ASSERT_TRUE(await([&] { return events("?kind=known").size() == 1; })) << camera(id) << events();
  const auto known = events("?kind=known").at(0);
  EXPECT_EQ(known.at("subject"), "Ada Lovelace");
  EXPECT_EQ(known.at("camera"), id);
  EXPECT_GE(known.at("similarity").get<double>(), known.at("threshold").get<double>());
  ASSERT_TRUE(await([&] { return camera(id).at("state") == "stopped"; })) << camera(id);
  EXPECT_EQ(events("?kind=lost").size(), 1U);
  EXPECT_EQ(events().size(), 2U) << events();
  const auto picture = world_->get("/v1/events/" + known.at("event").dump() + "/picture");
  EXPECT_EQ(picture.status, 200);
  EXPECT_EQ(picture.body.substr(0, 2), "\xff\xd8");
  EXPECT_EQ(World::code(world_->get("/v1/cameras/" + id + "/picture")), "no_camera_picture") << "it is over";
  const std::string metrics = world_->get("/metrics").body;
  EXPECT_NE(metrics.find("vultus_events_total{kind=\"known\"} 1\n"), std::string::npos) << metrics;
  EXPECT_EQ(metrics.find("Ada"), std::string::npos);
}

TEST_F(LiveWorld, APreviewIsSeenWhileItRunsAndTheCameraStopsWithinASecond) {
  make_film("loop.mp4", 120, 50);
  const std::string id = World::json(add("file:loop.mp4", {{"loop", true}})).at("camera");
  ASSERT_TRUE(await([&] { return world_->get("/v1/cameras/" + id + "/picture").status == 200; })) << camera(id);
  EXPECT_EQ(camera(id).at("state"), "running");
  const Response stream = world_->get("/v1/cameras/" + id + "/stream");
  ASSERT_EQ(stream.status, 200);
  EXPECT_EQ(stream.headers.find("Content-Type"), "multipart/x-mixed-replace; boundary=vultus-frame");
  const auto heard = listen_to(stream);
  ASSERT_TRUE(await([&] { return text_of(heard).size() > 3000; }));
  EXPECT_TRUE(text_of(heard).starts_with("--vultus-frame\r\nContent-Type: image/jpeg\r\nContent-Length: "));
  const auto slow = listen_to(world_->get("/v1/cameras/" + id + "/stream"));
  {
    const std::scoped_lock lock(slow->lock);
    slow->waiting = 1;
    slow->text.clear();
  }
  const std::size_t before = text_of(heard).size();
  ASSERT_TRUE(await([&] { return text_of(heard).size() > before + 3000; }));
  EXPECT_EQ(text_of(slow), "") << "who has not taken a picture loses the next";
  std::vector<Response> seats;
  while (seats.size() < Preview::kMostViewers) {
    seats.push_back(world_->get("/v1/cameras/" + id + "/stream"));
    if (seats.back().status != 200) break;
  }
  EXPECT_EQ(World::code(seats.back()), "too_many_viewers");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(world_->ask(Method::del, "/v1/cameras/" + id).status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(1));
  EXPECT_TRUE(heard->closed);
  EXPECT_EQ(World::code(world_->get("/v1/cameras/" + id)), "camera_not_found");
}

TEST_F(LiveWorld, GarbageIsAnErrorAndTriedAgain) {
  const std::string id = World::json(add("file:garbage.mp4")).at("camera");
  ASSERT_TRUE(await([&] { return camera(id).at("state") == "waiting"; })) << camera(id);
  const std::string error = camera(id).at("error");
  EXPECT_NE(error.find("file:garbage.mp4"), std::string::npos) << error;
  EXPECT_EQ(error.find(folder_.path().string()), std::string::npos) << error;
  make_film("better.mp4", 56, 40);
  fs::rename(folder_.path() / "cameras" / "better.mp4", folder_.path() / "cameras" / "garbage.mp4");
  EXPECT_TRUE(await([&] { return events("?kind=known").size() == 1; })) << camera(id);
}

std::string jpeg_part() {
  const std::string png = picture_of(56, 56);
  const auto picture = media::decode_picture({reinterpret_cast<const std::uint8_t*>(png.data()), png.size()}).value();
  const auto jpeg = media::encode_jpeg(picture.image.view()).value();
  return "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(jpeg.size()) + "\r\n\r\n" +
         std::string(jpeg.begin(), jpeg.end()) + "\r\n";
}

constexpr const char* kMotionJpeg =
    "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n";

TEST_F(LiveWorld, ACameraThatSpeaksHttpIsFollowedAndOpenedAgainWhenItBreaksOff) {
  const std::string part = jpeg_part();
  const TestStream stream(kMotionJpeg, [&](int i) { return i < 60 ? part : std::string(); });
  const std::string id =
      World::json(add("http://joe:hush@127.0.0.1:" + std::to_string(stream.port()) + "/video?x=1")).at("camera");
  ASSERT_TRUE(await([&] { return events("?kind=known").size() == 1; })) << camera(id);
  EXPECT_EQ(stream.last_request().substr(0, stream.last_request().find('\r')), "GET /video?x=1 HTTP/1.1");
  EXPECT_NE(stream.last_request().find("Authorization: Basic am9lOmh1c2g="), std::string::npos);
  ASSERT_TRUE(await([&] { return stream.connections() >= 2; })) << camera(id);
  EXPECT_TRUE(await([&] { return events("?kind=lost").size() == 1; })) << "the visit ended with the connection";
  EXPECT_EQ(events("?kind=known").size(), 1U) << "it is the same visit";
  EXPECT_EQ(camera(id).dump().find("hush"), std::string::npos);
}

TEST_F(LiveWorld, GarbageRedirectsAndPlaylistsOfACameraAreErrors) {
  const std::string place = "http://127.0.0.1:";
  const TestStream inside(kMotionJpeg, [](int) { return std::string(); });
  const std::string there = place + std::to_string(inside.port()) + "/";
  const TestStream garbage(kMotionJpeg,
                           [](int i) { return i < 20 ? std::string(5000, static_cast<char>(7 * i)) : ""; });
  const TestStream redirect("HTTP/1.1 302 Found\r\nLocation: " + there + "\r\nContent-Length: 0\r\n\r\n",
                            [](int) { return std::string(); });
  const TestStream playlist("HTTP/1.1 200 OK\r\nContent-Type: application/x-mpegurl\r\n\r\n", [&](int i) {
    return i == 0 ? "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + there + "a.ts\n#EXT-X-ENDLIST\n" : std::string();
  });
  std::vector<std::pair<std::string, std::string>> cameras;
  for (const auto* stream : {&garbage, &redirect, &playlist})
    cameras.emplace_back(World::json(add(place + std::to_string(stream->port()))).at("camera"), "");
  for (auto& [id, error] : cameras) {
    ASSERT_TRUE(await([&] { return camera(id).at("state") == "waiting"; })) << camera(id);
    error = camera(id).at("error");
    EXPECT_NE(error.find("127.0.0.1"), std::string::npos) << error;
  }
  EXPECT_NE(cameras.at(1).second.find("redirects are not followed"), std::string::npos) << cameras.at(1).second;
  EXPECT_TRUE(await([&] { return garbage.connections() >= 3; })) << "tried again";
  EXPECT_EQ(inside.connections(), 0) << "nothing leads anywhere else";
}

TEST_F(LiveWorld, ARedirectOfRtspIsNotFollowed) {
  const TestStream inside("RTSP/1.0 200 OK\r\n\r\n", [](int) { return std::string(); });
  const TestStream stream(
      "RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:" + std::to_string(inside.port()) + "/\r\n\r\n",
      [](int) { return std::string(); });
  const std::string id = World::json(add("rtsp://127.0.0.1:" + std::to_string(stream.port()) + "/live")).at("camera");
  ASSERT_TRUE(await([&] { return camera(id).at("state") == "waiting"; })) << camera(id);
  const std::string error = camera(id).at("error");
  EXPECT_NE(error.find("redirects are not followed"), std::string::npos) << error;
  EXPECT_EQ(inside.connections(), 0);
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

TEST(BackOffs, DoubleUpToTheirLimit) {
  const BackOff back_off;
  EXPECT_EQ(back_off.wait(1, 0).count(), 500);
  EXPECT_EQ(back_off.wait(1, 0.999999).count(), 999);
  EXPECT_EQ(back_off.wait(4, 0).count(), 4'000);
  EXPECT_EQ(back_off.wait(7, 0).count(), 30'000);
  EXPECT_EQ(back_off.wait(1'000'000, 0).count(), 30'000);
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
