// Buckets are half open, and an empty one makes the mean undefined.
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/evaluation/scale_bins.hpp>

namespace vultus::evaluation {
namespace {

TEST(ScaleBins, TakeEveryEdgeIntoTheBucketThatBeginsThere) {
  const ScaleBins bins = tokbench_bins(ScaledThing::text, 256).value();
  const std::vector<ScaledScore> scores{{.019, 1}, {.02, 1}, {.029, 0}, {.03, 1}, {.04, .5}, {1, 1}};
  const BinnedMean got = binned_mean(scores, bins).value();
  ASSERT_EQ(got.buckets.size(), 3U);
  EXPECT_EQ(got.outside, 2U) << "below the first edge, and at the last one";
  EXPECT_EQ(got.buckets[0].items, 2U);
  EXPECT_DOUBLE_EQ(got.buckets[0].mean.value(), .5);
  EXPECT_NEAR(got.mean_of_buckets.value(), (.5 + 1 + .5) / 3, 1e-12);
  EXPECT_NEAR(got.mean, 4.5 / 6, 1e-12);
}

TEST(ScaleBins, LeaveTheMeanUndefinedWhereABucketIsEmpty) {
  const ScaleBins bins = tokbench_bins(ScaledThing::face, 256).value();
  const BinnedMean got = binned_mean(std::vector<ScaledScore>{{.05, 1}, {.5, 1}}, bins).value();
  EXPECT_FALSE(got.buckets[1].mean);
  EXPECT_FALSE(got.mean_of_buckets);
  EXPECT_FALSE(binned_mean({}, bins));
  EXPECT_FALSE(binned_mean(std::vector<ScaledScore>{{std::nan(""), 1}}, bins));
}

TEST(ScaleBins, AreNamedByTheirRevision) {
  EXPECT_EQ(tokbench_bins(ScaledThing::face, 512).value().protocol, "tokbench-2, face, 512");
  EXPECT_EQ(tokbench_bins(ScaledThing::face, 512, "tokbench-1").value().edges, (std::vector<double>{.05, .1, .2, 1}));
  EXPECT_FALSE(tokbench_bins(ScaledThing::text, 512, "tokbench-1"));
  EXPECT_FALSE(tokbench_bins(ScaledThing::text, 300));
}

}  // namespace
}  // namespace vultus::evaluation
