#include <vultus/core/au_table.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace vultus {
namespace {

/// 68 points that all lie at the origin but those of `points`.
Landmarks landmarks_with(std::initializer_list<std::pair<std::size_t, Point2f>> points) {
  Landmarks made{LandmarkScheme::ibug68, std::vector<Point2f>(68)};
  for (const auto& [index, point] : points) made.points.at(index) = point;
  return made;
}

TEST(AuTable, HoldsTheUnitsOfOpenFaceInRisingOrder) {
  std::vector<int> numbers;
  for (const ActionUnit& unit : au_table()) numbers.push_back(unit.facs);
  EXPECT_EQ(numbers, (std::vector{1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 28, 45}));
  EXPECT_EQ(find_au(3), nullptr);
  ASSERT_NE(find_au(12), nullptr);
  EXPECT_EQ(find_au(12)->name, "lip corner puller");
}

TEST(AuTable, EveryRowIsWhole) {
  for (const ActionUnit& unit : au_table()) {
    SCOPED_TRACE(unit.facs);
    EXPECT_FALSE(unit.name.empty());
    EXPECT_FALSE(unit.geometry.empty());
    EXPECT_FALSE(unit.shapes.empty());
    EXPECT_FALSE(unit.servos.empty());
    EXPECT_GT(unit.full_scale, 0);
    EXPECT_FALSE(unit.geometry_source.empty());
    EXPECT_FALSE(unit.prior_source.empty());
    EXPECT_FALSE(unit.servo_source.empty());
    for (const AuDistance& term : unit.geometry) {
      EXPECT_LT(term.from, 68);
      EXPECT_LT(term.to, 68);
      EXPECT_NE(term.from, term.to);
      EXPECT_EQ(std::abs(term.sign), 1);
    }
    for (const AuShape& shape : unit.shapes) EXPECT_TRUE(shape.weight > 0 && shape.weight <= 1);
    for (const AuServo& servo : unit.servos) EXPECT_TRUE(servo.target != 0 && std::abs(servo.target) <= 1);
    for (const double p : unit.given) EXPECT_TRUE(p > 0 && p < 1);
    EXPECT_EQ(unit.says[0].find("{side}") != std::string_view::npos, unit.sided);
  }
}

TEST(AuTable, TheMirroredTermsOfAUnitWithSidesMeasureTheOtherHalf) {
  // Mirror pairs of ibug68, by hand from its drawing.
  constexpr std::array<int, 68> kMirror{16, 15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4,  3,  2,  1,  0,
                                        26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 27, 28, 29, 30, 35, 34, 33,
                                        32, 31, 45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40, 54, 53, 52,
                                        51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65};
  for (const ActionUnit& unit : au_table()) {
    SCOPED_TRACE(unit.facs);
    for (const AuDistance& term : unit.geometry) {
      if (term.side == AuSide::both) continue;
      const bool turned = term.measure == AuMeasure::across;  // left and right change the order
      const int from = kMirror.at(term.from), to = kMirror.at(term.to);
      EXPECT_TRUE(std::ranges::any_of(unit.geometry, [&](const AuDistance& other) {
        return other.side != term.side && other.side != AuSide::both && other.sign == term.sign &&
               other.from == (turned ? to : from) && other.to == (turned ? from : to);
      }));
    }
  }
}

TEST(AuTable, EveryEmotionHasTwoUnitsAndNeutralNone) {
  for (std::size_t emotion = 0; emotion < kAuEmotions; ++emotion) {
    const auto units = std::ranges::count_if(au_table(), [&](const ActionUnit& u) { return u.given.at(emotion) > .5; });
    SCOPED_TRACE(name_of(static_cast<AuEmotion>(emotion)));
    if (static_cast<AuEmotion>(emotion) == AuEmotion::neutral) {
      EXPECT_EQ(units, 0);
    } else {
      EXPECT_GE(units, 2);
    }
  }
}

TEST(AuTable, ASentenceTellsItsUnitLevelAndSideAndNoOther) {
  std::set<std::string> told;
  for (const ActionUnit& unit : au_table()) {
    for (const AuLevel level : {AuLevel::weak, AuLevel::moderate, AuLevel::strong}) {
      for (const AuSide side : {AuSide::both, AuSide::right, AuSide::left}) {
        const AuStatement statement{unit.facs, level, side};
        const Result<std::string> sentence = au_sentence(statement);
        EXPECT_EQ(sentence.has_value(), unit.sided || side == AuSide::both);
        if (!sentence) continue;
        EXPECT_TRUE(told.insert(*sentence).second) << *sentence;
        const Result<AuStatement> read = read_au_sentence(*sentence);
        ASSERT_TRUE(read.has_value());
        EXPECT_EQ(*read, statement);
      }
    }
  }
  EXPECT_EQ(*au_sentence({12, AuLevel::weak, AuSide::right}), "The right mouth corner is pulled up a little.");
  EXPECT_EQ(read_au_sentence("The mouth smiles.").error().code, ErrorCode::not_found);
  EXPECT_EQ(au_sentence({3, AuLevel::weak, AuSide::both}).error().code, ErrorCode::invalid_argument);
}

TEST(AuTable, LevelsBeginAtOneTwoAndThreeAndAHalf) {
  EXPECT_EQ(au_level(0.99), std::nullopt);
  EXPECT_EQ(au_level(1), AuLevel::weak);
  EXPECT_EQ(au_level(2), AuLevel::moderate);
  EXPECT_EQ(au_level(3.49), AuLevel::moderate);
  EXPECT_EQ(au_level(5), AuLevel::strong);
}

TEST(AuSignal, AnOpenLipMeasuresItsGapOverTheEyes) {
  // Eyes 100 apart, gaps 6, 12 and 6: mean 8, over 100.
  const Landmarks face = landmarks_with({{36, {0, 0}},
                                         {45, {100, 0}},
                                         {61, {40, 60}},
                                         {67, {40, 66}},
                                         {62, {50, 60}},
                                         {66, {50, 72}},
                                         {63, {60, 60}},
                                         {65, {60, 66}}});
  EXPECT_NEAR(*au_signal(*find_au(25), face), .08, 1e-9);
}

TEST(AuSignal, TurningThePictureChangesNothing) {
  // Inner brows 30 above the inner eye corners, eyes 100 apart: 0.3; the whole turned by 30 degrees and doubled.
  Landmarks face =
      landmarks_with({{36, {0, 0}}, {45, {100, 0}}, {39, {30, 0}}, {42, {70, 0}}, {21, {35, -30}}, {22, {65, -30}}});
  EXPECT_NEAR(*au_signal(*find_au(1), face), .3, 1e-7);
  for (Point2f& p : face.points) p = {2 * (.8660254F * p.x - .5F * p.y) + 7, 2 * (.5F * p.x + .8660254F * p.y) - 3};
  EXPECT_NEAR(*au_signal(*find_au(1), face), .3, 1e-5);
}

TEST(AuSignal, OneSideLeavesTheOtherOut) {
  const Landmarks face = landmarks_with({{36, {0, 0}}, {45, {100, 0}}, {39, {30, 0}}, {42, {70, 0}}, {21, {35, -20}}});
  EXPECT_NEAR(*au_signal(*find_au(1), face, AuSide::right), .2, 1e-7);
  EXPECT_NEAR(*au_signal(*find_au(1), face, AuSide::left), 0, 1e-7);
  EXPECT_NEAR(*au_signal(*find_au(1), face), .1, 1e-7);
}

TEST(AuSignal, RefusesWhatIsNoFace) {
  EXPECT_EQ(au_signal(*find_au(1), {LandmarkScheme::mesh468, std::vector<Point2f>(468)}).error().code,
            ErrorCode::invalid_argument);
  EXPECT_FALSE(au_signal(*find_au(1), landmarks_with({})));
  EXPECT_FALSE(au_signal(
      *find_au(1), landmarks_with({{36, {0, 0}}, {45, {100, 0}}, {21, {std::numeric_limits<float>::quiet_NaN(), 0}}})));
}

TEST(AuSignal, IntensityIsALineFromNeutralToFullScale) {
  const ActionUnit& jaw = *find_au(26);
  EXPECT_NEAR(au_intensity(jaw, .7 + jaw.full_scale / 2, .7), 2.5, 1e-12);
  EXPECT_EQ(au_intensity(jaw, .6, .7), 0);
  EXPECT_EQ(au_intensity(jaw, 9, .7), 5);
}

TEST(AuShapes, UnitsBecomeWeightsOfNamedShapes) {
  const std::vector<AuActivation> units{{26, 5, 5}, {12, 5, 2.5}};
  const auto shapes = shapes_of(units);
  ASSERT_TRUE(shapes.has_value());
  EXPECT_EQ(*shapes, (std::vector<ShapeWeight>{{"mouthSmile_R", 1}, {"mouthSmile_L", .5}, {"jawOpen", .6}}));
  EXPECT_TRUE(shapes_of({})->empty());
}

TEST(AuShapes, WhatUnitsAddIsClippedAtOne) {
  const std::vector<AuActivation> units{{28, 5, 5}, {28, 5, 5}};
  const auto twice = shapes_of(units);
  ASSERT_TRUE(twice.has_value());
  EXPECT_EQ(*twice, (std::vector<ShapeWeight>{{"mouthRollLower", 1}, {"mouthRollUpper", 1}}));
}

TEST(AuShapes, RefusesUnknownUnitsAndIntensities) {
  EXPECT_FALSE(shapes_of(std::vector<AuActivation>{{3, 1, 1}}));
  EXPECT_FALSE(shapes_of(std::vector<AuActivation>{{12, 5.1, 0}}));
  EXPECT_FALSE(shapes_of(std::vector<AuActivation>{{12, std::numeric_limits<double>::quiet_NaN(), 0}}));
}

}  // namespace
}  // namespace vultus
