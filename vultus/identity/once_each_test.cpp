#include <vultus/identity/once_each.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace vultus::identity {
namespace {

Candidate candidate(std::int64_t subject, float similarity) {
  return {.subject = SubjectId(subject),
          .name = "s" + std::to_string(subject),
          .face = FaceId(subject * 10),
          .similarity = Cosine(similarity)};
}

const OperatingPoint kAt{Cosine(0.4F), 1e-4, "a measurement"};

std::vector<std::int64_t> named(const std::vector<std::vector<Candidate>>& faces, const OperatingPoint& at = kAt) {
  std::vector<std::int64_t> names;  // 0 = unknown
  const std::vector<Decision> decisions = decide_once_each(faces, at).value();
  names.reserve(decisions.size());
  for (const Decision& d : decisions) names.push_back(d.match ? d.match->subject.number() : 0);
  return names;
}

TEST(DecideOnceEach, GivesASubjectToTheFaceThatIsCloserToIt) {
  EXPECT_EQ(named({{candidate(1, .7F)}, {candidate(1, .8F)}}), (std::vector<std::int64_t>{0, 1}));
}

TEST(DecideOnceEach, GivesTheLoserItsNextCandidate) {
  EXPECT_EQ(named({{candidate(1, .7F), candidate(2, .6F)}, {candidate(1, .8F), candidate(2, .3F)}}),
            (std::vector<std::int64_t>{2, 1}));
  // Both first choices are subject 1; giving it to the less similar face is right when the other has a good second one.
  // Excess over .4: {.5 + .3} against {.48 + .05}.
  EXPECT_EQ(named({{candidate(1, .9F), candidate(2, .88F)}, {candidate(1, .7F), candidate(2, .45F)}}),
            (std::vector<std::int64_t>{2, 1}));
}

TEST(DecideOnceEach, DoesNotMoveAClearMatchToADoubtfulOne) {
  // Naming both would need subject 2 for the first face: excess .02 + .1 against .5 for the clear match alone.
  EXPECT_EQ(named({{candidate(1, .9F), candidate(2, .42F)}, {candidate(1, .5F)}}), (std::vector<std::int64_t>{1, 0}));
}

TEST(DecideOnceEach, NeverNamesBelowTheThresholdAndAlwaysOnIt) {
  EXPECT_EQ(named({{candidate(1, .39F)}, {candidate(2, .4F)}}), (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(named({{candidate(1, std::nanf(""))}}), (std::vector<std::int64_t>{0}));
  EXPECT_EQ(named({}), std::vector<std::int64_t>{});
  EXPECT_EQ(named({{}, {}}), (std::vector<std::int64_t>{0, 0}));
  const OperatingPoint open{Cosine(-1), 1, "everything"};
  EXPECT_EQ(named({{candidate(1, -.5F), candidate(2, -.6F)}, {candidate(1, -.4F)}}, open),
            (std::vector<std::int64_t>{2, 1}));
}

TEST(DecideOnceEach, KeepsTheClosestSubjectInTheAnswerOfTheLoser) {
  const std::vector<std::vector<Candidate>> faces{{candidate(1, .7F)}, {candidate(1, .8F)}};
  const auto got = decide_once_each(faces, kAt).value();
  EXPECT_FALSE(got[0].match);
  EXPECT_EQ(got[0].best, candidate(1, .7F));
  EXPECT_EQ(got[0].at, kAt);
  EXPECT_EQ(got[1].match, candidate(1, .8F));
}

TEST(DecideOnceEach, EqualsSingleDecisionsWhereNobodyIsWantedTwice) {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<std::vector<Candidate>> faces(1 + random() % 8);
    for (std::size_t i = 0; i < faces.size(); ++i)
      for (int k = 0; k < 3; ++k)
        faces[i].push_back(
            candidate(static_cast<std::int64_t>(i) * 3 + k + 1, static_cast<float>(random() % 1000) / 1000.0F));
    const auto got = decide_once_each(faces, kAt).value();
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const auto best = std::max_element(faces[i].begin(), faces[i].end(), [](const Candidate& a, const Candidate& b) {
        return a.similarity < b.similarity;
      });
      EXPECT_EQ(got[i].best, *best);
      if (best->similarity >= kAt.threshold)
        EXPECT_EQ(got[i].match, *best);
      else
        EXPECT_FALSE(got[i].match);
    }
  }
}

TEST(DecideOnceEach, DoesNotDependOnTheOrderOfFaces) {
  std::mt19937_64 random(11);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<std::vector<Candidate>> faces(6);
    for (auto& face : faces)
      for (std::int64_t subject = 1; subject <= 4; ++subject)  // continuous values: the best pairing is unique
        face.push_back(candidate(subject, static_cast<float>(random() >> 40) / static_cast<float>(1 << 24)));
    auto mirrored = faces;
    std::reverse(mirrored.begin(), mirrored.end());
    auto got = named(mirrored);
    std::reverse(got.begin(), got.end());
    EXPECT_EQ(got, named(faces));
  }
}

}  // namespace
}  // namespace vultus::identity
