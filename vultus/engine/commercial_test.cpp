// What an engine for commercial use alone keeps out, on networks that are no networks.
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/engine/challenge_run.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/fake_engine.hpp>
#include <vultus/engine/liveness_check.hpp>
#include <vultus/liveness/passive.hpp>
#include <vultus/media/test_folder.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;

class CommercialOnly : public ::testing::Test {
 protected:
  void SetUp() override {
    test::write_fake_models(models());
    for (const char* name : {"fr_detect", "fr_landmark", "mp_face_mesh", "mobilefacenet192"}) set_licence(name, "yes");
    // Networks beside the preset: those that judge liveness.
    for (const std::string_view name : liveness::kPassiveModels) {
      const std::string file = std::string(name) + ".json";
      std::filesystem::copy(std::filesystem::path(VULTUS_SOURCE_DIR) / "models" / file, models() / file);
      set_licence(std::string(name), "not stated");
    }
  }
  [[nodiscard]] std::filesystem::path models() const { return std::filesystem::path(folder_.path()) / "models"; }
  void set_licence(const std::string& name, const std::string& commercial) const {
    const std::filesystem::path path = models() / (name + ".json");
    nlohmann::json manifest;
    std::ifstream(path) >> manifest;
    manifest["source"] = {{"registry", "local"}};
    manifest["files"] =
        nlohmann::json::array({{{"path", "weights"},
                                {"sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                                {"bytes", 3}}});
    manifest["licence"]["commercial"] = commercial;
    std::ofstream(path) << manifest;
  }
  [[nodiscard]] Result<Engine> engine(bool commercial_only) const {
    return Engine::load({.models = models(),
                         .cache = folder_.path(),
                         .threads = 1,
                         .commercial_only = commercial_only,
                         .backend = std::make_shared<test::Answers>()});
  }
  media::testing::TestFolder folder_;
};

TEST_F(CommercialOnly, RefusesEachNetworkBesideThePresetThatIsNotStatedToBeFree) {
  const Engine free = engine(true).value();
  const auto model = free.model(ModelId("fr_liveness"));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::unsupported);
  EXPECT_THAT(model.error().message, HasSubstr("commercial use"));
  EXPECT_TRUE(free.model(ModelId("fr_detect")));
  // What a server asks before it judges a picture, and before it makes a camera that must judge.
  const Status passive = check_passive_models(free);
  ASSERT_FALSE(passive);
  EXPECT_EQ(passive.error().code, ErrorCode::unsupported);
  EXPECT_FALSE(check_challenge_models(free));
  const Engine all = engine(false).value();
  EXPECT_TRUE(all.model(ModelId("fr_liveness")));
  EXPECT_TRUE(check_passive_models(all));
}

TEST_F(CommercialOnly, RefusesAPresetOneOfWhoseNetworksIsNotStatedToBeFree) {
  set_licence("mobilefacenet192", "not stated");
  const auto refused = engine(true);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
  EXPECT_THAT(refused.error().message, HasSubstr("preset default"));
  EXPECT_TRUE(engine(false));
}

}  // namespace
}  // namespace vultus::engine
