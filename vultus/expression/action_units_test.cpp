// Faces whose points were moved by known distances, turned and mirrored.
#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/expression/action_unit_signals.hpp>
#include <vultus/expression/neutral_baseline.hpp>

namespace vultus::expression {
namespace {

using ::testing::HasSubstr;

std::size_t place_of(int number) {
  for (std::size_t i = 0; i < kUnits; ++i)
    if (action_units().at(i).number == number) return i;
  throw std::logic_error("no such unit");
}

/// A symmetric face of made-up places: the points that the signals take, 100 pixels between the outer eye corners.
struct PlantedFace {
  std::vector<float> rows = std::vector<float>(3 * 468);
  PlantedFace() {
    set(33, -50, 0, 0), set(133, -20, 0, -5), set(159, -35, -5, -8), set(145, -35, 5, -8);
    set(107, -15, -30, -12), set(105, -40, -32, -5), set(50, -45, 35, -5), set(98, -15, 45, -20);
    set(61, -28, 80, -10), set(2, 0, 48, -30), set(0, 0, 66, -25), set(13, 0, 76, -22), set(14, 0, 80, -22);
    set(17, 0, 92, -22), set(152, 0, 130, -15);
  }
  /// Puts a point and its mirror image.
  void set(std::size_t i, float x, float y, float z) {
    const std::vector<std::pair<std::size_t, std::size_t>> pairs{
        {33, 263}, {133, 362}, {159, 386}, {145, 374}, {107, 336}, {105, 334}, {50, 280}, {98, 327}, {61, 291}};
    put(i, x, y, z);
    for (const auto& [right, left] : pairs)
      if (right == i) put(left, -x, y, z);
  }
  void put(std::size_t i, float x, float y, float z) { rows[3 * i] = x, rows[3 * i + 1] = y, rows[3 * i + 2] = z; }
  [[nodiscard]] PlantedFace turned(double x, double y, double z) const {
    const double sx = std::sin(x), cx = std::cos(x), sy = std::sin(y), cy = std::cos(y), sz = std::sin(z),
                 cz = std::cos(z);
    PlantedFace out = *this;
    for (std::size_t i = 0; i < 468; ++i) {
      const double px = rows[3 * i], py = rows[3 * i + 1], pz = rows[3 * i + 2];
      out.put(i, static_cast<float>(cy * cz * px - cy * sz * py + sy * pz + 300),
              static_cast<float>((cx * sz + cz * sx * sy) * px + (cx * cz - sx * sy * sz) * py - cy * sx * pz + 200),
              static_cast<float>((sx * sz - cx * cz * sy) * px + (cz * sx + cx * sy * sz) * py + cx * cy * pz));
    }
    return out;
  }
  [[nodiscard]] double signal(int unit) const { return unit_signals(rows, {0, 0, 0}).value().at(place_of(unit)); }
};

TEST(UnitTable, IsThatOfOpenFaceInOrder) {
  std::vector<int> numbers;
  for (const UnitRow& unit : action_units()) {
    numbers.push_back(unit.number);
    EXPECT_GT(unit.full, 0);
    EXPECT_FALSE(unit.name.empty());
  }
  EXPECT_EQ(numbers, (std::vector<int>{1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 28, 45}));
}

TEST(UnitSignals, GrowByWhatWasMoved) {
  const PlantedFace rest;
  const auto grows = [&](int unit, std::size_t point, float x, float y, float z) {
    PlantedFace moved = rest;
    moved.set(point, x, y, z);
    return moved.signal(unit) - rest.signal(unit);
  };
  EXPECT_NEAR(grows(1, 107, -15, -38, -12), 0.08, 1e-6);  // inner brows 8 of 100 pixels up
  EXPECT_NEAR(grows(2, 105, -40, -38, -5), 0.06, 1e-6);   // outer brows 6 up
  EXPECT_NEAR(grows(4, 107, -12, -30, -12), 0.06, 1e-6);  // inner brows 3 each towards each other
  EXPECT_NEAR(grows(5, 159, -35, -8, -8), 0.03, 1e-6);    // upper lids 3 up
  EXPECT_NEAR(grows(6, 50, -45, 31, -5), 0.04, 1e-6);     // cheeks 4 up
  EXPECT_NEAR(grows(9, 98, -15, 42, -20), 0.03, 1e-6);    // nose wings 3 up
  EXPECT_NEAR(grows(10, 0, 0, 62, -25), 0.04, 1e-6);      // upper lip 4 up
  EXPECT_NEAR(grows(12, 61, -33, 77, -10), 0.13, 1e-6);   // corners 5 out each and 3 up
  EXPECT_NEAR(grows(15, 61, -28, 86, -10), 0.06, 1e-6);   // corners 6 down
  EXPECT_NEAR(grows(20, 61, -33, 82, -10), 0.12, 1e-6);   // corners 5 out each and 2 down
  EXPECT_NEAR(grows(26, 152, 0, 150, -15), 0.20, 1e-6);   // chin 20 down
}

TEST(UnitSignals, DoNotChangeWhenTheHeadTurns) {
  const PlantedFace rest;
  const auto want = unit_signals(rest.rows, {0, 0, 0}).value();
  for (const auto& [x, y, z] : {std::array{0.3, 0.0, 0.0}, {0.0, -0.5, 0.0}, {0.0, 0.0, 0.7}, {-0.2, 0.4, 0.3}}) {
    const auto got = unit_signals(rest.turned(x, y, z).rows, {x, y, z}).value();
    for (std::size_t i = 0; i < want.size(); ++i)
      EXPECT_NEAR(got.at(i), want.at(i), 1e-5) << action_units().at(i).number;
  }
}

TEST(UnitSignals, AMirroredFaceHasTheSame) {
  PlantedFace crooked;
  crooked.put(61, -34, 74, -10);  // a smile on the right side only
  crooked.put(334, 40, -39, -5);  // the left brow up
  PlantedFace mirrored = crooked;
  for (const auto& [a, b] : std::vector<std::pair<std::size_t, std::size_t>>{
           {33, 263}, {133, 362}, {159, 386}, {145, 374}, {107, 336}, {105, 334}, {50, 280}, {98, 327}, {61, 291}}) {
    const auto at = [&](std::size_t i) {
      return std::array{crooked.rows[3 * i], crooked.rows[3 * i + 1], crooked.rows[3 * i + 2]};
    };
    mirrored.put(a, -at(b)[0], at(b)[1], at(b)[2]);
    mirrored.put(b, -at(a)[0], at(a)[1], at(a)[2]);
  }
  const auto one = unit_signals(crooked.rows, {0, 0, 0}).value(),
             other = unit_signals(mirrored.rows, {0, 0, 0}).value();
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(one.at(i), other.at(i), 1e-6);
}

TEST(UnitSignals, WhatIsNoFaceIsRefused) {
  EXPECT_FALSE(unit_signals(std::vector<float>(30), {0, 0, 0}));
  EXPECT_FALSE(unit_signals(std::vector<float>(3 * 468), {0, 0, 0}));
  PlantedFace broken;
  broken.put(5, NAN, 0, 0);
  EXPECT_FALSE(unit_signals(broken.rows, {0, 0, 0}));
}

TEST(UnitIntensity, IsFiveAtFullAndNeverBeyond) {
  const UnitRow& smile = action_units().at(place_of(12));
  EXPECT_EQ(unit_intensity(smile, 0.5, 0.5), 0);
  EXPECT_EQ(unit_intensity(smile, 0.4, 0.5), 0);
  EXPECT_NEAR(unit_intensity(smile, 0.5 + smile.full / 2, 0.5), 2.5, 1e-12);
  EXPECT_EQ(unit_intensity(smile, 3, 0.5), 5);
}

UnitSignals all(double value) {
  UnitSignals signals{};
  signals.fill(value);
  return signals;
}

TEST(Neutral, IsAnAverageFaceBeforeAnythingWasSeen) {
  const NeutralBaseline neutral = NeutralLearner().now();
  EXPECT_EQ(neutral.signals.at(place_of(12)), action_units().at(place_of(12)).neutral);
  EXPECT_EQ(neutral.seconds, 0);
}

TEST(Neutral, IsTheFaceThatIsNotSmiling) {
  NeutralLearner learner;
  for (int i = 0; i < 100; ++i) learner.add(i * 0.2, all(i % 10 < 3 ? 0.25 : 0.5));  // at rest three times in ten
  EXPECT_NEAR(learner.now().signals.at(0), 0.25, 1e-12);
}

TEST(Neutral, ForgetsWhatIsLongerThanAMinuteAgo) {
  NeutralLearner learner;
  for (int i = 0; i < 300; ++i) learner.add(i * 0.2, all(0.1));
  for (int i = 300; i < 700; ++i) learner.add(i * 0.2, all(0.4));
  EXPECT_NEAR(learner.now().signals.at(0), 0.4, 1e-12);
}

TEST(Neutral, TrustsWhatItSawAndNotTheTimeThatWentBy) {
  const double average = action_units().front().neutral;
  NeutralLearner learner;
  learner.add(0, all(average + 0.3));
  learner.add(50, all(average + 0.3));  // a second at most of the fifty counts
  EXPECT_NEAR(learner.now().signals.front(), average + 0.1, 1e-12);
  EXPECT_NEAR(learner.now().seconds, 1, 1e-12);
  learner.add(111, all(average + 0.3));
  EXPECT_NEAR(learner.now().signals.front(), average, 1e-12) << "one sample in the last minute";
  EXPECT_EQ(learner.now().seconds, 0);
}

TEST(Neutral, DoesNotDependOnTheFrameRate) {
  NeutralLearner slow, fast;
  for (int i = 0; i < 20 * 10; ++i) slow.add(i / 10.0, all(0.2 + 0.1 * std::sin(i / 10.0)));
  for (int i = 0; i < 20 * 120; ++i) fast.add(i / 120.0, all(0.2 + 0.1 * std::sin(i / 120.0)));
  EXPECT_NEAR(slow.now().signals.at(0), fast.now().signals.at(0), 0.005);
}

TEST(Neutral, IsSavedAndReadAgain) {
  NeutralLearner learner;
  for (int i = 0; i < 50; ++i) learner.add(i * 0.2, all(0.3));
  const NeutralBaseline saved = learner.now();
  const auto read = parse_baseline(to_json(saved), "rest.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, saved);
}

TEST(Neutral, OtherTextIsRefused) {
  for (const char* text :
       {"", "[]", "{}", R"({"vultus_neutral_face":1})", R"({"vultus_neutral_face":1,"seconds":-1,"units":{}})",
        R"({"vultus_neutral_face":1,"seconds":1,"units":{"1":"x"}})"}) {
    const auto read = parse_baseline(text, "rest.json");
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().message, HasSubstr("rest.json"));
  }
  EXPECT_EQ(parse_baseline(R"({"vultus_neutral_face":2})", "x").error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace vultus::expression
