#include <vultus/studio/planted_display.hpp>

#include <algorithm>
#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::studio {
namespace {

using ::testing::ElementsAre;

std::vector<int> numbers_of(const std::vector<AuActivation>& units) {
  std::vector<int> numbers;
  for (const AuActivation& unit : units) numbers.push_back(unit.facs);
  return numbers;
}

double mean_value(const Image& picture) {
  double sum = 0;
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x) {
      const std::uint8_t* pixel = picture.row(y) + std::ptrdiff_t{3} * x;
      sum += std::max({pixel[0], pixel[1], pixel[2]}) / 255.0;
    }
  return sum / (picture.width() * picture.height());
}

TEST(PlantedDisplays, PrototypesAreThoseOfTheTable) {
  EXPECT_THAT(numbers_of(prototype(AuEmotion::happiness, 3)), ElementsAre(6, 12));
  EXPECT_THAT(numbers_of(prototype(AuEmotion::surprise, 3)), ElementsAre(1, 2, 5, 26));
  EXPECT_TRUE(prototype(AuEmotion::neutral, 3).empty());
}

TEST(PlantedDisplays, UnitsComeAsOftenAsThePriorSays) {
  const std::vector<int> told{4, 12};
  int happy = 0, smiles = 0, others = 0, smiles_of_others = 0;
  for (std::uint64_t i = 0; i < 7000; ++i) {
    const PlantedDisplay made = drawn_display(5, i, told, 0.5);
    const bool smile = std::ranges::find(made.units, 12, &AuActivation::facs) != made.units.end();
    for (const AuActivation& unit : made.units) ASSERT_TRUE(unit.facs == 4 || unit.facs == 12);
    if (made.emotion == AuEmotion::happiness)
      ++happy, smiles += smile ? 1 : 0;
    else if (made.emotion != AuEmotion::neutral)
      ++others, smiles_of_others += smile ? 1 : 0;
  }
  EXPECT_NEAR(happy, 1000, 90);                                              // three standard errors
  EXPECT_NEAR(static_cast<double>(smiles) / happy, .5 * .8 + .5 * .3, .05);  // AU12 given happiness is .8
  EXPECT_NEAR(static_cast<double>(smiles_of_others) / others, .5 * .05 + .5 * .3, .02);
}

TEST(PlantedBursts, UnitsActInTheBurstAlone) {
  int with = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const PlantedBurst made = drawn_burst(3, i, 8).value();
    ASSERT_EQ(made.units.size(), 8U);
    if (made.emotion == AuEmotion::neutral) {
      for (const auto& units : made.units) EXPECT_TRUE(units.empty());
      continue;
    }
    ++with;
    ASSERT_GE(made.first, 1U);
    ASSERT_LE(made.last, 6U);
    const double peak = made.units[made.first].front().right;
    EXPECT_GE(peak, 3);
    for (std::size_t t = 0; t < 8; ++t) {
      const double now = made.units[t].empty() ? 0 : made.units[t].front().right;
      EXPECT_EQ(now >= peak / 2, t >= made.first && t <= made.last) << t;
    }
  }
  EXPECT_GT(with, 140);
  EXPECT_EQ(drawn_burst(3, 1, 5).error().code, ErrorCode::invalid_argument);
}

TEST(PlantedScenes, EveryAttributeDecidesTheLabel) {
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < 64; ++i) {
    const bool bright = (i & 1U) != 0, colourful = (i & 2U) != 0;
    const std::size_t place = (i >> 2U) % 4, mood = (i >> 4U) % 4;
    const std::size_t label = planted_scene_label(bright, colourful, place, mood);
    seen.insert(label);
    EXPECT_NE(label, planted_scene_label(!bright, colourful, place, mood));
    EXPECT_NE(label, planted_scene_label(bright, !colourful, place, mood));
    EXPECT_NE(label, planted_scene_label(bright, colourful, (place + 2) % 4, mood));
    EXPECT_NE(label, planted_scene_label(bright, colourful, place, (mood + 2) % 4));
  }
  EXPECT_EQ(seen.size(), kPlantedSceneLabels);
}

TEST(PlantedScenes, AreAsBrightAsPlantedAndTheSameAgain) {
  const auto model = face3d::procedural_head().value();
  for (std::uint64_t i = 0; i < 12; ++i) {
    const PlantedScene made = planted_scene(model, 7, i, 64).value();
    EXPECT_EQ(mean_value(made.picture) > .5, made.bright) << i;
    EXPECT_EQ(made.label, planted_scene_label(made.bright, made.colourful, made.place, made.mood));
    if (i == 0) {
      EXPECT_EQ(made.picture, planted_scene(model, 7, i, 64).value().picture);
    }
  }
  EXPECT_EQ(planted_scene(model, 7, 0, 16).error().code, ErrorCode::invalid_argument);
}

TEST(PlantedLooks, ArePeopleWhoDoSomething) {
  const auto model = face3d::procedural_head().value();
  const auto still = planted_look(model, 2, 5, {}).value();
  const auto smile = planted_look(model, 2, 5, prototype(AuEmotion::happiness, 5)).value();
  EXPECT_EQ(still.picture.width(), 256);
  EXPECT_LT(std::abs(still.keypoints[0].x - smile.keypoints[0].x), 1);  // the same person in the same place
  const float wide = still.keypoints[4].x - still.keypoints[3].x, wider = smile.keypoints[4].x - smile.keypoints[3].x;
  EXPECT_GT(wider, wide * 1.05F);
  EXPECT_NE(still.picture, smile.picture);
}

}  // namespace
}  // namespace vultus::studio
