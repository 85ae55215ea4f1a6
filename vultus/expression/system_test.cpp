// What systems make of the numbers of networks that are none.
#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/expression/compound.hpp>
#include <vultus/expression/emotion_prior.hpp>
#include <vultus/expression/expression_net.hpp>
#include <vultus/expression/pairwise.hpp>
#include <vultus/face/fake_network.hpp>

namespace vultus::expression {
namespace {

using ::testing::HasSubstr;
namespace fake = face::test;

FaceObservation a_face() {
  FaceObservation face;
  face.box = {100, 60, 100, 120};
  face.keypoints = {{{130, 100}, {170, 100}, {150, 120}, {135, 140}, {165, 140}}};
  return face;
}

Result<Reading> read_with(const std::string& decoder, const fake::Outputs& outputs) {
  const auto picture = Image::create(300, 240, PixelFormat::rgb8).value();
  VULTUS_TRY(auto net, SystemNet::load(fake::fake_model(decoder, {2, 3, 112, 112},
                                                        [outputs](runtime::Network&) { return outputs; })));
  return net.read(picture.view(), a_face());
}

/// The same for the face and its mirror image.
std::vector<float> twice(std::vector<float> values) {
  const std::vector<float> once = values;
  values.insert(values.end(), once.begin(), once.end());
  return values;
}

TEST(Systems, HaveNamesOfTheirOwnAndReadersForTheirDecoders) {
  std::set<std::string_view> ids, decoders;
  for (const System& system : systems()) {
    if (!system.id.empty()) {
      // The first row of a name is the system's; others are networks that its command can be given.
      if (ids.insert(system.id).second) {
        EXPECT_EQ(find_system(system.id).value(), &system);
      }
    }
    EXPECT_TRUE(decoders.insert(system.decoder).second) << system.decoder;
    EXPECT_EQ(system_of_decoder(system.decoder).value(), &system);
    EXPECT_NE(system.read, nullptr);
    EXPECT_FALSE(system.labels.empty());
  }
  EXPECT_THAT(find_system("moods").error().message, HasSubstr("known are pairwise, poi, compound"));
}

TEST(Systems, ATrunkOfCaptionsTellsUnitsAndTheirMostLikelyLevels) {
  std::vector<float> units(12, .1F), levels(72, 0.F);
  units[7] = .9F;                                          // AU12
  for (std::size_t u = 0; u < 12; ++u) levels[6 * u] = 1;  // absent
  levels[6 * 7] = .2F, levels[6 * 7 + 3] = .8F;
  const auto reading = read_with("expression_mf2", {{"probabilities", twice({0, 0, 0, 1, 0, 0, 0})},
                                                    {"adapted_units", twice(units)},
                                                    {"levels", twice(levels)}})
                           .value();
  EXPECT_EQ(reading.best, 3U);
  EXPECT_EQ(reading.details[0].values[7].first, "AU12");
  EXPECT_NEAR(reading.details[0].values[7].second, .9, 1e-6);
  EXPECT_EQ(reading.details[1].values[7], std::pair(std::string("AU12"), 3.0));
  EXPECT_EQ(reading.details[1].values[0], std::pair(std::string("AU1"), 0.0));
}

TEST(Systems, ScenesTellAttributesWhereTheNetworkHasThem) {
  const auto all = read_with("expression_scene", {{"probabilities", twice({0, 0, 0, 0, 1, 0, 0})},
                                                  {"brightness", {.4F, .6F}},
                                                  {"colourfulness", {.3F, .3F}}})
                       .value();
  EXPECT_EQ(all.best, 4U);
  ASSERT_EQ(all.details.size(), 2U);
  EXPECT_NEAR(all.details[0].values[0].second, .5, 1e-6);
  EXPECT_NEAR(all.details[1].values[0].second, 30, 1e-5);
  EXPECT_TRUE(read_with("expression_scene", {{"probabilities", twice({0, 0, 0, 0, 1, 0, 0})}}).value().details.empty());
}

TEST(Systems, PairsOfAKnownDistributionAreCoupledBackToIt) {
  const std::array<double, 7> p{0.05, 0.1, 0.05, 0.4, 0.1, 0.1, 0.2};
  std::vector<float> pairs;
  for (std::size_t i = 0; i < 7; ++i)
    for (std::size_t j = i + 1; j < 7; ++j) pairs.push_back(static_cast<float>(p.at(i) / (p.at(i) + p.at(j))));
  const auto reading = read_with("expression_pairs", {{"pairs", twice(pairs)}}).value();
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(reading.probabilities[i], p.at(i), 1e-5);
  EXPECT_EQ(reading.best, 3U);
  ASSERT_EQ(reading.details.size(), 1U);
  EXPECT_EQ(reading.details[0].values[3], std::pair(std::string("happiness"), 6.0));
}

TEST(Systems, CompoundsAddTheirMembersOverFaceAndMirrorImage) {
  // Means: surprise .6, fear .5, the rest .1.
  const auto reading =
      read_with("expression_compound", {{"parts", {.7F, .4F, .1F, .1F, .1F, .1F, .5F, .6F, .1F, .1F, .1F, .1F}}})
          .value();
  EXPECT_EQ(kCompoundNames.at(reading.best), "fearfully surprised");
  // 1.1 of 1.1 + 4 * .7 + .6 + .2
  EXPECT_NEAR(reading.probabilities[0], 1.1 / 4.7, 1e-6);
  EXPECT_NEAR(reading.details[0].values[1].second, 0.5, 1e-6);
}

TEST(Systems, TheOpinionsOfRegionsStandBesideTheAnswer) {
  std::vector<float> regions(kFaceRegions * kExpressions, 1 / 7.0F);
  const std::vector<float> answer{0, 0, 0, 1, 0, 0, 0};
  const auto reading = read_with("expression_poi", {{"probabilities", twice(answer)},
                                                    {"prior", twice({.1F, .1F, .1F, .4F, .1F, .1F, .1F})},
                                                    {"regions", twice(regions)}})
                           .value();
  EXPECT_EQ(reading.best, 3U);
  ASSERT_EQ(reading.details.size(), 2 + kFaceRegions);
  EXPECT_NEAR(reading.details[0].values[0].second, 0, 1e-12);  // a certain answer has no entropy
  EXPECT_EQ(reading.details[1].name, "prior");
  EXPECT_EQ(reading.details[5].name, "mouth");
}

TEST(Systems, NumbersThatDoNotFitAreErrors) {
  EXPECT_EQ(read_with("expression_pairs", {{"pairs", std::vector<float>(20)}}).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(read_with("expression_compound", {{"parts", std::vector<float>(12, std::nanf(""))}}).error().code,
            ErrorCode::internal);
  EXPECT_EQ(read_with("expression_compound", {{"parts", std::vector<float>(12)}}).error().code, ErrorCode::internal);
  EXPECT_THAT(read_with("embedding", {}).error().message, HasSubstr("decoder embedding reads no expressions"));
}

TEST(ExpressionNets, TakeAnySystemOfTheSevenLabelsAndNoOther) {
  const auto model = [](const char* decoder) {
    return fake::fake_model(decoder, {2, 3, 112, 112}, [](runtime::Network&) { return fake::Outputs{}; });
  };
  EXPECT_TRUE(ExpressionNet::load(model("expression_pairs")));
  EXPECT_TRUE(ExpressionNet::load(model("expression7_aligned")));
  EXPECT_EQ(ExpressionNet::load(model("expression_compound")).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::expression
