#include <vultus/engine/choose_parts.hpp>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/engine/engine.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;

/// The shipped presets and networks, and in a folder of its own one embedder and one detector of a user's.
class ChooseParts : public ::testing::Test {
 protected:
  void SetUp() override {
    own_ = std::filesystem::path(::testing::TempDir()) /
           ("own-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(own_);
    std::filesystem::create_directories(own_);
    write("mine", R"("embedding", "outputs": {"embedding": "out"}, "parameters": {"dimension": 8, "mirror": 1})");
    write("eyes", R"("scrfd", "outputs": {"scores_8": "s"}, "parameters": {"threshold": 0.4, "coarse_side": 480})");
    write("odd", R"("scrfd", "outputs": {"scores_8": "s"}, "parameters": {"threshold": 4})");
    const std::filesystem::path models = std::filesystem::path(VULTUS_SOURCE_DIR) / "models";
    presets_ = load_presets(models).value();
    catalogue_ = load_catalogue(models, own_).value();
  }
  void TearDown() override { std::filesystem::remove_all(own_); }

  void write(const std::string& id, const std::string& rest) const {
    std::ofstream(own_ / (id + ".json")) << R"({"schema": 1, "id": ")" << id << R"(", "task": "t", "decoder": )" << rest
                                         << R"(, "source": {"registry": "local"}, "files": [{"path": ")" << id
                                         << R"(.onnx", "sha256": ")" << std::string(64, '0')
                                         << R"(", "bytes": 1}], "format": "onnx", "input": {"shape": [1, 3, 112, 112],
      "layout": "NCHW", "colour": "rgb", "mean": [0, 0, 0], "scale": [1, 1, 1]}})";
  }
  [[nodiscard]] Result<Preset> choose(const PartChoice& choice) const {
    return choose_parts(presets_, *catalogue_, choice);
  }
  [[nodiscard]] const Preset& shipped(const std::string& id) const {
    return *std::ranges::find(presets_, id, &Preset::id);
  }

  std::filesystem::path own_;
  std::vector<Preset> presets_;
  std::optional<runtime::Catalogue> catalogue_;
};

TEST_F(ChooseParts, AnotherDetectorComesWithTheSettingsItWasMeasuredWithAndLeavesTemplatesAlone) {
  const Preset preset = choose({.preset = "default", .detector = ModelId("mp_face_full"), .embedder = {}}).value();
  EXPECT_EQ(preset.id, "default");
  EXPECT_EQ(preset.detector, ModelId("mp_face_full"));
  EXPECT_EQ(preset.detection.reach.coarse_side, 192);
  EXPECT_EQ(preset.detection.threshold, Score(0.3F));
  EXPECT_EQ(preset.template_model(), shipped("default").template_model());
  EXPECT_EQ(preset.thresholds, shipped("default").thresholds);
}

TEST_F(ChooseParts, ADetectorOfTheUsersComesWithTheSettingsOfItsManifest) {
  const Preset preset = choose({.preset = "fast", .detector = ModelId("eyes"), .embedder = {}}).value();
  EXPECT_EQ(preset.detection.threshold, Score(0.4F));
  EXPECT_FLOAT_EQ(preset.detection.overlap, 0.4F);
  EXPECT_EQ(preset.detection.reach.coarse_side, 480);
  EXPECT_THAT(choose({.preset = "fast", .detector = ModelId("odd"), .embedder = {}}).error().message,
              HasSubstr("model odd: parameter threshold is 4, allowed are 0.05 to 0.999"));
}

TEST_F(ChooseParts, AnEmbedderNobodyMeasuredHasNoThresholdAndNoProbability) {
  const PartChoice by_option{.preset = "default", .detector = {}, .embedder = ModelId("mine")};
  const PartChoice by_name{.preset = "mine", .detector = {}, .embedder = {}};  // as a gallery remembers it
  for (const PartChoice& choice : {by_option, by_name}) {
    const Preset preset = choose(choice).value();
    EXPECT_EQ(preset.id, "mine");
    EXPECT_EQ(preset.template_model(), ModelId("mine+mirror"));
    EXPECT_TRUE(preset.thresholds.rows.empty());
    EXPECT_FALSE(preset.probability);
    const auto point = identity::operating_point(preset.scale(), {}, {});
    ASSERT_FALSE(point);
    EXPECT_EQ(point.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(point.error().message, HasSubstr("model mine+mirror has no measured threshold"));
    EXPECT_THAT(identity::operating_point(preset.scale(), {}, {.fmr = 1e-3, .threshold = {}}).error().message,
                HasSubstr("no measured threshold"));
    const auto chosen = identity::operating_point(preset.scale(), {}, {.fmr = {}, .threshold = Cosine(0.4F)});
    ASSERT_TRUE(chosen) << chosen.error().message;
    EXPECT_EQ(chosen->threshold, Cosine(0.4F));
    EXPECT_EQ(chosen->false_match_rate, 1) << "a bound, not a measurement";
    EXPECT_FALSE(chosen->probability(Cosine(0.9F)));
  }
}

TEST_F(ChooseParts, AnEmbedderOfAnotherPresetBringsItsThresholds) {
  const Preset preset = choose({.preset = "default", .detector = {}, .embedder = ModelId("fr_feature")}).value();
  EXPECT_EQ(preset.thresholds, shipped("fast").thresholds);
  EXPECT_EQ(preset.detector, shipped("default").detector);
}

TEST_F(ChooseParts, WhatIsNotKnownOrOfAnotherKindIsRefusedByName) {
  EXPECT_THAT(choose({.preset = "best", .detector = {}, .embedder = {}}).error().message,
              HasSubstr("preset \"best\" is not known; known are accurate, commercial, default, fast"));
  EXPECT_EQ(choose({.preset = "default", .detector = ModelId("nobody"), .embedder = {}}).error().code,
            ErrorCode::not_found);
  EXPECT_THAT(choose({.preset = "default", .detector = ModelId("fr_feature"), .embedder = {}}).error().message,
              HasSubstr("model fr_feature is no face detector"));
  EXPECT_THAT(choose({.preset = "default", .detector = {}, .embedder = ModelId("fr_detect")}).error().message,
              HasSubstr("model fr_detect is no embedder"));
}

TEST_F(ChooseParts, AModelWithoutALicenceIsNotFreeForCommercialUse) {
  EXPECT_EQ(runtime::require_commercial(**catalogue_->find(ModelId("mine"))).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace vultus::engine
