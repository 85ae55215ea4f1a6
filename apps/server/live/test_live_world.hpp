// For tests: a server with a camera folder, two collections and somebody enrolled, and ears for its streams.
#pragma once
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/media/video_writer.hpp>

#include <apps/server/data/sealer.hpp>
#include <apps/server/live/live.hpp>
#include <apps/server/live/mqtt.hpp>
#include <apps/server/live/test_stream.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server::testing {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

inline bool await(const std::function<bool()>& done, milliseconds within = std::chrono::seconds(20)) {
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

inline std::shared_ptr<Ear::Heard> listen_to(const Response& response) {
  auto heard = std::make_shared<Ear::Heard>();
  EXPECT_TRUE(response.stream) << response.body;
  if (response.stream) response.stream(std::make_shared<Ear>(heard));
  return heard;
}
inline std::string text_of(const std::shared_ptr<Ear::Heard>& heard) {
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

}  // namespace vultus::server::testing
