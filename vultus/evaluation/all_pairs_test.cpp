#include <vultus/evaluation/all_pairs.hpp>

#include <cmath>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::evaluation {
namespace {

using ::testing::HasSubstr;

/// So many people with one picture each.
std::vector<std::uint32_t> singles(std::uint32_t count) {
  std::vector<std::uint32_t> persons;
  for (std::uint32_t p = 0; p < count; ++p) persons.push_back(p);
  return persons;
}

/// People with so many pictures each.
std::vector<std::uint32_t> people(const std::vector<int>& pictures) {
  std::vector<std::uint32_t> persons;
  for (std::uint32_t p = 0; p < pictures.size(); ++p)
    for (int i = 0; i < pictures[p]; ++i) persons.push_back(p);
  return persons;
}

/// A score for each pair of nine pictures: 0.00, 0.01 ... 0.35 in the order (0,1), (0,2) ... (7,8).
float of_nine(std::size_t i, std::size_t j) {
  const std::size_t before = i * 9 - i * (i + 1) / 2;
  return static_cast<float>(before + (j - i - 1)) / 100.0F;
}

/// A score that depends on the pair alone and is evenly spread over [0, 1).
float spread(std::size_t i, std::size_t j) {
  std::uint64_t x = (std::uint64_t{i} << 32U) + j + 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return static_cast<float>((x ^ (x >> 31U)) >> 40U) * 0x1p-24F;
}

Error refusal(std::span<const std::uint32_t> persons, const ScoreOfPair& score, double target) {
  const auto made = AllPairs::of(persons, score, {.target_fmr = target});
  return made ? Error{ErrorCode::internal, "it was accepted"} : made.error();
}

TEST(AllPairs, TakesTheSmallestObservedScoreThatKeepsTheRate) {
  // 36 impostor pairs; a tenth of them are 3.6, so the three best (.33, .34, .35) may match and the fourth may not.
  const auto made = AllPairs::of(singles(9), of_nine, {.target_fmr = 0.1});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->impostor_pairs(), 36U);
  EXPECT_EQ(made->mated_pairs(), 0U);
  EXPECT_FLOAT_EQ(made->threshold(), 0.33F);
  EXPECT_EQ(made->false_matches(), 3U);
  EXPECT_DOUBLE_EQ(made->fmr()->value, 3.0 / 36);
  EXPECT_FALSE(made->fnmr().value().has_value()) << "nobody has two pictures";
}

TEST(AllPairs, AMatedScoreBetweenTwoImpostorsIsAThresholdToo) {
  // Pictures 0 and 1 show one person: 35 impostor pairs .01 to .35, allowed are 3, excluded is .32. Their score is
  // .325.
  const auto score = [](std::size_t i, std::size_t j) { return i == 0 && j == 1 ? 0.325F : of_nine(i, j); };
  const auto made = AllPairs::of(people({2, 1, 1, 1, 1, 1, 1, 1}), score, {.target_fmr = 0.1});
  ASSERT_TRUE(made);
  EXPECT_FLOAT_EQ(made->threshold(), 0.325F);
  EXPECT_EQ(made->false_matches(), 3U);
}

TEST(AllPairs, EqualScoresMatchTogetherOrNotAtAll) {
  // The best four are equal: with three allowed none of them may match.
  const auto score = [](std::size_t i, std::size_t j) { return std::min(of_nine(i, j), 0.32F); };
  const auto made = AllPairs::of(singles(9), score, {.target_fmr = 0.1});
  ASSERT_TRUE(made);
  EXPECT_GT(made->threshold(), 0.32F);
  EXPECT_LT(made->threshold(), 0.3201F);
  EXPECT_EQ(made->false_matches(), 0U);
  // With four allowed all four do.
  const auto looser = AllPairs::of(singles(9), score, {.target_fmr = 4.0 / 36});
  ASSERT_TRUE(looser);
  EXPECT_FLOAT_EQ(looser->threshold(), 0.32F);
  EXPECT_EQ(looser->false_matches(), 4U);
}

