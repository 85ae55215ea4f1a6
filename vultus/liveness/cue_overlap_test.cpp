#include <vultus/liveness/cue_overlap.hpp>

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace vultus::liveness {
namespace {

/// The columns [from, to) of a mask of 40 x 40 pixels are attacked.
Image columns_masked(int from, int to) {
  Image mask = Image::create(40, 40, PixelFormat::gray8).value();
  for (int y = 0; y < 40; ++y) std::fill(mask.row(y) + from, mask.row(y) + to, std::uint8_t{255});
  return mask;
}

/// Four cells to a side; the columns [from, to) of cells speak for a spoof.
CueMap columns_marked(int from, int to) {
  CueMap map{.box = {0, 0, 40, 40}, .cells = 4, .cue = {}};
  for (int i = 0; i < 16; ++i) map.cue.push_back(i % 4 >= from && i % 4 < to ? 2.0 : 0.1);
  return map;
}

TEST(CueOverlap, IsThatOfTheCells) {
  // Marked: the columns 0 to 2 (12 cells); masked: 1 and 2 (8 cells): 8 of 12.
  const auto overlap = cue_overlap(columns_marked(0, 3), columns_masked(10, 30).view(), 1).value();
  EXPECT_EQ(overlap.marked, 12U);
  EXPECT_EQ(overlap.masked, 8U);
  EXPECT_NEAR(overlap.iou, 8.0 / 12, 1e-12);
  EXPECT_FALSE(overlap.peak_inside);  // the first of equal peaks
  EXPECT_TRUE(cue_overlap(columns_marked(1, 3), columns_masked(10, 30).view(), 1)->peak_inside);
  EXPECT_EQ(cue_overlap(columns_marked(1, 3), columns_masked(10, 30).view(), 1)->iou, 1);
  EXPECT_EQ(cue_overlap(columns_marked(0, 1), columns_masked(10, 40).view(), 1)->iou, 0);
  // Less than half of a cell is not it.
  EXPECT_EQ(cue_overlap(columns_marked(0, 1), columns_masked(0, 4).view(), 1)->masked, 0U);
}

TEST(CueOverlap, NothingMarkedAndNothingMaskedAgree) {
  EXPECT_EQ(cue_overlap(columns_marked(0, 0), columns_masked(0, 0).view(), 1)->iou, 1);
}

TEST(CueOverlap, RefusesWhatDoesNotFit) {
  CueMap map = columns_marked(0, 1);
  map.cue.pop_back();
  EXPECT_FALSE(cue_overlap(map, columns_masked(0, 4).view(), 1));
  map = columns_marked(0, 1);
  map.box.width = 41;
  EXPECT_FALSE(cue_overlap(map, columns_masked(0, 4).view(), 1));
  EXPECT_FALSE(cue_overlap(columns_marked(0, 1), Image::create(40, 40, PixelFormat::rgb8).value().view(), 1));
}

TEST(SlipTarget, PeaksAtItsPlaceWithLevel255) {
  const std::array<std::array<std::size_t, 2>, 8> middles{
      {{8, 16}, {24, 16}, {16, 8}, {16, 24}, {8, 8}, {8, 24}, {24, 8}, {24, 24}}};
  for (std::size_t place = 0; place < 8; ++place) {
    const auto map = slip_target(place, 3).value();
    ASSERT_EQ(map.size(), 32U * 32U);
    const auto peak = static_cast<std::size_t>(std::ranges::max_element(map) - map.begin());
    EXPECT_EQ(peak / 32, middles.at(place)[0]) << kSlipPlaces.at(place);
    EXPECT_EQ(peak % 32, middles.at(place)[1]) << kSlipPlaces.at(place);
    EXPECT_FLOAT_EQ(map[peak], 255);
    EXPECT_GE(*std::ranges::min_element(map), 0);
  }
  const auto moved = slip_target(0, 2, {2, -1}).value();
  EXPECT_FLOAT_EQ(moved[10 * 32 + 15], 255);
  EXPECT_NEAR(moved[12 * 32 + 15], 255 * std::exp(-0.5), 1e-3);  // one sigma below
}

TEST(SlipTarget, RefusesWhatIsOutsideItsRange) {
  EXPECT_FALSE(slip_target(8, 3));
  EXPECT_FALSE(slip_target(0, 1));
  EXPECT_FALSE(slip_target(0, 7));
  EXPECT_FALSE(slip_target(0, 3, {3, 0}));
}

}  // namespace
}  // namespace vultus::liveness
