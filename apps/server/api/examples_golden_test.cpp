// The examples of the document with the networks, on the sample photos.
#include <filesystem>

#include <gtest/gtest.h>

#include <vultus/engine/engine.hpp>
#include <vultus/media/file.hpp>
#include <vultus/runtime/store.hpp>

#include <apps/server/testing/test_examples.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::base64_of;
using testing::World;

std::string photo(const char* name) {
  const auto path = runtime::default_cache_folder().value() / "samples" / "face_recognition-1.3.0" / name;
  const auto bytes = media::read_file(path.string(), 8U << 20U).value();
  return {bytes.begin(), bytes.end()};
}

std::shared_ptr<const engine::Engine> real_engine() {
  static const auto kEngine = std::make_shared<const engine::Engine>(
      engine::Engine::load({.models = std::filesystem::path(VULTUS_SOURCE_DIR) / "models", .threads = 1}).value());
  return kEngine;
}

TEST(Examples, RunWithTheNetworks) {
  testing::run_all_examples({.ada = photo("obama.jpg"), .ada_again = photo("obama2.jpg"), .grace = photo("biden.jpg")},
                            real_engine());
}

TEST(PeopleInPhotos, AreNamedVerifiedAndToldApart) {
  World world(nullptr, real_engine());
  world.make_collection("people");
  const auto enrolled = World::json(world.post(
      "/v1/collections/people/faces", {{"faces",
                                        {{{"subject", "Obama"}, {"image", base64_of(photo("obama.jpg"))}},
                                         {{"subject", "Biden"}, {"image", base64_of(photo("biden.jpg"))}},
                                         {{"subject", "Biden"}, {"image", base64_of(photo("obama2.jpg"))}}}}}));
  EXPECT_EQ(enrolled.at("enrolled"), 2) << enrolled;
  EXPECT_EQ(enrolled.at("faces").at(2).at("reason"), "conflicts_with:Obama") << "somebody else's face";
  const auto found =
      World::json(world.post("/v1/collections/people/identify?top_k=2", {{"image", base64_of(photo("obama2.jpg"))}}));
  const auto& face = found.at("faces").at(0);
  EXPECT_EQ(face.at("subject"), "Obama");
  EXPECT_GE(face.at("similarity").get<double>(), face.at("threshold").get<double>());
  EXPECT_GT(face.at("probability").get<double>(), 0.9);
  EXPECT_EQ(face.at("candidates").size(), 2U);
  for (const auto& [second, same] : {std::pair("obama3.jpg", true), std::pair("biden.jpg", false)}) {
    const auto verdict = World::json(
        world.post("/v1/verify", {{"image_a", base64_of(photo("obama.jpg"))}, {"image_b", base64_of(photo(second))}}));
    EXPECT_EQ(verdict.at("match"), same) << second;
    const auto of_subject =
        World::json(world.post("/v1/collections/people/subjects/1/verify", {{"image", base64_of(photo(second))}}));
    EXPECT_EQ(of_subject.at("match"), same) << second;
  }
}

}  // namespace
}  // namespace vultus::server
