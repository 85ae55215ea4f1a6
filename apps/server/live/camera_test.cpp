// Cameras at work, on networks that are none: followed, previewed, opened again; what they may not lead to.
#include <atomic>

#include <gtest/gtest.h>

#include <apps/server/live/test_live_world.hpp>

namespace vultus::server {
namespace {

namespace fs = std::filesystem;
using testing::await;
using testing::listen_to;
using testing::LiveWorld;
using testing::picture_of;
using testing::TestStream;
using testing::text_of;
using testing::World;

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

std::string jpeg_part(const std::string& png = picture_of(56, 56)) {
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

TEST_F(LiveWorld, ACameraThatRunsLearnsWhatOtherProgramsHaveRemoved) {
  // Where every search is written down each of them takes in what has changed.
  ASSERT_EQ(world_->ask(Method::patch, "/v1/collections/staff", {.body = R"({"audit": "off"})"}).status, 200);
  const std::string ada = jpeg_part();
  const std::string nobody = jpeg_part(testing::picture_of_nobody());
  std::atomic<bool> empty = false;
  const TestStream stream(kMotionJpeg, [&](int) { return empty ? nobody : ada; });
  const std::string id = World::json(add("http://127.0.0.1:" + std::to_string(stream.port()) + "/")).at("camera");
  ASSERT_TRUE(await([&] { return events("?kind=known").size() == 1; })) << camera(id);
  {
    auto other =
        Gallery::open({.path = world_->data() / "collections" / "staff.vgal", .access = GalleryAccess::read_write})
            .value();
    ASSERT_TRUE(other.remove(SubjectId(ada_)));
  }
  empty = true;
  std::this_thread::sleep_for(std::chrono::seconds(4));  // the face is gone, and it has looked
  empty = false;
  EXPECT_TRUE(await([&] { return events("?kind=unknown").size() == 1; })) << camera(id) << events();
  EXPECT_EQ(stream.connections(), 1) << "on one connection";
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
  for (auto& [added, error] : cameras) {
    const std::string& id = added;  // a lambda takes no binding
    ASSERT_TRUE(await([&] { return camera(id).at("state") == "waiting"; })) << camera(id);
    error = camera(id).at("error");
    EXPECT_NE(error.find("127.0.0.1"), std::string::npos) << error;
  }
  EXPECT_NE(cameras.at(1).second.find("redirects are not followed"), std::string::npos) << cameras.at(1).second;
  EXPECT_TRUE(await([&] { return garbage.connections() >= 3; })) << "tried again";
  EXPECT_EQ(inside.connections(), 0) << "nothing leads anywhere else";
}

/// A camera that answers with a redirect to another address.
class RedirectingCamera : public LiveWorld {
 protected:
  /// @param line   first of the answer, without its end
  /// @param error  what is told of the camera then
  void lead_elsewhere(const std::string& line, std::string& error) {
    const TestStream inside("RTSP/1.0 200 OK\r\n\r\n", [](int) { return std::string(); });
    const TestStream stream(
        line + "\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:" + std::to_string(inside.port()) + "/\r\n\r\n",
        [](int) { return std::string(); });
    const std::string id = World::json(add("rtsp://127.0.0.1:" + std::to_string(stream.port()) + "/live")).at("camera");
    ASSERT_TRUE(await([&] { return camera(id).at("state") == "waiting"; })) << camera(id);
    error = camera(id).at("error");
    EXPECT_EQ(inside.connections(), 0);
  }
};

TEST_F(RedirectingCamera, IsNotFollowed) {
  std::string error;
  ASSERT_NO_FATAL_FAILURE(lead_elsewhere("RTSP/1.0 302 Moved", error));
  EXPECT_NE(error.find("redirects are not followed"), std::string::npos) << error;
}

TEST_F(RedirectingCamera, IsNotFollowedWithCarriageReturnsInItsAnswer) {
  std::string error;
  ASSERT_NO_FATAL_FAILURE(lead_elsewhere("R\rTSP/1.0 302 Moved", error));
}

TEST_F(LiveWorld, ADeviceThatIsNotThereIsAnErrorThatEnds) {
  const std::string id = World::json(add("camera:63")).at("camera");
  ASSERT_TRUE(await([&] { return camera(id).at("state") == "waiting"; })) << camera(id);
  EXPECT_EQ(camera(id).at("error"), "camera:63: there is no camera at /dev/video63");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(world_->ask(Method::del, "/v1/cameras/" + id).status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(1));
}

TEST(BackOffs, DoubleUpToTheirLimit) {
  const BackOff back_off;
  EXPECT_EQ(back_off.wait(1, 0).count(), 500);
  EXPECT_EQ(back_off.wait(1, 0.999999).count(), 999);
  EXPECT_EQ(back_off.wait(4, 0).count(), 4'000);
  EXPECT_EQ(back_off.wait(7, 0).count(), 30'000);
  EXPECT_EQ(back_off.wait(1'000'000, 0).count(), 30'000);
}

}  // namespace
}  // namespace vultus::server
