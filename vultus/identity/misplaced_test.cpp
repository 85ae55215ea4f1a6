// Why faces of different subjects match: templates in the plane, whose cosines are known.
#include <cstdint>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/identity/misplaced.hpp>
#include <vultus/identity/test_planted.hpp>

namespace vultus::identity {
namespace {

/// cos 60 = 0.5, cos 37 = 0.7986, cos 30 = 0.866, cos 14 = 0.970.
const ConflictLimits kLimits{
    .match = 0.5F, .conflict = 0.86F, .weak_conflict = 0.79F, .copy = 0.9999F, .spread = 0.02F, .within = 0.97F};

Conflicts explain(const std::vector<double>& degrees, const std::vector<std::uint32_t>& subject,
                  const ConflictLimits& limits = kLimits) {
  std::vector<Embedding> faces;
  for (const double at : degrees) faces.push_back(at_degrees(at));
  return explain_conflicts(faces, subject, limits);
}

double cosine(double degrees) { return std::cos(degrees * std::numbers::pi / 180); }

TEST(ExplainConflicts, NamesOneWrongFaceAndNotThoseWhomItResembles) {
  // Subject 1 at 0, 5 and 10 degrees, subject 2 at 120, 125 and 130; and 127 stands under 1.
  const auto found = explain({0, 5, 10, 127, 120, 125, 130}, {1, 1, 1, 1, 2, 2, 2});
  ASSERT_EQ(found.misplaced.size(), 1U);
  EXPECT_EQ(found.misplaced[0].face, 3U);
  EXPECT_EQ(found.misplaced[0].to, 2U);
  EXPECT_EQ(found.misplaced[0].like, 5U);
  EXPECT_NEAR(found.misplaced[0].other, cosine(2), 1e-6);
  EXPECT_NEAR(found.misplaced[0].own, cosine(117), 1e-6);
  EXPECT_TRUE(found.pairs.empty()) << "nothing is left to be told once it lies where it belongs";
}

TEST(ExplainConflicts, UndoesAnExchangeOfTwoFaces) {
  const auto found = explain({0, 5, 125, 120, 127, 7}, {1, 1, 1, 2, 2, 2});
  ASSERT_EQ(found.misplaced.size(), 2U);
  EXPECT_EQ(found.misplaced[0].face + found.misplaced[1].face, 2U + 5U);
  EXPECT_TRUE(found.pairs.empty());
}

TEST(ExplainConflicts, APersonUnderTwoNamesIsAPairAndNoWrongFaces) {
  const auto found = explain({0, 10, 20, 5, 15, 25}, {1, 1, 1, 2, 2, 2});
  EXPECT_TRUE(found.misplaced.empty());
  ASSERT_EQ(found.pairs.size(), 1U);
  EXPECT_EQ(found.pairs[0].kind, PairKind::same_person);
  // Differences between: 5 5 15 25, 5 5 15, 15 5 5; within: 10 10 20 twice.
  EXPECT_NEAR(found.pairs[0].between, (5 * cosine(5) + 3 * cosine(15) + cosine(25)) / 9, 1e-6);
  EXPECT_NEAR(found.pairs[0].within, (2 * cosine(10) + cosine(20)) / 3, 1e-6);
}

TEST(ExplainConflicts, ANameWhoseOnlyFaceIsSomebodyElsesIsAPair) {
  const auto found = explain({0, 5, 10, 7}, {1, 1, 1, 2});
  EXPECT_TRUE(found.misplaced.empty()) << "it has no other face to be compared with";
  ASSERT_EQ(found.pairs.size(), 1U);
  EXPECT_EQ(found.pairs[0].kind, PairKind::same_person);
}

TEST(ExplainConflicts, AllFacesOfANameMovingAwayAreAPair) {
  // Two pictures of subject 1 that do not match each other, filed as subject 2.
  const auto found =
      explain({0, 70, 1, 71, 35}, {1, 1, 2, 2, 1},
              {.match = 0.5F, .conflict = 0.86F, .weak_conflict = 0.79F, .copy = 1.1F, .spread = 0.2F, .within = 0.7F});
  EXPECT_TRUE(found.misplaced.empty());
  ASSERT_EQ(found.pairs.size(), 1U);
  EXPECT_EQ(found.pairs[0].kind, PairKind::same_person);
}

TEST(ExplainConflicts, TwinsAreLookalikes) {
  // 30 degrees between them, 4 within: 0.866 lies far below 0.9976 - 2.33 * 0.02.
  const auto found = explain({0, 4, 32, 36}, {1, 1, 2, 2});
  EXPECT_TRUE(found.misplaced.empty());
  ASSERT_EQ(found.pairs.size(), 1U);
  EXPECT_EQ(found.pairs[0].kind, PairKind::lookalikes);
}

TEST(ExplainConflicts, CopiesOfOnePictureAreToldFromLikenesses) {
  const auto found = explain({0, 5, 120, 5, 121}, {1, 1, 2, 2, 2});
  EXPECT_TRUE(found.misplaced.empty());
  ASSERT_EQ(found.pairs.size(), 1U);
  EXPECT_EQ(found.pairs[0].kind, PairKind::same_picture);
  EXPECT_EQ(found.pairs[0].a, 1U);
  EXPECT_EQ(found.pairs[0].b, 3U);
  EXPECT_NEAR(found.pairs[0].similarity, 1, 1e-6);
}

TEST(ExplainConflicts, OneLikenessOfOtherwiseDifferentPeopleIsTold) {
  // Subject 1 reaches from 0 to 50 degrees, subject 2 from 72 to 140: only their nearest faces come near, at 22.
  ConflictLimits wide = kLimits;
  wide.spread = 0.1F;
  const auto found = explain({0, 25, 50, 72, 105, 140}, {1, 1, 1, 2, 2, 2}, wide);
  EXPECT_TRUE(found.misplaced.empty());
  ASSERT_EQ(found.pairs.size(), 1U);
  EXPECT_EQ(found.pairs[0].kind, PairKind::matches_other);
  EXPECT_NEAR(found.pairs[0].similarity, cosine(22), 1e-6);
}

TEST(ExplainConflicts, DifferentPeopleHaveNone) {
  const auto found = explain({0, 5, 120, 125}, {1, 1, 2, 2});
  EXPECT_TRUE(found.misplaced.empty());
  EXPECT_TRUE(found.pairs.empty());
  EXPECT_TRUE(explain({}, {}).pairs.empty());
}

}  // namespace
}  // namespace vultus::identity