TEST(AllPairs, RefusesARateThatThePairsCannotShowAndSaysWhichTheyCan) {
  // (81 - 21) / 2 = 30 impostor pairs are enough for 0.1; (81 - 23) / 2 = 29 are not, they support 3 / 29 = 0.1034...
  EXPECT_TRUE(AllPairs::of(people({3, 2, 2, 2}), of_nine, {.target_fmr = 0.1}));
  const Error error = refusal(people({3, 3, 2, 1}), of_nine, 0.1);
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_EQ(error.message,
            "a false match rate of 0.1 needs at least 30 pairs of different people, there are 29 (9 pictures of 4 "
            "people): the smallest rate that they support is 0.11");
  EXPECT_TRUE(AllPairs::of(people({3, 3, 2, 1}), of_nine, {.target_fmr = 0.11}));
  EXPECT_THAT(refusal(people({4}), of_nine, 0.1).message, HasSubstr("they support no rate"));
  EXPECT_THAT(refusal({}, of_nine, 0.1).message, HasSubstr("there are 0 (0 pictures of 0 people)"));
  for (const double rate : {0.0, 1.0, -0.5, std::nan("")})
    EXPECT_THAT(refusal(singles(9), of_nine, rate).message, HasSubstr("between 0 and 1"));
}

TEST(AllPairs, RefusesWhatNoThresholdCanTellApart) {
  EXPECT_THAT(refusal(
                  singles(9), [](std::size_t, std::size_t) { return 1.0F; }, 0.1)
                  .message,
              HasSubstr("36 pairs of different people have a similarity of 1"));
  EXPECT_THAT(refusal(
                  singles(9), [](std::size_t, std::size_t) { return NAN; }, 0.1)
                  .message,
              HasSubstr("36 scores are not numbers"));
}

TEST(AllPairs, CountsMissedPairsOfEachPerson) {
  // Two people with three and two pictures, four singles. Scores of the impostors rise from 0 to .32, threshold .30.
  const auto persons = people({3, 2, 1, 1, 1, 1});
  const auto score = [&](std::size_t i, std::size_t j) {
    if (persons[i] == persons[j]) return i == 0 && j == 1 ? 0.9F : i == 3 ? 0.95F : 0.05F;
    return std::min(of_nine(i, j), 0.32F);
  };
  const auto made = AllPairs::of(persons, score, {.target_fmr = 0.2});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->mated_pairs(), 4U);
  EXPECT_DOUBLE_EQ(made->fnmr().value()->value, 0.5);  // (0,2) and (1,2) are missed, (0,1) and (3,4) found
}

TEST(AllPairs, SharesOfStrangersWithANameAreCountedByPicture) {
  // The three matches are (6,8) .34 ... in the order of pairs: .33 = (6,7), .34 = (6,8), .35 = (7,8): three pictures.
  const auto made = AllPairs::of(singles(9), of_nine, {.target_fmr = 0.1});
  ASSERT_TRUE(made);
  EXPECT_DOUBLE_EQ(made->fpir()->value, 3.0 / 9);
}

TEST(AllPairs, GroupsKeepTheThresholdOfAll) {
  const auto made = AllPairs::of(singles(9), of_nine, {.target_fmr = 0.1});
  ASSERT_TRUE(made);
  // Persons 6, 7, 8 hold all three matches: 3 of 3 pairs. Persons 0 to 4 hold none of 10. Person 5 is in no group.
  const std::vector<std::uint32_t> group_of{0, 0, 0, 0, 0, 2, 1, 1, 1};
  const std::vector<std::string> names{"low", "high"};
  const auto groups = made->groups(group_of, names);
  ASSERT_TRUE(groups) << groups.error().message;
  ASSERT_EQ(groups->size(), 2U);
  EXPECT_EQ((*groups)[0].persons, 5);
  EXPECT_EQ((*groups)[0].impostor_pairs, 10U);
  EXPECT_DOUBLE_EQ((*groups)[0].fmr->value, 0);
  EXPECT_EQ((*groups)[1].false_matches, 3U);
  EXPECT_DOUBLE_EQ((*groups)[1].fmr->value, 1);
  EXPECT_FALSE((*groups)[1].fnmr.has_value());
  EXPECT_FALSE(made->groups({}, names));
}

