// Cameras with the networks, on the sample photos: a film that stands for a camera, and one that speaks RTSP.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/media/video_writer.hpp>
#include <vultus/runtime/store.hpp>

#include <apps/server/live/live_options.hpp>
#include <apps/server/options.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

namespace fs = std::filesystem;
using testing::base64_of;
using testing::TestJson;
using testing::World;

fs::path sample_photo(const char* name) {
  return runtime::default_cache_folder().value() / "samples" / "face_recognition-1.3.0" / name;
}

std::shared_ptr<const engine::Engine> engine_with_networks() {
  static const auto kEngine = std::make_shared<const engine::Engine>(
      engine::Engine::load({.models = fs::path(VULTUS_SOURCE_DIR) / "models", .threads = 1}).value());
  return kEngine;
}

bool await(const std::function<bool()>& done) {
  for (int i = 0; i < 600 && !done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return done();
}

/// A square of a photo, scaled into a part of a picture.
void put_photo(const char* name, Image& frame, int x, int side) {
  const auto photo = media::read_picture(sample_photo(name).string()).value();
  const auto least = static_cast<float>(std::min(photo.image.width(), photo.image.height()));
  MutableImageView part = frame.mutable_view();
  part.data = part.row(20) + std::ptrdiff_t{3} * x;
  part.width = part.height = side;
  media::resize_into(photo.image.view(), {0, 0, least, least}, part).value();
}

class LiveCameras : public ::testing::Test {
 protected:
  void SetUp() override {
    world_ = std::make_unique<World>(
        [this](ServerOptions& options) {
          LiveOptions live;
          live.camera_folder = folder_.path();
          live.allow_targets = {"127.0.0.1"};
          live.camera_back_off = {.first = std::chrono::milliseconds(200), .longest = std::chrono::milliseconds(500)};
          options.live = std::make_shared<const LiveOptions>(std::move(live));
          options.faces.lookers = 1;
        },
        engine_with_networks());
    world_->make_collection("people");
    const auto bytes = media::read_file(sample_photo("obama.jpg").string(), 8U << 20U).value();
    world_->enrol("people", "Obama", {bytes.begin(), bytes.end()});
  }
  std::string add(const std::string& source, const TestJson& rules = TestJson::object()) {
    const Response made =
        world_->post("/v1/cameras", {{"name", "hall"}, {"source", source}, {"collection", "people"}, {"rules", rules}});
    EXPECT_EQ(made.status, 201) << made.body;
    return World::json(made).at("camera");
  }
  TestJson camera(const std::string& id) { return World::json(world_->get("/v1/cameras/" + id)); }
  TestJson events(const std::string& query = "") { return World::json(world_->get("/v1/events" + query)).at("events"); }
  TestFolder folder_;
  std::unique_ptr<World> world_;
};

TEST_F(LiveCameras, AFilmIsAVisitOfSomebodyKnownAndOneOfSomebodyUnknown) {
  auto writer = media::VideoWriter::open((folder_.path() / "hall.mp4").string(), 640, 360, {.quality = 18}).value();
  Image frame = Image::create(640, 360, PixelFormat::rgb8).value();
  for (int i = 0; i < 150; ++i) {
    for (int y = 0; y < 360; ++y) std::fill_n(frame.row(y), 3 * 640, static_cast<std::uint8_t>(i < 75 ? 100 : 160));
    put_photo(i < 75 ? "obama2.jpg" : "biden.jpg", frame, i < 75 ? 10 + i : 320, 300);
    ASSERT_TRUE(writer.add(frame.view(), Seconds(i / 25.0)));
  }
  ASSERT_TRUE(writer.finish());
  const std::string id =
      add("file:hall.mp4", {{"zones",
                             {{{"name", "left"}, {"polygon", {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}}},
                              {{"name", "right"}, {"polygon", {{0.5, 0}, {1, 0}, {1, 1}, {0.5, 1}}}}}}});
  ASSERT_TRUE(await([&] { return camera(id).at("state") == "stopped"; })) << camera(id);
  const auto known = events("?kind=known");
  ASSERT_EQ(known.size(), 1U) << events();
  EXPECT_EQ(known.at(0).at("subject"), "Obama");
  EXPECT_EQ(known.at(0).at("zone"), "left");
  EXPECT_GE(known.at(0).at("similarity").get<double>(), known.at(0).at("threshold").get<double>());
  EXPECT_EQ(events("?kind=lost").size(), 1U) << events();
  const auto unknown = events("?kind=unknown");
  ASSERT_EQ(unknown.size(), 1U) << events();
  EXPECT_EQ(unknown.at(0).at("subject"), nullptr);
  EXPECT_EQ(unknown.at(0).at("zone"), "right");
  for (const auto& event : events()) {
    const Response picture = world_->get("/v1/events/" + event.at("event").dump() + "/picture");
    ASSERT_EQ(picture.status, 200) << event;
    const auto decoded =
        media::decode_picture({reinterpret_cast<const std::uint8_t*>(picture.body.data()), picture.body.size()});
    EXPECT_EQ(decoded.value().image.width(), 112);
  }
}

TEST_F(LiveCameras, ACameraThatSpeaksRtspIsFollowedThroughTheRelay) {
  Image picture = Image::create(640, 480, PixelFormat::rgb8).value();
  put_photo("obama2.jpg", picture, 100, 440);
  ASSERT_TRUE(media::read_picture(sample_photo("obama2.jpg").string()));
  const auto png = media::encode_png(picture.view()).value();
  std::ofstream(folder_.path() / "camera.png", std::ios::binary)
      .write(reinterpret_cast<const char*>(png.data()), std::ssize(png));
  const std::string folder = "cd '" + folder_.path().string() + "' && ";
  ASSERT_EQ(std::system((folder + "ffmpeg -v error -loop 1 -i camera.png -t 2 -r 10 -pix_fmt yuv420p -c:v libx264 "
                                  "-x264-params slices=1:keyint=10:sliced-threads=0 camera.h264")
                            .c_str()),
            0);
  ASSERT_EQ(std::system((folder + "(python3 " VULTUS_SOURCE_DIR
                                  "/tests/e2e/rtsp_camera.py camera.h264 100 10 port >camera.log 2>&1 &)")
                            .c_str()),
            0);
  ASSERT_TRUE(await([&] { return fs::exists(folder_.path() / "port") && fs::file_size(folder_.path() / "port") > 0; }));
  std::string port;
  std::ifstream(folder_.path() / "port") >> port;
  const std::string id = add("rtsp://joe:hush@127.0.0.1:" + port + "/");
  ASSERT_TRUE(await([&] { return events("?kind=known").size() == 1; })) << camera(id);
  EXPECT_EQ(events().back().at("subject"), "Obama");
  EXPECT_EQ(world_->get("/v1/cameras/" + id + "/picture").status, 200);
  ASSERT_TRUE(await([&] { return camera(id).at("state") == "waiting"; })) << "the camera has gone: " << camera(id);
  EXPECT_EQ(events("?kind=lost").size(), 1U);
  EXPECT_EQ(camera(id).dump().find("hush"), std::string::npos);
}

}  // namespace
}  // namespace vultus::server
