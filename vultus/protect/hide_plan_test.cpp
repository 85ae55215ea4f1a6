#include <vultus/protect/hide_plan.hpp>

#include <gtest/gtest.h>

namespace vultus::protect {
namespace {

/// Frames at 10 a second.
std::vector<Seconds> frames(int count) {
  std::vector<Seconds> times;
  for (int i = 0; i < count; ++i) times.emplace_back(i / 10.0);
  return times;
}
SeenBox seen(std::int64_t frame, int track, float x) {
  return {.frame = frame, .track = TrackId(track), .box = {x, 10, 20, 30}};
}

TEST(HidePlan, BridgesGapsByWhatLiesBetween) {
  const auto plan = plan_boxes(frames(11), {}, {seen(0, 1, 0), seen(10, 1, 100)}, {}).value();
  ASSERT_EQ(plan.size(), 11U);
  for (std::size_t i = 0; i < plan.size(); ++i) {
    ASSERT_EQ(plan[i].size(), 1U) << i;
    EXPECT_FLOAT_EQ(plan[i][0].box.x, static_cast<float>(i) * 10);
    EXPECT_EQ(plan[i][0].seen, i == 0 || i == 10);
  }
}

TEST(HidePlan, HoldsAFaceAroundItsTrack) {
  const auto plan = plan_boxes(frames(40), {}, {seen(20, 1, 5), seen(21, 1, 6)}, {.hold = Seconds(.5)}).value();
  for (std::size_t i = 0; i < plan.size(); ++i) EXPECT_EQ(plan[i].size(), i >= 15 && i <= 26 ? 1U : 0U) << i;
  EXPECT_EQ(plan[15][0].box.x, 5);
  EXPECT_EQ(plan[26][0].box.x, 6);
}

TEST(HidePlan, ALongGapIsHeldFromBothEnds) {
  const auto plan =
      plan_boxes(frames(100), {}, {seen(0, 1, 0), seen(90, 1, 9)}, {.hold = Seconds(1), .longest = Seconds(2)}).value();
  for (std::size_t i = 0; i < plan.size(); ++i) EXPECT_EQ(plan[i].size(), i <= 10 || i >= 80 ? 1U : 0U) << i;
}

TEST(HidePlan, NothingGoesOnOverACut) {
  const auto plan = plan_boxes(frames(20), {5, 15}, {seen(6, 1, 0), seen(14, 1, 8)}, {}).value();
  EXPECT_TRUE(plan[4].empty());
  EXPECT_EQ(plan[5].size(), 1U) << "held back to the beginning of the scene";
  EXPECT_EQ(plan[10].size(), 1U);
  EXPECT_TRUE(plan[15].empty());
}

TEST(HidePlan, SeveralTracksStandSideBySide) {
  const auto plan =
      plan_boxes(frames(3), {}, {seen(1, 2, 50), seen(0, 1, 0), seen(2, 1, 2)}, {.hold = Seconds(0)}).value();
  EXPECT_EQ(plan[0].size(), 1U);
  ASSERT_EQ(plan[1].size(), 2U);
  EXPECT_EQ(plan[1][0].track, TrackId(1));
}

TEST(HidePlan, RefusesWhatCannotBe) {
  EXPECT_FALSE(plan_boxes(frames(3), {}, {seen(3, 1, 0)}, {}));
  EXPECT_FALSE(plan_boxes(frames(3), {}, {}, {.hold = Seconds(-1)}));
  EXPECT_FALSE(plan_boxes(frames(3), {}, {}, {.longest = Seconds(4000)}));
  EXPECT_TRUE(plan_boxes({}, {}, {}, {}).value().empty());
}

}  // namespace
}  // namespace vultus::protect