TEST(AllPairs, FindsAPlantedRate) {
  // Scores of 44,850 pairs are even on [0, 1): a rate of 0.01 belongs to 0.99, with a standard deviation of 0.00047.
  const auto made = AllPairs::of(singles(300), spread, {.target_fmr = 0.01});
  ASSERT_TRUE(made);
  EXPECT_NEAR(made->threshold(), 0.99, 4 * 0.00047);
  EXPECT_LE(made->fmr()->value, 0.01);
  EXPECT_GT(made->fmr()->value, 0.0099);
  EXPECT_LT(made->fmr()->interval->low, 0.01);
  EXPECT_GT(made->fmr()->interval->high, 0.0099);
  // Every stranger meets 299 others: 1 - 0.99^299 = 0.9505.
  EXPECT_NEAR(made->fpir()->value, 0.9505, 4 * std::sqrt(0.9505 * 0.0495 / 300));
}

TEST(AllPairs, ThreadsAndNamesOfPersonsChangeNothing) {
  auto persons = people({5, 4, 3, 2, 1, 1, 1, 1, 1, 1, 4, 4});
  const auto one = AllPairs::of(persons, spread, {.target_fmr = 0.05, .threads = 1});
  const auto three = AllPairs::of(persons, spread, {.target_fmr = 0.05, .threads = 3});
  for (std::uint32_t& p : persons) p = p * 1000 + 7;
  const auto renamed = AllPairs::of(persons, spread, {.target_fmr = 0.05});
  ASSERT_TRUE(one && three && renamed);
  for (const auto* other : {&*three, &*renamed}) {
    EXPECT_EQ(one->threshold(), other->threshold());
    EXPECT_EQ(one->fmr().value(), other->fmr().value());
    EXPECT_EQ(one->fnmr().value(), other->fnmr().value());
    EXPECT_EQ(one->fpir().value(), other->fpir().value());
    EXPECT_EQ(one->half(0).impostors, other->half(0).impostors);
  }
}

TEST(AllPairs, HalvesShareNobodyAndHoldEveryPairInsideThem) {
  // 4 people of 3, 3 of 2 pictures and 3 singles: each half has 5 people; mated pairs are 4 * 3 + 3 * 1 = 15.
  const auto made = AllPairs::of(people({3, 3, 3, 3, 2, 2, 2, 1, 1, 1}), spread, {.target_fmr = 0.05});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->half(0).mated.count() + made->half(1).mated.count(), 15U);
  EXPECT_LT(made->half(0).impostors.count() + made->half(1).impostors.count(), made->impostor_pairs());
}

/// The bootstrap as one would do it with paper: a list of the persons drawn, every two entries compared unless they are
/// the same person.
TEST(AllPairs, IntervalsAreThoseOfDrawnPeopleComparedOneByOne) {
  const auto persons = people({3, 1, 2, 2, 1, 3, 1, 1});
  const BootstrapOptions options{.draws = 200, .seed = 5};
  const auto made = AllPairs::of(persons, spread, {.target_fmr = 0.1});
  ASSERT_TRUE(made);
  Random random(options.seed);
  std::vector<double> rates;
  std::vector<std::uint32_t> weights(8);
  for (int draw = 0; draw < options.draws; ++draw) {
    draw_groups(random, weights);
    std::vector<std::uint32_t> drawn;
    for (std::uint32_t p = 0; p < 8; ++p) drawn.insert(drawn.end(), weights[p], p);
    double pairs = 0;
    double matches = 0;
    for (std::size_t a = 0; a < drawn.size(); ++a)
      for (std::size_t b = a + 1; b < drawn.size(); ++b)
        for (std::size_t i = 0; i < persons.size(); ++i)
          for (std::size_t j = i + 1; j < persons.size(); ++j) {
            const bool these = (persons[i] == drawn[a] && persons[j] == drawn[b]) ||
                               (persons[i] == drawn[b] && persons[j] == drawn[a]);
            if (drawn[a] == drawn[b] || !these) continue;
            pairs += 1;
            matches += spread(i, j) >= made->threshold() ? 1 : 0;
          }
    if (pairs > 0) rates.push_back(matches / pairs);
  }
  std::sort(rates.begin(), rates.end());
  const auto figure = made->fmr(options);
  ASSERT_TRUE(figure);
  EXPECT_NEAR(figure->interval->low, quantile(rates, 0.025), 1e-12);
  EXPECT_NEAR(figure->interval->high, quantile(rates, 0.975), 1e-12);
}

TEST(AllPairs, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(AllPairs::of(singles(300), spread, {}, stop.get_token()).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace vultus::evaluation
