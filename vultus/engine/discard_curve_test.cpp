#include <vultus/engine/discard_curve.hpp>

#include <limits>

#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

// Ten probes by rising score; the three that fail stand at places 1, 2 and 5.
const std::vector<DiscardInput> kTen{{1, true, 0},  {2, true, 0},  {3, false, 1}, {4, false, 1}, {5, true, 2},
                                     {6, false, 2}, {7, false, 3}, {8, false, 3}, {9, false, 4}, {10, false, 4}};

TEST(DiscardCurve, CountsFailuresAmongWhatIsLeft) {
  EXPECT_DOUBLE_EQ(*fnmr_after_discard(kTen, 0), 0.3);
  EXPECT_DOUBLE_EQ(*fnmr_after_discard(kTen, 0.1), 2.0 / 9);
  EXPECT_DOUBLE_EQ(*fnmr_after_discard(kTen, 0.2), 1.0 / 8);
  EXPECT_DOUBLE_EQ(*fnmr_after_discard(kTen, 0.5), 0);
  EXPECT_FALSE(fnmr_after_discard({}, 0));
}

TEST(DiscardCurve, OfEqualScoresAPartGoesWhateverTheirOrder) {
  std::vector<DiscardInput> equal = kTen;
  for (DiscardInput& in : equal) in.score = 1;
  EXPECT_NEAR(*fnmr_after_discard(equal, 0.3), 0.3, 1e-12);
  std::swap(equal[0], equal[9]);
  EXPECT_NEAR(*fnmr_after_discard(equal, 0.3), 0.3, 1e-12);
}

TEST(DiscardCurve, WeightsCountPersonsAsOftenAsTheyWereDrawn) {
  // Persons 0 and 2 drawn twice, 4 not at all: ten probes again, of which 4 + 2 fail.
  const std::vector<std::uint32_t> weights{2, 1, 2, 1, 0};
  EXPECT_NEAR(*fnmr_after_discard(kTen, 0, weights), 6.0 / 12, 1e-12);
}

TEST(DiscardCurve, AScoreThatIsNoNumberEndsTheCount) {
  std::vector<DiscardInput> without = kTen;
  without.back().score = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(fnmr_after_discard(without, 0.3));
}

TEST(DiscardCurve, ABenchmarkSortsByTheUnifiedScoreFirst) {
  QualityBenchmark run;
  run.threshold = 0.5;
  for (int i = 0; i < 40; ++i) {
    QualityProbe probe{.file = "a", .person = i / 2, .found = true};
    probe.similarity = i < 8 ? 0.2F : 0.8F;         // the first eight fail ...
    probe.quality.unified = static_cast<float>(i);  // ... and have the lowest scores
    probe.detection = 0.9F;
    run.probes.push_back(probe);
  }
  run.probes.push_back({.file = "nobody", .person = 3});
  ASSERT_TRUE(measure_discards(run, {.draws = 100}));
  EXPECT_EQ(run.people, 20);
  EXPECT_EQ(run.curves.front().name, "unified");
  EXPECT_DOUBLE_EQ(run.curves.front().fnmr.front(), 0.2);
  EXPECT_DOUBLE_EQ(run.curves.front().fnmr.at(20), 0);
  EXPECT_DOUBLE_EQ(run.curves.back().fnmr.at(20), 0.2) << "a score that is the same for all is of no use";
  EXPECT_NEAR(run.gain_at_10_percent, 0.2 - 4.0 / 36, 1e-12);
  ASSERT_TRUE(run.gain_interval);
  EXPECT_LE(run.gain_interval->low, run.gain_at_10_percent);
  EXPECT_TRUE(discard_svg(run));
}

}  // namespace
}  // namespace vultus::engine
