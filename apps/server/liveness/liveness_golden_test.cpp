// Liveness over the API with the networks: real portraits, planted attacks made of them, and films of both.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/video_writer.hpp>
#include <vultus/runtime/store.hpp>
#include <vultus/studio/attacks.hpp>

#include <apps/server/live/live_options.hpp>
#include <apps/server/options.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

namespace fs = std::filesystem;
using testing::base64_of;
using testing::TestJson;
using testing::World;

std::string bytes_of_portrait(const char* name) {
  const auto path = runtime::default_cache_folder().value() / "samples" / "face_recognition-1.3.0" / name;
  const auto bytes = media::read_file(path.string(), 8U << 20U).value();
  return {bytes.begin(), bytes.end()};
}

Image decoded(const std::string& bytes) {
  return media::decode_picture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}).value().image;
}

const std::shared_ptr<const engine::Engine>& engine_of_liveness() {
  static const auto kEngine = std::make_shared<const engine::Engine>(
      engine::Engine::load({.models = fs::path(VULTUS_SOURCE_DIR) / "models", .threads = 1}).value());
  return kEngine;
}

/// The portrait as if it were played back on a screen: dark bands, coloured stripes, the screen's edge. Planted.
Image planted_screen(const char* name) {
  const Image portrait = decoded(bytes_of_portrait(name));
  auto looker = engine_of_liveness()->make_looker().value();
  const auto faces = looker.look(portrait.view(), {.depth = engine::Depth::detect, .limits = {}}).value();
  const studio::AttackedFace face{.box = faces.at(0).face.box, .keypoints = faces.at(0).face.keypoints};
  return studio::attacked(portrait.view(), face, {.family = studio::AttackFamily::banding, .strength = 1, .seed = 12})
      .value()
      .picture;
}

std::string png_of_image(const Image& image) {
  const auto bytes = media::encode_png(image.view()).value();
  return {bytes.begin(), bytes.end()};
}

/// The same picture, again and again.
fs::path film_of(const Image& picture, const fs::path& path, int frames, double per_second) {
  auto writer =
      media::VideoWriter::open(path.string(), picture.width() / 2 * 2, picture.height() / 2 * 2, {.quality = 14})
          .value();
  ImageView even = picture.view();
  even.width = picture.width() / 2 * 2;
  even.height = picture.height() / 2 * 2;
  for (int i = 0; i < frames; ++i) writer.add(even, Seconds(i / per_second)).value();
  writer.finish().value();
  return path;
}

