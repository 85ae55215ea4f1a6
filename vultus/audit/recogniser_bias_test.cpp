// Groups of a recogniser: hand counts, planted differences, and a null setting.
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/audit/recogniser_bias.hpp>

namespace vultus::audit {
namespace {

TEST(Gini, EqualsTheHandValue) {
  // Gaps .01, .04, .03 counted twice: .16; 3/2 * .16 / (2 * 3 * .08) = .5 (the same in NumPy).
  EXPECT_NEAR(gini(std::array{.01, .02, .05}), .5, 1e-12);
  EXPECT_NEAR(gini(std::array{.3, .3}), 0, 1e-12);
  EXPECT_NEAR(gini(std::array{0.0, 0.0}), 0, 1e-12);
  EXPECT_NEAR(gini(std::array{0.0, 1.0}), 1, 1e-12);  // all errors in one of two groups
}

/// Planted recogniser: `people` persons a group with two pictures each. Strangers of group g match in a share of
/// false_match[g], mated pairs fail in a share of false_non_match[g]; pairs across groups never match.
struct PlantedRecogniser {
  std::vector<std::uint32_t> person_of;
  std::vector<std::uint32_t> group_of;
  std::array<double, 2> false_match{};
  std::array<double, 2> false_non_match{};

  PlantedRecogniser(std::array<std::uint32_t, 2> people, std::array<double, 2> fm, std::array<double, 2> fnm)
      : false_match(fm), false_non_match(fnm) {
    for (std::uint32_t g = 0; g < 2; ++g)
      for (std::uint32_t p = 0; p < people[g]; ++p) {
        const auto person = static_cast<std::uint32_t>(group_of.size());
        group_of.push_back(g);
        person_of.insert(person_of.end(), 2, person);
      }
  }

  /// A number in [0, 1) of two pictures that looks random and is always the same (SplitMix64).
  static double unit_of(std::size_t a, std::size_t b) {
    std::uint64_t z = (std::uint64_t{a} << 32U | b) + 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1p-53;
  }

  [[nodiscard]] float score(std::size_t a, std::size_t b) const {
    const double u = unit_of(a, b);
    const std::uint32_t group = group_of[person_of[a]];
    // Impostors: .5 + u / 4 for those that match, else below .5. Mated: high, or below every matching impostor.
    if (person_of[a] == person_of[b]) return static_cast<float>(u < false_non_match[group] ? .1 + u / 10 : .9 + u / 20);
    if (group != group_of[person_of[b]] || u >= false_match[group]) return static_cast<float>(u / 4);
    return static_cast<float>(.5 + u / false_match[group] / 4);
  }

  [[nodiscard]] RecogniserAudit audit(double target) const {
    const std::vector<std::string> names{"f", "m"};
    return audit_recogniser(person_of, [this](std::size_t a, std::size_t b) { return score(a, b); }, group_of, names,
                            {.target_fmr = target, .bootstrap = {.draws = 200}})
        .value();
  }
};

TEST(AuditRecogniser, FindsThePlantedDifference) {
  // 200 persons a group: 79,600 impostor pairs within each. A share of .008 and .002 matches within the groups, so
  // .0025 of all 319,200 pairs do; the target lets all of them through,
  // and some 160 more of all pairs.
  const PlantedRecogniser planted({200, 200}, {.008, .002}, {.2, .05});
  const RecogniserAudit got = planted.audit(.003);
  EXPECT_LE(got.threshold, .5);
  ASSERT_EQ(got.groups.size(), 2U);
  EXPECT_EQ(got.groups[0].rates.impostor_pairs, 79600U);
  EXPECT_TRUE(got.groups[0].fmr_measurable);
  EXPECT_TRUE(got.groups[0].fnmr_measurable);
  EXPECT_NEAR(got.groups[0].rates.fmr->value, .0085, .0012);
  EXPECT_NEAR(got.groups[1].rates.fmr->value, .0025, .0007);
  EXPECT_NEAR(got.groups[0].rates.fnmr->value, .2, .09);
  EXPECT_NEAR(got.groups[1].rates.fnmr->value, .05, .05);
  EXPECT_EQ(got.cross_pairs, 160000U);
  EXPECT_LT(got.cross_false_matches, 200U) << "pairs across never reach .25 but for the smallest allowed ties";
  EXPECT_NEAR(got.fmr_ratio.value(), 3.4, 1.2);
  const double fmr = got.groups[0].rates.fmr->value - got.groups[1].rates.fmr->value;
  const double fnmr = got.groups[0].rates.fnmr->value - got.groups[1].rates.fnmr->value;
  EXPECT_NEAR(got.fdr.value(), 1 - (std::abs(fmr) + std::abs(fnmr)) / 2, 1e-12);
  EXPECT_GT(got.garbe.value(), .3);
  EXPECT_FALSE(got.groups[0].det.empty());
}

TEST(AuditRecogniser, SeesNoDifferenceWhereNoneWasPlanted) {
  const RecogniserAudit got = PlantedRecogniser({150, 150}, {.01, .01}, {.1, .1}).audit(.006);
  EXPECT_NEAR(got.fmr_ratio.value(), 1, .3);
  EXPECT_LT(got.garbe.value(), .3);
  // The intervals of the two groups meet.
  EXPECT_GT(got.groups[0].rates.fmr->interval->high, got.groups[1].rates.fmr->interval->low);
  EXPECT_GT(got.groups[1].rates.fmr->interval->high, got.groups[0].rates.fmr->interval->low);
}

TEST(AuditRecogniser, ListsASmallGroupAsNotMeasurableAndNotAsZero) {
  // Five persons: 40 impostor pairs within the group, 3 / .01 = 300 are needed; five mated pairs.
  const RecogniserAudit got = PlantedRecogniser({100, 5}, {.02, .02}, {.1, .1}).audit(.01);
  EXPECT_TRUE(got.groups[0].fmr_measurable);
  EXPECT_FALSE(got.groups[1].fmr_measurable);
  EXPECT_FALSE(got.groups[1].fnmr_measurable);
  EXPECT_FALSE(got.fmr_ratio);
  EXPECT_FALSE(got.fdr);
}

TEST(AuditRecogniser, RefusesWhatCannotBeMeasured) {
  const PlantedRecogniser planted({3, 3}, {.1, .1}, {.1, .1});
  const std::vector<std::string> names{"f", "m"};
  const auto score = [&](std::size_t a, std::size_t b) { return planted.score(a, b); };
  EXPECT_FALSE(audit_recogniser(planted.person_of, score, planted.group_of, names, {.target_fmr = 1e-3}));
  EXPECT_FALSE(audit_recogniser(planted.person_of, score, planted.group_of, names, {.target_fmr = .1, .weight = 2}));
  const std::vector<std::uint32_t> few{0, 1};
  EXPECT_FALSE(audit_recogniser(planted.person_of, score, few, names, {.target_fmr = .1}));
}

}  // namespace
}  // namespace vultus::audit
