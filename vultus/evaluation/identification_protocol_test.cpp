#include <vultus/evaluation/identification_protocol.hpp>

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::evaluation {
namespace {

using ::testing::HasSubstr;

/// Persons 0 to 3 with three pictures each, 4 to 9 with one.
std::vector<std::uint32_t> some_people() {
  std::vector<std::uint32_t> persons;
  for (std::uint32_t p = 0; p < 10; ++p) persons.insert(persons.end(), p < 4 ? 3 : 1, p);
  return persons;
}

TEST(IdentificationSplits, EnrolOnePictureOfHalfOfThoseWithTwo) {
  const auto persons = some_people();
  const std::vector<bool> usable(persons.size(), true);
  const auto splits = identification_splits(persons, usable, {.splits = 20, .seed = 3});
  ASSERT_TRUE(splits) << splits.error().message;
  ASSERT_EQ(splits->size(), 20U);
  std::set<std::vector<std::uint32_t>> galleries;
  for (const IdentificationSplit& split : *splits) {
    EXPECT_EQ(split.gallery.size(), 2U);
    EXPECT_EQ(split.mated.size(), 4U);
    EXPECT_EQ(split.strangers.size(), 2U * 3 + 6);
    std::set<std::uint32_t> known;
    for (const std::uint32_t picture : split.gallery) known.insert(persons[picture]);
    EXPECT_EQ(known.size(), 2U);
    for (const std::uint32_t picture : split.mated) EXPECT_TRUE(known.contains(persons[picture]));
    for (const std::uint32_t picture : split.strangers) EXPECT_FALSE(known.contains(persons[picture]));
    std::set<std::uint32_t> all(split.gallery.begin(), split.gallery.end());
    all.insert(split.mated.begin(), split.mated.end());
    all.insert(split.strangers.begin(), split.strangers.end());
    EXPECT_EQ(all.size(), persons.size()) << "every picture has one part";
    galleries.insert(split.gallery);
  }
  EXPECT_GT(galleries.size(), 10U) << "the splits differ";
  const auto again = identification_splits(persons, usable, {.splits = 20, .seed = 3});
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ((*splits)[i].gallery, (*again)[i].gallery);
}

TEST(IdentificationSplits, APictureWithoutAFaceIsAProbeAndNeverTheGallery) {
  const auto persons = some_people();
  std::vector<bool> usable(persons.size(), true);
  usable[0] = usable[3] = usable[4] = usable[5] = false;  // one of person 0, all of person 1
  const auto splits = identification_splits(persons, usable, {.splits = 50});
  ASSERT_TRUE(splits);
  for (const IdentificationSplit& split : *splits)
    for (const std::uint32_t picture : split.gallery) {
      EXPECT_TRUE(usable[picture]);
      EXPECT_NE(persons[picture], 1U);
    }
}

TEST(IdentificationSplits, RefuseWhatCannotBeSplit) {
  const std::vector<std::uint32_t> persons{0, 0, 1, 2};
  const auto splits = identification_splits(persons, {true, true, true, true}, {});
  EXPECT_THAT(splits.error().message, HasSubstr("needs 2 people with two pictures, got 1 (4 pictures of 3 people)"));
  EXPECT_FALSE(identification_splits(some_people(), {true}, {}));
  EXPECT_FALSE(identification_splits(some_people(), std::vector<bool>(18, true), {.splits = 0}));
  EXPECT_FALSE(identification_splits(some_people(), std::vector<bool>(18, true), {.enrolled_share = 1}));
}

TEST(SearchSplit, RanksTheOwnSubjectAmongAll) {
  // Gallery: pictures 0, 1, 2 of persons 0, 1, 2. Probes 3 (person 0), 4 (person 1), 5 (person 2, no face); stranger 6.
  const std::vector<std::uint32_t> persons{0, 1, 2, 0, 1, 2, 9};
  const std::vector<bool> usable{true, true, true, true, true, false, true};
  const IdentificationSplit split{{0, 1, 2}, {3, 4, 5}, {6}};
  const auto score = [](std::size_t probe, std::size_t known) {
    if (probe == 3) return known == 0 ? 0.9F : 0.1F;                      // found
    if (probe == 4) return known == 1 ? 0.5F : known == 0 ? 0.6F : 0.5F;  // second, tied with the third
    return known == 2 ? 0.4F : 0.2F;
  };
  const auto found = search_split(split, persons, usable, score);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0], (ProbeResult{double{0.9F}, true, double{0.9F}, 1}));
  EXPECT_EQ(found[1], (ProbeResult{double{0.6F}, true, double{0.5F}, 3})) << "a tie is not won";
  EXPECT_EQ(found[2], (ProbeResult{-1, true, -1, 4})) << "no face: missed at any threshold and rank below the last";
  EXPECT_EQ(found[3], (ProbeResult{double{0.4F}, false, 0, 1}));
}

