#include <vultus/engine/preset.hpp>

#include <algorithm>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include <vultus/engine/engine.hpp>

namespace vultus::engine {
namespace {

std::string with(const std::string& from, const std::string& to) {
  std::string json = R"({"schema": 1, "id": "p", "description": "d",
    "detector": {"model": "d", "threshold": 0.5, "overlap": 0.3, "coarse_side": 320, "fine_side": 0},
    "landmarks": {"model": "l"}, "face_flag": {"model": "f"}, "embedder": {"model": "e", "mirror": true},
    "default_fmr": 0.001, "thresholds": {"source": "s", "rows": [{"fmr": 0.01, "threshold": 0.3}, {"fmr": 0.001, "threshold": 0.4}]}})";
  if (const auto at = json.find(from); !from.empty() && at != std::string::npos) json.replace(at, from.size(), to);
  return json;
}

TEST(Preset, NamesItsModelsAndBindsItsTemplates) {
  const auto preset = parse_preset(with("", ""), "p.json");
  ASSERT_TRUE(preset) << preset.error().message;
  EXPECT_EQ(preset->template_model(), ModelId("e+mirror"));
  EXPECT_EQ(preset->models(), (std::vector{ModelId("d"), ModelId("l"), ModelId("f"), ModelId("e")}));
  EXPECT_EQ(preset->thresholds.model, ModelId("e+mirror"));
}

TEST(Preset, OfSeveralNetworksNamesThemAllAndBindsItsTemplatesToAll) {
  const auto preset = parse_preset(
      with("\"mirror\": true", R"("mirror": true, "fused_with": [{"model": "g", "mirror": false}])"), "p.json");
  ASSERT_TRUE(preset) << preset.error().message;
  EXPECT_EQ(preset->template_model(), ModelId("e+mirror,g"));
  EXPECT_EQ(preset->models().back(), ModelId("g"));
  EXPECT_EQ(preset->thresholds.model, ModelId("e+mirror,g"));
  EXPECT_FALSE(parse_preset(with("\"mirror\": true", R"("mirror": true, "fused_with": [])"), "p.json"));
  EXPECT_FALSE(parse_preset(with("\"mirror\": true", R"("mirror": true, "fused_with": [{"model": "g"}])"), "p.json"));
}

TEST(Preset, AFieldThatIsMissingOrOutOfRangeIsNamedWithItsFile) {
  const auto refused = [](const char* from, const char* to) { return parse_preset(with(from, to), "p.json").error(); };
  EXPECT_EQ(refused("\"overlap\": 0.3", "\"overlap\": 3").message,
            "p.json: needs a number \"overlap\" from 0.010000 to 1.000000, not 3");
  EXPECT_NE(refused("\"mirror\": true", "\"mirror\": 1").message.find("\"mirror\""), std::string::npos);
  EXPECT_NE(refused("\"id\": \"p\", ", "").message.find("\"id\""), std::string::npos);
  EXPECT_EQ(refused("\"schema\": 1", "\"schema\": 2").code, ErrorCode::unsupported);
  EXPECT_EQ(refused("\"default_fmr\": 0.001", "\"default_fmr\": 0.0001").code, ErrorCode::corrupt_data);
  EXPECT_EQ(refused("\"threshold\": 0.4", "\"threshold\": 0.2").code, ErrorCode::corrupt_data)
      << "thresholds must rise";
  EXPECT_EQ(parse_preset("[", "p.json").error().message, "p.json: not a JSON object");
}

TEST(Preset, AProbabilityIsReadWhereThereIsOneAndGoesIntoEveryAnswer) {
  EXPECT_FALSE(parse_preset(with("", ""), "p.json")->scale().usual.logistic);
  const std::string end = "\"threshold\": 0.4}]}}";
  const auto preset = parse_preset(
      with(end, R"("threshold": 0.4}]}, "probability": {"source": "s", "slope": 20, "intercept": -6, "prior": 0.5}})"),
      "p.json");
  ASSERT_TRUE(preset) << preset.error().message;
  const OperatingPoint at = preset->scale().usual;
  EXPECT_EQ(at.threshold, Cosine(0.4F));
  EXPECT_EQ(at.calibrated, CalibratedOn::preset);
  EXPECT_NEAR(*at.probability(Cosine(0.3F)), 0.5, 1e-6);  // 20 * 0.3 = 6
  EXPECT_FALSE(parse_preset(
      with(end, R"("threshold": 0.4}]}, "probability": {"source": "s", "slope": -20, "intercept": 0, "prior": 0.5}})"),
      "p.json"));
}

TEST(Preset, TheShippedOnesAreValid) {
  const auto presets = load_presets(std::filesystem::path(VULTUS_SOURCE_DIR) / "models");
  ASSERT_TRUE(presets) << presets.error().message;
  ASSERT_EQ(presets->size(), 4U);
  EXPECT_EQ((*presets)[0].id, "accurate");
  EXPECT_EQ((*presets)[1].id, "commercial");
  EXPECT_EQ((*presets)[2].id, "default");
  EXPECT_EQ((*presets)[3].id, "fast");
  for (const Preset& preset : *presets) {
    const OperatingPoint at = preset.scale().usual;
    ASSERT_TRUE(at.logistic) << preset.id;
    EXPECT_GT(*at.probability(at.threshold), 0.5) << preset.id << ": a match is likelier than not";
    EXPECT_LT(*at.probability(preset.thresholds.rows.front().threshold), 0.5) << preset.id;
  }
}

TEST(Preset, CommercialNamesOnlyModelsThatAreFreeForCommercialUse) {
  const std::filesystem::path models = std::filesystem::path(VULTUS_SOURCE_DIR) / "models";
  const auto presets = load_presets(models);
  const auto catalogue = runtime::Catalogue::load(std::span(&models, 1));
  ASSERT_TRUE(presets && catalogue);
  for (const ModelId& id : std::ranges::find(*presets, "commercial", &Preset::id)->models()) {
    const auto model = catalogue->find(id);
    ASSERT_TRUE(model) << id.text();
    EXPECT_TRUE(runtime::require_commercial(**model)) << id.text();
  }
  EXPECT_EQ(runtime::require_commercial(**catalogue->find(ModelId("fr_detect"))).error().code, ErrorCode::unsupported)
      << "not stated is no yes";
  EXPECT_EQ(runtime::require_commercial(**catalogue->find(ModelId("dlib_landmarks68"))).error().code,
            ErrorCode::unsupported);
}

}  // namespace
}  // namespace vultus::engine
