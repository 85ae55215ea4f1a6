#include <vultus/engine/lane.hpp>

#include <random>

#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

TEST(Lane, KeepsLowestAndHighestOfEachStretch) {
  Lane lane(4, 1);
  for (const auto& [seconds, value] : {std::pair(0.0, 1.0), std::pair(0.5, 3.0), std::pair(2.2, -1.0)})
    lane.add(seconds, value);
  ASSERT_EQ(lane.stretches().size(), 3U);
  EXPECT_EQ(lane.stretches()[0].low, 1);
  EXPECT_EQ(lane.stretches()[0].high, 3);
  EXPECT_GT(lane.stretches()[1].low, lane.stretches()[1].high) << "nothing was measured there";
  lane.add(4, 9);  // a fifth second: stretches of two seconds
  EXPECT_EQ(lane.width(), 2);
  ASSERT_EQ(lane.stretches().size(), 3U);
  EXPECT_EQ(lane.stretches()[0].high, 3);
  EXPECT_EQ(lane.stretches()[1].low, -1);
  EXPECT_EQ(lane.stretches()[2].high, 9);
}

TEST(Lane, CountsAsStatisticsBooksDo) {
  Lane lane(16, 0.1);
  for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) lane.add(0, value);
  lane.absent();
  EXPECT_EQ(lane.count(), 8);
  EXPECT_EQ(lane.absences(), 1);
  EXPECT_DOUBLE_EQ(lane.mean(), 5);
  EXPECT_DOUBLE_EQ(lane.deviation(), std::sqrt(32.0 / 7));  // sum of squared differences 32
  EXPECT_EQ(lane.low(), 2);
  EXPECT_EQ(lane.high(), 9);
}

TEST(Lane, StaysSmallHoweverLongItGetsAndLosesNoPeak) {
  Lane lane(100, 0.04);
  std::mt19937 random(5);
  for (int i = 0; i < 200'000; ++i) lane.add(i * 0.04, std::uniform_real_distribution<double>(-1, 1)(random));
  lane.add(4321.0, 77);
  EXPECT_LE(lane.stretches().size(), 100U);
  EXPECT_EQ(lane.stretches()[static_cast<std::size_t>(4321.0 / lane.width())].high, 77);
}

}  // namespace
}  // namespace vultus::engine
