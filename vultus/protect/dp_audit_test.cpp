#include <vultus/protect/dp_audit.hpp>

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace vultus::protect {
namespace {

TEST(ClopperPearson, HasItsKnownBounds) {
  // 5 of 10, each side wrong in 2.5 %: .1871 and .8129 (standard table).
  const auto half = clopper_pearson(5, 10, .025);
  ASSERT_TRUE(half);
  EXPECT_NEAR(half->low, .1871, 5e-5);
  EXPECT_NEAR(half->high, .8129, 5e-5);
  // None and all of n: 1 - miss^(1/n) and miss^(1/n), by hand.
  EXPECT_NEAR(clopper_pearson(0, 100, .05)->high, 1 - std::pow(.05, .01), 1e-12);
  EXPECT_EQ(clopper_pearson(0, 100, .05)->low, 0);
  EXPECT_NEAR(clopper_pearson(100, 100, .05)->low, std::pow(.05, .01), 1e-12);
  EXPECT_EQ(clopper_pearson(100, 100, .05)->high, 1);
}

TEST(ClopperPearson, RefusesCountsThatAreNone) {
  EXPECT_FALSE(clopper_pearson(3, 2, .05));
  EXPECT_FALSE(clopper_pearson(0, 0, .05));
  EXPECT_FALSE(clopper_pearson(1, 2, .7));
}

TEST(DpAudit, TwoDataSetsThatLookAlikeLeakNothing) {
  NoiseSource noise = NoiseSource::seeded(1);
  std::vector<double> a(10000, 0.0), b(10000, 0.0);
  ASSERT_TRUE(noise.add_to(a, 1) && noise.add_to(b, 1));
  const auto bound = epsilon_lower_bound(a, b, 0, .05);
  ASSERT_TRUE(bound);
  EXPECT_LT(*bound, .1);
}

TEST(DpAudit, TellsHowFarTwoRandomisedAnswersAre) {
  // A coin that says the truth in 3 of 4 cases has epsilon ln 3 = 1.0986 by hand.
  NoiseSource noise = NoiseSource::seeded(1);
  std::vector<double> yes, no;
  const auto rare = [&] { return *noise.normal() > .6744897501960817; };  // 1 in 4
  for (int i = 0; i < 40000; ++i) yes.push_back(rare() ? 0 : 1), no.push_back(rare() ? 1 : 0);
  const auto bound = epsilon_lower_bound(yes, no, 0, .05);
  ASSERT_TRUE(bound);
  EXPECT_LE(*bound, std::log(3));
  EXPECT_GT(*bound, std::log(3) - .06);
}

DpReleaseOptions release_of(double epsilon, NeighbourRelation relation, ProjectionKind kind, int unit_rows) {
  return {.budget = {epsilon, 1e-4}, .clip = 100, .unit_rows = unit_rows, .relation = relation, .kind = kind};
}

TEST(DpAudit, NeverFindsMoreThanIsClaimed) {
  for (const double epsilon : {.5, 2.0, 5.0})
    for (const NeighbourRelation relation : {NeighbourRelation::add_remove, NeighbourRelation::replace})
      for (const ProjectionKind kind : {ProjectionKind::orthonormal, ProjectionKind::gaussian})
        for (const int unit_rows : {1, 5}) {
          const auto audit = audit_release(release_of(epsilon, relation, kind, unit_rows), {.runs = 2000});
          ASSERT_TRUE(audit);
          EXPECT_TRUE(audit->passed()) << epsilon << ": " << audit->lower_bound;
        }
}

TEST(DpAudit, ComesNearToWhatAReleaseReallyLeaks) {
  // Both mechanisms of (1, 5e-5): mu = sqrt(2) / sigma(1, 5e-5). Less than the sum of 2 because Gaussians compose
  // better; the audit cannot see the whole of it with 10,000 runs, but must see that it is no toy.
  const auto audit =
      audit_release(release_of(2, NeighbourRelation::add_remove, ProjectionKind::orthonormal, 1), {.runs = 10000});
  ASSERT_TRUE(audit);
  EXPECT_GT(audit->lower_bound, .5);
  EXPECT_LE(audit->lower_bound, 2);
}

TEST(DpAudit, FindsNoiseThatIsTooSmall) {
  const auto audit = audit_release(release_of(1, NeighbourRelation::add_remove, ProjectionKind::orthonormal, 1),
                                   {.runs = 10000, .sigma_factor = .3});
  ASSERT_TRUE(audit);
  EXPECT_FALSE(audit->passed()) << audit->lower_bound;
}

TEST(DpAudit, RefusesOptionsOutsideTheirRange) {
  const auto release = release_of(1, NeighbourRelation::add_remove, ProjectionKind::orthonormal, 1);
  EXPECT_FALSE(audit_release(release, {.runs = 10}));
  EXPECT_FALSE(audit_release(release, {.sigma_factor = 0}));
  DpReleaseOptions broken = release;
  broken.clip = -1;
  EXPECT_FALSE(audit_release(broken));
}

}  // namespace
}  // namespace vultus::protect
