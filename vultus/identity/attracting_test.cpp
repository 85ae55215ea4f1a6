// Statistics of subjects that attract false matches: tails by hand, and a planted subject among ordinary ones.
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/identity/attracting.hpp>

namespace vultus::identity {
namespace {

TEST(BinomialTail, IsTheSumOfItsTerms) {
  // P(X >= 2) of 3 at 1/2 = 3/8 + 1/8; P(X >= 1) of 10 at 0.1 = 1 - 0.9^10.
  EXPECT_NEAR(binomial_tail(3, 2, 0.5), 0.5, 1e-12);
  EXPECT_NEAR(binomial_tail(10, 1, 0.1), 1 - std::pow(0.9, 10), 1e-12);
  EXPECT_NEAR(binomial_tail(4, 4, 0.1), 1e-4, 1e-15);
  EXPECT_EQ(binomial_tail(5, 0, 0.1), 1);
  EXPECT_EQ(binomial_tail(5, 6, 0.1), 0);
  EXPECT_EQ(binomial_tail(5, 1, 0), 0);
  EXPECT_EQ(binomial_tail(5, 5, 1), 1);
}

TEST(NormalTail, HasTheKnownPoints) {
  EXPECT_NEAR(normal_tail(0), 0.5, 1e-15);
  EXPECT_NEAR(normal_tail(1.6448536269514722), 0.05, 1e-12);
  EXPECT_NEAR(normal_tail(2.3263478740408408), 0.01, 1e-12);
}

TEST(DiscoveryRate, EqualsTheExampleOfBenjaminiAndHochberg) {
  // The 15 probabilities of section 4.1 of their paper: at q = 0.05 four are refused.
  const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                              0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const auto refused = refuse_by_discovery_rate(p, 0.05);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_EQ(refused[i], i < 4) << i;
  EXPECT_TRUE(refuse_by_discovery_rate({}, 0.05).empty());
}

/// Subjects of one face each, 500 references; mean similarities with a spread of 0.02, matches at a rate of 0.001.
GalleryScan ordinary(std::size_t subjects, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> mean(0.05, 0.02);
  std::bernoulli_distribution match(0.001);
  GalleryScan scan;
  for (std::uint32_t s = 0; s < subjects; ++s) {
    scan.subjects.push_back(
        {.id = SubjectId(s + 1), .name = "p", .first_face = s, .faces = 1, .apart = {}, .together = {}});
    StrangerStanding standing{.similarity_sum = 500 * mean(random), .pairs = 500, .matches = 0, .taken_for = {}};
    for (std::uint32_t r = 0; r < 500; ++r)
      if (match(random)) standing.taken_for.push_back(r);
    standing.matches = static_cast<std::int64_t>(standing.taken_for.size());
    scan.strangers.push_back(standing);
    if (s < 500) scan.references.push_back(s);
  }
  return scan;
}

TEST(AttractingSubjects, AnOrdinaryGalleryHasFew) {
  // q bounds the share of galleries with any, since every discovery here is a false one.
  int galleries_with_any = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const GalleryScan scan = ordinary(1000, seed);
    galleries_with_any +=
        attracting_subjects(scan, std::vector<std::vector<std::uint32_t>>(1000), 0.01).empty() ? 0 : 1;
  }
  EXPECT_LE(galleries_with_any, 7) << "P(X >= 8) of 200 at 0.01 is 0.001";
}

TEST(AttractingSubjects, OneThatStrangersAreTakenForIsFound) {
  GalleryScan scan = ordinary(1000, 1);
  scan.strangers[700] = {.similarity_sum = 500 * 0.25, .pairs = 500, .matches = 40, .taken_for = {}};
  for (std::uint32_t r = 0; r < 40; ++r) scan.strangers[700].taken_for.push_back(10 * r);
  std::vector<std::vector<std::uint32_t>> excused(1000);
  const auto found = attracting_subjects(scan, excused, 0.01);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].subject, 700U);
  EXPECT_NEAR(found[0].share, 40.0 / 500, 1e-12);
  EXPECT_NEAR(found[0].similarity, 0.25, 1e-12);
  EXPECT_NEAR(found[0].usual_similarity, 0.05, 0.003);
  // Those whom a double name explains do not count.
  for (std::uint32_t r = 0; r < 40; ++r) excused[700].push_back(10 * r);
  EXPECT_TRUE(attracting_subjects(scan, excused, 0.01).empty());
}

TEST(AttractingSubjects, SimilarButNeverMatchedIsNotAttracting) {
  GalleryScan scan = ordinary(1000, 1);
  scan.strangers[700] = {.similarity_sum = 500 * 0.25, .pairs = 500, .matches = 0, .taken_for = {}};
  EXPECT_TRUE(attracting_subjects(scan, std::vector<std::vector<std::uint32_t>>(1000), 0.01).empty());
}

TEST(AttractingSubjects, AFewSubjectsTellNoSpread) {
  GalleryScan scan = ordinary(10, 1);
  scan.strangers[3] = {.similarity_sum = 500 * 0.9, .pairs = 500, .matches = 5, .taken_for = {0, 1, 2, 4, 5}};
  EXPECT_TRUE(attracting_subjects(scan, std::vector<std::vector<std::uint32_t>>(10), 0.01).empty());
}

}  // namespace
}  // namespace vultus::identity