TEST(SearchSplit, APictureWithoutAFaceIsNoHitInAGalleryOfOne) {
  const IdentificationSplit split{{0}, {1}, {2}};
  const auto found = search_split(split, std::vector<std::uint32_t>{0, 0, 1}, {true, false, true},
                                  [](std::size_t, std::size_t) { return 0.5F; });
  const std::vector<Identification> splits{Identification::of(found).value()};
  EXPECT_DOUBLE_EQ(rank_one(splits).mean, 0);
}

TEST(DirAtFpir, ByHand) {
  // 300 strangers with scores 0.000 .. 0.299: one of a hundred are three, so the threshold is the third best, 0.297.
  std::vector<ProbeResult> probes;
  for (int i = 0; i < 300; ++i) probes.push_back({.best = i / 1000.0});
  probes.push_back({0.9, true, 0.9, 1});      // found
  probes.push_back({0.297, true, 0.297, 1});  // found: on the threshold
  probes.push_back({0.29, true, 0.29, 1});    // first, but below the threshold
  probes.push_back({0.9, true, 0.8, 2});      // somebody else is first
  const std::vector<Identification> splits{Identification::of(probes).value()};
  EXPECT_DOUBLE_EQ(dir_at_fpir(splits, 0.01)->mean, 0.5);
  EXPECT_DOUBLE_EQ(rank_one(splits).mean, 0.75);
  EXPECT_FALSE(dir_at_fpir(splits, 0.001)) << "that needs 3,000 strangers";
  EXPECT_FALSE(dir_at_fpir(splits, 0.0099)) << "and this 304";
}

TEST(OverSplits, MeanAndTheMiddleOfTheSplits) {
  const OverSplits over = over_splits({0.4, 0.2, 0.3, 0.1, 0.0});
  EXPECT_DOUBLE_EQ(over.mean, 0.2);
  EXPECT_NEAR(over.low, 0.01, 1e-12);  // 0.025 * 4 = 0.1 of the way from 0 to 0.1
  EXPECT_NEAR(over.high, 0.39, 1e-12);
}

TEST(SearchSplits, APerfectSystemMissesNobodyAndThreadsChangeNothing) {
  const auto persons = some_people();
  const std::vector<bool> usable(persons.size(), true);
  const auto splits = identification_splits(persons, usable, {}).value();
  const auto score = [&](std::size_t a, std::size_t b) { return persons[a] == persons[b] ? 0.8F : 0.1F; };
  const auto one = search_splits(splits, persons, usable, score, 1);
  const auto three = search_splits(splits, persons, usable, score, 3);
  ASSERT_TRUE(one && three);
  EXPECT_DOUBLE_EQ(rank_one(*one).mean, 1);
  EXPECT_DOUBLE_EQ(dir_at_fpir(*three, 0.3)->mean, 1);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(search_splits(splits, persons, usable, score, 2, stop.get_token()).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace vultus::evaluation
