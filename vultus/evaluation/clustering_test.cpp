#include <vultus/evaluation/clustering.hpp>

#include <vector>

#include <gtest/gtest.h>

namespace vultus::evaluation {
namespace {

using Numbers = std::vector<std::uint32_t>;

TEST(ScoreClusters, AreWhatAHandCountsOut) {
  // Identities a a a a b b c, clusters {a a a b} {a} {b c}.
  // Pairs: claimed C(4,2) + 0 + C(2,2) = 6 + 0 + 1 = 7, there C(4,2) + C(2,2) = 7, right 3.
  // B-cubed precision: three a at 3/4, b at 1/4, a at 1, b and c at 1/2: 2.25 + .25 + 1 + 1 = 4.5 of 7.
  // Recall: three a at 3/4, a at 1/4, two b at 1/2, c at 1: 2.25 + .25 + 1 + 1 = 4.5 of 7.
  const auto scores = score_clusters(Numbers{8, 8, 8, 5, 8, 2, 2}, Numbers{1, 1, 1, 1, 2, 2, 3}).value();
  EXPECT_DOUBLE_EQ(scores.pairs.precision, 3.0 / 7);
  EXPECT_DOUBLE_EQ(scores.pairs.recall, 3.0 / 7);
  EXPECT_DOUBLE_EQ(scores.pairs.f, 3.0 / 7);
  EXPECT_DOUBLE_EQ(scores.bcubed.precision, 4.5 / 7);
  EXPECT_DOUBLE_EQ(scores.bcubed.recall, 4.5 / 7);
  EXPECT_DOUBLE_EQ(scores.bcubed.f, 4.5 / 7);
  EXPECT_EQ(scores.items, 7);
  EXPECT_EQ(scores.identities, 3);
  EXPECT_EQ(scores.clusters, 3);
}

TEST(ScoreClusters, OfTheTruthAreOne) {
  const auto scores = score_clusters(Numbers{5, 5, 6, 7}, Numbers{1, 1, 2, 3}).value();
  EXPECT_EQ(scores.pairs, (ClusterAgreement{1, 1, 1}));
  EXPECT_EQ(scores.bcubed, (ClusterAgreement{1, 1, 1}));
}

TEST(ScoreClusters, AllInOneClusterHaveFullRecallAllAloneFullPrecision) {
  // Two identities of two items each. One cluster: 6 pairs claimed, 2 right; each item sees half of its kind.
  const auto one = score_clusters(Numbers{0, 0, 0, 0}, Numbers{1, 1, 2, 2}).value();
  EXPECT_DOUBLE_EQ(one.pairs.precision, 2.0 / 6);
  EXPECT_DOUBLE_EQ(one.pairs.recall, 1);
  EXPECT_DOUBLE_EQ(one.pairs.f, 0.5);
  EXPECT_DOUBLE_EQ(one.bcubed.precision, 0.5);
  EXPECT_DOUBLE_EQ(one.bcubed.recall, 1);
  const auto alone = score_clusters(Numbers{0, 1, 2, 3}, Numbers{1, 1, 2, 2}).value();
  EXPECT_EQ(alone.pairs, (ClusterAgreement{1, 0, 0}));  // nothing was claimed
  EXPECT_EQ(alone.bcubed, (ClusterAgreement{1, 0.5, 2.0 / 3}));
}

TEST(ScoreClusters, ChangePlacesWhenTruthAndAnswerDo) {
  const Numbers a{1, 1, 2, 2, 2, 3, 4, 4}, b{1, 2, 2, 2, 1, 1, 4, 5};
  const auto ab = score_clusters(a, b).value(), ba = score_clusters(b, a).value();
  EXPECT_DOUBLE_EQ(ab.pairs.precision, ba.pairs.recall);
  EXPECT_DOUBLE_EQ(ab.bcubed.precision, ba.bcubed.recall);
  EXPECT_DOUBLE_EQ(ab.bcubed.f, ba.bcubed.f);
}

TEST(ScoreClusters, RefuseListsThatDoNotFit) {
  EXPECT_EQ(score_clusters(Numbers{1}, Numbers{}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(score_clusters(Numbers{}, Numbers{}).error().code, ErrorCode::invalid_argument);
}

TEST(ClusterIntervals, HoldTheValueAndAreTheSameForTheSameSeed) {
  Numbers clusters, identities;
  for (std::uint32_t person = 0; person < 60; ++person)
    for (std::uint32_t face = 0; face < 4; ++face) {
      identities.push_back(person);
      clusters.push_back(face == 3 && person % 3 == 0 ? person + 1 : person);  // every third person loses a face
    }
  const auto value = score_clusters(clusters, identities).value();
  const auto one = cluster_intervals(clusters, identities, {}).value();
  EXPECT_EQ(one, cluster_intervals(clusters, identities, {}).value());
  const auto holds = [](const Interval& interval, double v) { return interval.low < v && v < interval.high; };
  EXPECT_TRUE(holds(one.pair_recall, value.pairs.recall));
  EXPECT_TRUE(holds(one.pair_precision, value.pairs.precision));
  EXPECT_TRUE(holds(one.bcubed_f, value.bcubed.f));
  // A third of the persons keeps 3 of 6 pairs: the recall is 5/6 with a standard error of 0.5 sqrt(2/9 / 60) = 0.030.
  EXPECT_DOUBLE_EQ(value.pairs.recall, 5.0 / 6);
  EXPECT_NEAR(one.pair_recall.high - one.pair_recall.low, 2 * 1.96 * 0.0304, 0.012);
}

TEST(ClusterIntervals, OfAPerfectAnswerHaveNoWidth) {
  const auto one = cluster_intervals(Numbers{1, 1, 2, 2, 3}, Numbers{1, 1, 2, 2, 3}, {}).value();
  EXPECT_EQ(one.pair_f, (Interval{1, 1, 0.95}));
  EXPECT_EQ(one.bcubed_f, (Interval{1, 1, 0.95}));
  EXPECT_EQ(cluster_intervals(Numbers{1, 1}, Numbers{1, 1}, {}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::evaluation
