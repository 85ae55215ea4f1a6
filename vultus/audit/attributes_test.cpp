// The search for attributes that explain a gap, on planted truth and its null settings.
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/audit/attributes.hpp>
#include <vultus/audit/decorrelation.hpp>

namespace vultus::audit {
namespace {

using evaluation::Random;

constexpr std::size_t kPersons = 4000;
constexpr std::size_t kPairsEach = 3;

/// Persons of two groups with `attributes` random attributes of frequency one half.
/// @param rejected  probability that a pair of a group with these attributes is rejected
template <class Rejected, class Deal>
std::vector<AttributedPair> population(std::size_t attributes, std::uint64_t seed, Rejected rejected, Deal deal) {
  Random random(seed);
  const std::uint64_t all = attributes == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << attributes) - 1;
  std::vector<AttributedPair> pairs;
  for (std::uint32_t person = 0; person < kPersons; ++person) {
    const auto group = static_cast<std::uint8_t>(person % 2);
    const std::uint64_t has = deal(random.next() & all, group, random);
    for (std::size_t i = 0; i < kPairsEach; ++i)
      pairs.push_back({.score = random.unit() < rejected(has, group) ? .1 : .9,
                       .person = person,
                       .group = group,
                       .both = has,
                       .neither = all & ~has});
  }
  return pairs;
}

AttributeSearchOptions options() {
  return {.threshold = .5,
          .least_pairs = 300,
          .most_literals = 2,
          .beam = 20,
          .control_runs = 2,
          .bootstrap = {.draws = 500}};
}

TEST(GapUnder, EqualsTheHandCounts) {
  const std::vector<AttributedPair> pairs{{.score = .9, .person = 0, .group = 0, .both = 1, .neither = 2},
                                          {.score = .1, .person = 0, .group = 0, .both = 0, .neither = 3},
                                          {.score = .1, .person = 1, .group = 1, .both = 1, .neither = 0},
                                          {.score = .5, .person = 1, .group = 1, .both = 3, .neither = 0}};
  const GapUnder all = gap_under(pairs, {}, .5);  // a score at the threshold matches
  EXPECT_EQ(all.pairs[0], 2U);
  EXPECT_DOUBLE_EQ(all.fnmr[0], .5);
  EXPECT_DOUBLE_EQ(all.gap, 0);
  const Literal first{0, true};
  EXPECT_DOUBLE_EQ(gap_under(pairs, {&first, 1}, .5).gap, .5);
  const Literal not_second{1, false};
  EXPECT_EQ(gap_under(pairs, {&not_second, 1}, .5).pairs[1], 0U) << "the pictures of a pair must both lack it";
}

// FNMR .20 with attribute 0, .02 without it; 7 of 10 of group 1 have it, 3 of 10 of group 0.
std::vector<AttributedPair> confounded() {
  return population(
      6, 1, [](std::uint64_t has, std::uint8_t) { return (has & 1U) != 0 ? .2 : .02; },
      [](std::uint64_t has, std::uint8_t group, Random& random) {
        return (has & ~std::uint64_t{1}) | (random.unit() < (group == 1 ? .7 : .3) ? 1U : 0U);
      });
}

TEST(AttributeSearch, ExplainsThePlantedConfounder) {
  // By hand: .7 * .2 + .3 * .02 = .146 against .3 * .2 + .7 * .02 = .074: a gap of .072 that no group has by itself.
  const AttributeSearch got = search_attributes(confounded(), 6, options()).value();
  EXPECT_NEAR(got.overall.fnmr[1], .146, .02);
  EXPECT_NEAR(got.overall.fnmr[0], .074, .015);
  EXPECT_NEAR(got.overall.gap, .072, .02);
  EXPECT_TRUE(got.gap_to_explain);
  ASSERT_FALSE(got.combinations.empty());
  for (const Combination& one : got.combinations) {
    bool names_it = false;
    for (const Literal& literal : one.literals) names_it = names_it || literal.attribute == 0;
    EXPECT_TRUE(names_it) << "only the confounder explains the gap";
    EXPECT_LT(std::abs(one.confirmed.gap), .03);
    EXPECT_LT(one.relative, .5);
  }
  // Held constant, the confounder takes the gap away; the other attributes do not.
  EXPECT_NEAR(got.adjusted[0].gap, 0, .02);
  for (std::size_t i = 1; i < got.adjusted.size(); ++i) EXPECT_NEAR(got.adjusted[i].gap, got.overall.gap, .02);
  for (const std::size_t found : got.control_found)
    EXPECT_EQ(found, 0U) << "attributes without meaning explain nothing";
}

TEST(AttributeSearch, ConfirmsNothingOnManyPairsOfFewPersons) {
  // The same truth, in which 160 persons have 75 pairs each: as many pairs, but 40 persons of each group on the other
  // half, where a margin of .02 needs 150.
  std::vector<AttributedPair> pairs = confounded();
  for (AttributedPair& pair : pairs) pair.person = 2 * static_cast<std::uint32_t>(pair.person / 2 % 80) + pair.group;
  const AttributeSearch got = search_attributes(pairs, 6, options()).value();
  EXPECT_TRUE(got.gap_to_explain);
  EXPECT_TRUE(got.combinations.empty());
  for (const Combination& one : search_attributes(confounded(), 6, options()).value().combinations) {
    EXPECT_GE(one.persons[0], 150U);
    EXPECT_GE(one.persons[1], 150U);
    EXPECT_EQ(one.confirmed.pairs[0], kPairsEach * one.persons[0]);
  }
}

TEST(AttributeSearch, ReportsNothingForADirectEffectOfTheGroup) {
  const auto pairs = population(
      6, 2, [](std::uint64_t, std::uint8_t group) { return group == 1 ? .146 : .074; },
      [](std::uint64_t has, std::uint8_t, Random&) { return has; });
  const AttributeSearch got = search_attributes(pairs, 6, options()).value();
  EXPECT_TRUE(got.gap_to_explain);
  EXPECT_TRUE(got.combinations.empty());
  for (const AdjustedGap& one : got.adjusted) EXPECT_NEAR(one.gap, .072, .02);
}

TEST(AttributeSearch, SearchesForNothingWhereThereIsNoGap) {
  // Null setting: a 95 % interval leaves out 0 by chance once in twenty; more than 4 of 20 happen three times in 1000.
  AttributeSearchOptions quick = options();
  quick.most_literals = 1;
  quick.beam = 5;
  quick.control_runs = 0;
  quick.bootstrap.draws = 200;
  int gaps = 0;
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    const auto pairs = population(
        4, seed, [](std::uint64_t, std::uint8_t) { return .1; },
        [](std::uint64_t has, std::uint8_t, Random&) { return has; });
    const AttributeSearch got = search_attributes(pairs, 4, quick).value();
    gaps += got.gap_to_explain ? 1 : 0;
    if (!got.gap_to_explain) {
      EXPECT_TRUE(got.combinations.empty());
    }
  }
  EXPECT_LE(gaps, 4);
}