std::string bytes_of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool await_for(const std::function<bool()>& done) {
  for (int i = 0; i < 2400 && !done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return done();
}

class LivenessGolden : public ::testing::Test {
 protected:
  void SetUp() override {
    world_ = std::make_unique<World>(
        [this](ServerOptions& options) {
          LiveOptions live;
          live.camera_folder = folder_.path();
          options.live = std::make_shared<const LiveOptions>(std::move(live));
          options.faces.lookers = 1;
        },
        engine_of_liveness());
    world_->make_collection("people");
    world_->enrol("people", "Obama", bytes_of_portrait("obama.jpg"));
  }
  TestJson identify(const std::string& picture, const std::string& query) {
    const Response told = world_->post("/v1/collections/people/identify" + query, {{"image", base64_of(picture)}});
    EXPECT_EQ(told.status, 200) << told.body;
    return World::json(told).at("faces").at(0);
  }
  TestFolder folder_;
  std::unique_ptr<World> world_;
};

TEST_F(LivenessGolden, APortraitIsNamedAndTheSameOnAPlantedScreenIsNot) {
  const TestJson live = identify(bytes_of_portrait("obama2.jpg"), "?require_live=true");
  EXPECT_EQ(live.at("live_decision"), "live") << live;
  EXPECT_EQ(live.at("subject"), "Obama");
  EXPECT_EQ(live.at("withheld"), false);
  const std::string screen = png_of_image(planted_screen("obama2.jpg"));
  EXPECT_EQ(identify(screen, "").at("subject"), "Obama") << "the recogniser is taken in: that is why it is asked for";
  const TestJson refused = identify(screen, "?require_live=true&top_k=3");
  EXPECT_NE(refused.at("live_decision"), "live") << refused;
  EXPECT_EQ(refused.at("withheld"), true);
  for (const char* member : {"subject", "subject_id", "similarity", "probability"})
    EXPECT_EQ(refused.at(member), nullptr) << member;
  EXPECT_TRUE(refused.at("candidates").empty());
}

TEST_F(LivenessGolden, APhotoThatIsHeldStillPassesNoChallenge) {
  const fs::path film = film_of(decoded(bytes_of_portrait("obama2.jpg")), folder_ / "still.mp4", 36, 6);
  const TestJson asked =
      World::json(world_->post("/v1/collections/people/liveness/challenges", {{"steps", 2}, {"limit_s", 4}}));
  const std::string path =
      "/v1/collections/people/liveness/challenges/" + asked.at("challenge").get<std::string>() + "/video?identify=true";
  const Response taken = world_->post(path, {{"video", base64_of(bytes_of_file(film))}});
  ASSERT_EQ(taken.status, 202) << taken.body;
  const std::string job = World::json(taken).at("job");
  const auto now = [&] { return World::json(world_->get("/v1/jobs/" + job)); };
  ASSERT_TRUE(await_for([&] { return !now().at("ended").is_null(); })) << now();
  ASSERT_EQ(now().at("state"), "done") << now();
  const TestJson result = now().at("result");
  EXPECT_EQ(result.at("decision"), "unknown") << result;
  EXPECT_EQ(result.at("reason"), "timeout") << "six seconds, and four for a step";
  EXPECT_EQ(result.at("steps").size(), 2U);
  EXPECT_EQ(result.at("steps").at(0).at("done"), nullptr);
  EXPECT_EQ(result.at("steps").at(0).at("step"), asked.at("steps").at(0));
  EXPECT_EQ(result.at("withheld"), true);
  EXPECT_EQ(result.at("subject"), nullptr) << "not judged live: nobody is named";
}

TEST_F(LivenessGolden, ACameraThatAsksForLivenessNamesAPersonAndNoPlantedScreen) {
  film_of(decoded(bytes_of_portrait("obama2.jpg")), folder_ / "person.mp4", 160, 8);
  film_of(planted_screen("obama2.jpg"), folder_ / "screen.mp4", 160, 8);
  // Again and again: a machine that is too slow drops frames, and takes longer until five were judged.
  const auto camera = [&](const std::string& name) {
    const Response made = world_->post("/v1/cameras", {{"name", name},
                                                       {"source", "file:" + name + ".mp4"},
                                                       {"collection", "people"},
                                                       {"loop", true},
                                                       {"require_live", true}});
    EXPECT_EQ(made.status, 201) << made.body;
    return World::json(made).at("camera").get<std::string>();
  };
  const auto events = [&](const std::string& id, const std::string& kind) {
    return World::json(world_->get("/v1/events?camera=" + id + "&kind=" + kind)).at("events");
  };
  const std::string person = camera("person");
  ASSERT_TRUE(await_for([&] { return !events(person, "known").empty(); }));
  EXPECT_EQ(events(person, "known").back().at("subject"), "Obama");
  EXPECT_EQ(events(person, "known").back().at("live_decision"), "live");
  ASSERT_EQ(world_->ask(Method::del, "/v1/cameras/" + person).status, 200);
  const std::string screen = camera("screen");
  ASSERT_TRUE(await_for([&] { return !events(screen, "unknown").empty(); }));
  EXPECT_TRUE(events(screen, "known").empty());
  for (const auto& event : events(screen, "unknown")) {
    EXPECT_EQ(event.at("subject"), nullptr);
    EXPECT_EQ(event.at("similarity"), nullptr);
    EXPECT_NE(event.at("live_decision"), "live");
  }
}

}  // namespace
}  // namespace vultus::server