TEST(AttributeSearch, FindsThePlantedPairAmongFortyAttributes) {
  // Group 1 is rejected in .3 of the pairs, but .05 as group 0 where attributes 7 and 23 are both there.
  const auto pairs = population(
      40, 3,
      [](std::uint64_t has, std::uint8_t group) {
        const bool both = ((has >> 7U) & 1U) != 0 && ((has >> 23U) & 1U) != 0;
        return group == 0 || both ? .05 : .3;
      },
      [](std::uint64_t has, std::uint8_t, Random&) { return has; });
  AttributeSearchOptions wide = options();
  wide.margin = .05;
  const AttributeSearch got = search_attributes(pairs, 40, wide).value();
  ASSERT_FALSE(got.combinations.empty());
  EXPECT_EQ(got.combinations[0].literals, (std::vector<Literal>{{7, true}, {23, true}}));
  EXPECT_NEAR(got.combinations[0].support, .25, .03);
}

TEST(Decorrelate, DropsWhatSaysTheGroupAndMergesWhatSaysTheSame) {
  // Attribute 0 is the group, 2 is a copy of 1, 4 never varies.
  const auto pairs = population(
      5, 4, [](std::uint64_t, std::uint8_t) { return .1; },
      [](std::uint64_t has, std::uint8_t group, Random&) {
        const std::uint64_t second = (has >> 1U) & 1U;
        return (has & 0b01010U) | group | second << 2U | 0b10000U;
      });
  const Decorrelated got = decorrelate(pairs, 5, .5);
  EXPECT_EQ(got.dropped, (std::vector<std::size_t>{0, 4}));
  EXPECT_EQ(got.merged, (std::vector<std::pair<std::size_t, std::size_t>>{{2, 1}}));
  EXPECT_EQ(got.kept, (std::vector<std::size_t>{1, 3}));
}

TEST(AttributeSearch, RefusesWhatHasNoMeaning) {
  std::vector<AttributedPair> pairs = confounded();
  EXPECT_FALSE(search_attributes(pairs, 65, options()));
  EXPECT_FALSE(search_attributes(pairs, 3, options())) << "bits above the attributes";
  pairs[0].group = 1;
  EXPECT_EQ(search_attributes(pairs, 6, options()).error().message, "person 0 is in both groups");
  pairs = confounded();
  pairs[4].score = std::nan("");
  EXPECT_FALSE(search_attributes(pairs, 6, options()));
  std::erase_if(pairs, [](const AttributedPair& pair) { return pair.group == 0; });
  EXPECT_FALSE(search_attributes(std::vector<AttributedPair>(pairs.begin() + 5, pairs.end()), 6, options()));
  AttributeSearchOptions none = options();
  none.most_literals = 4;
  EXPECT_FALSE(search_attributes(confounded(), 6, none));
  none = options();
  none.bootstrap.draws = 200;
  EXPECT_EQ(search_attributes(confounded(), 6, none).error().message,
            "200 bootstrap draws show no p below 0.004975, and 20 combinations need 0.0025: at least 399 draws");
}

}  // namespace
}  // namespace vultus::audit
