#include <vultus/identity/cluster.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/identity/test_planted.hpp>

namespace vultus::identity {
namespace {

using ::testing::HasSubstr;
using Labels = std::vector<std::uint32_t>;

constexpr std::array kMethods{ClusterMethod::linkage, ClusterMethod::chinese_whispers, ClusterMethod::dbscan};

std::vector<std::uint32_t> own_pictures(std::size_t count) {
  std::vector<std::uint32_t> pictures(count);
  std::iota(pictures.begin(), pictures.end(), 0U);
  return pictures;
}

Labels clusters_of(const std::vector<Embedding>& faces, const ClusterOptions& options,
                   const std::vector<ItemPair>& together = {}) {
  const auto pictures = own_pictures(faces.size());
  return cluster({.templates = faces, .picture_of = pictures, .together = together}, options).value().cluster_of;
}

/// The same partition, whatever the numbers.
std::set<std::set<std::size_t>> partition(const Labels& labels, const std::vector<std::size_t>& name_of_item) {
  std::map<std::uint32_t, std::set<std::size_t>> groups;
  for (std::size_t i = 0; i < labels.size(); ++i) groups[labels[i]].insert(name_of_item[i]);
  std::set<std::set<std::size_t>> all;
  for (auto& [label, group] : groups) all.insert(std::move(group));
  return all;
}
std::set<std::set<std::size_t>> partition(const Labels& labels) {
  std::vector<std::size_t> names(labels.size());
  std::iota(names.begin(), names.end(), std::size_t{0});
  return partition(labels, names);
}

class EveryMethod : public ::testing::TestWithParam<ClusterMethod> {};
INSTANTIATE_TEST_SUITE_P(Cluster, EveryMethod, ::testing::ValuesIn(kMethods),
                         [](const auto& one) { return std::string(name_of(one.param)); });

TEST_P(EveryMethod, NothingGivesNothingAndAFaceAloneIsAClusterOfOne) {
  const auto none = cluster({}, {.method = GetParam()});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->clusters, 0U);
  EXPECT_EQ(clusters_of({at_degrees(0)}, {.method = GetParam()}), Labels{0});
  EXPECT_EQ(clusters_of({at_degrees(0), at_degrees(90)}, {.method = GetParam()}), (Labels{0, 1}));
}

TEST_P(EveryMethod, FindsThePlantedPeople) {
  const Planted truth = planted(40, 12, 64, 0.6, 1);  // cosines near 0.74 within, and near 0 between people
  const ClusterOptions options{.method = GetParam(), .threshold = Cosine(0.55F)};
  const auto found = cluster({.templates = truth.templates, .picture_of = truth.picture_of}, options);
  ASSERT_TRUE(found);
  EXPECT_EQ(partition(found->cluster_of), partition(truth.person_of));
}

TEST_P(EveryMethod, OfPureNoiseMakesClustersOfOne) {
  const Planted truth = planted(300, 1, 128, 0, 2);  // nobody twice: cosines of some 0.09 and rarely above 0.4
  const ClusterOptions options{.method = GetParam(), .threshold = Cosine(0.6F)};
  EXPECT_EQ(cluster({.templates = truth.templates, .picture_of = truth.picture_of}, options)->clusters, 300U);
}

TEST_P(EveryMethod, DoesNotDependOnTheOrderOfTheItemsOrOnThreads) {
  const Planted truth = planted(30, 8, 16, 0.9, 3);  // people that overlap, so that there is something to decide
  std::vector<std::size_t> order(truth.templates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 engine(4);
  std::ranges::shuffle(order, engine);
  std::vector<Embedding> shuffled;
  std::vector<std::uint32_t> pictures;
  for (const std::size_t i : order) {
    shuffled.push_back(truth.templates[i]);
    pictures.push_back(truth.picture_of[i] / 2);
  }
  std::vector<std::uint32_t> halves(truth.picture_of);
  for (std::uint32_t& p : halves) p /= 2;  // two faces a picture
  const auto one = cluster({.templates = truth.templates, .picture_of = halves},
                           {.method = GetParam(), .threshold = Cosine(0.5F), .neighbours = 10});
  const auto other = cluster({.templates = shuffled, .picture_of = pictures},
                             {.method = GetParam(), .threshold = Cosine(0.5F), .neighbours = 10, .threads = 3});
  ASSERT_TRUE(one && other);
  EXPECT_GT(one->clusters, 5U);
  EXPECT_EQ(partition(one->cluster_of), partition(other->cluster_of, order));
}

TEST_P(EveryMethod, NeverPutsTogetherWhatMayNotBeTogether) {
  std::mt19937_64 engine(5);
  const auto below = [&](std::size_t n) { return static_cast<std::uint32_t>(engine() % n); };
  for (int trial = 0; trial < 60; ++trial) {
    const Planted truth = planted(4, 15, 8, 1.2, 100 + static_cast<std::uint64_t>(trial));
    const std::size_t n = truth.templates.size();
    std::vector<std::uint32_t> pictures(n);
    for (std::uint32_t& p : pictures) p = below(20);
    std::vector<std::optional<std::uint32_t>> persons(n);
    for (int i = 0; i < 6; ++i) persons[below(n)] = 10 + static_cast<std::uint32_t>(i);
    std::vector<ItemPair> apart;
    for (int i = 0; i < 30; ++i)
      if (const ItemPair pair{below(n), below(n)}; pair.first != pair.second) apart.push_back(pair);
    const ClusterItems items{
        .templates = truth.templates, .picture_of = pictures, .person_of = persons, .apart = apart};
    const auto found = cluster(items, {.method = GetParam(), .threshold = Cosine(0.1F), .core = 2, .seed = engine()});
    ASSERT_TRUE(found);
    const Labels& label = found->cluster_of;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        if (label[i] != label[j]) continue;
        EXPECT_NE(pictures[i], pictures[j]);
        EXPECT_TRUE(!persons[i] || !persons[j] || *persons[i] == *persons[j]);
      }
    for (const ItemPair& pair : apart) EXPECT_NE(label[pair.first], label[pair.second]);
    EXPECT_LT(found->clusters, n);  // some were joined: the constraints were put to the test
  }
}

TEST_P(EveryMethod, KeepsTogetherWhatTheUserHasPutTogether) {
  const std::vector<Embedding> faces{at_degrees(0), at_degrees(90), at_degrees(180), at_degrees(270)};
  const auto pictures = own_pictures(4);
  const std::vector<std::optional<std::uint32_t>> persons{7, std::nullopt, 7, std::nullopt};
  const std::vector<ItemPair> together{{1, 3}};
  const auto found = cluster({.templates = faces, .picture_of = pictures, .person_of = persons, .together = together},
                             {.method = GetParam(), .threshold = Cosine(0.9F)});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->cluster_of, (Labels{0, 1, 0, 1}));
}

TEST_P(EveryMethod, RefusesConstraintsThatContradictEachOther) {
  const std::vector<Embedding> faces{at_degrees(0), at_degrees(1), at_degrees(2)};
  const std::vector<ItemPair> pair{{0, 2}};
  const std::vector<std::uint32_t> one_picture{4, 5, 4};
  const auto pictures = own_pictures(3);
  const ClusterOptions options{.method = GetParam()};
  const auto in_picture = cluster({.templates = faces, .picture_of = one_picture, .together = pair}, options);
  ASSERT_FALSE(in_picture);
  EXPECT_EQ(in_picture.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(in_picture.error().message, HasSubstr("items 0 and 2"));
  const auto both = cluster({.templates = faces, .picture_of = pictures, .together = pair, .apart = pair}, options);
  ASSERT_FALSE(both);
  EXPECT_THAT(both.error().message, HasSubstr("apart"));
}

TEST(Cluster, NumbersClustersByTheirSize) {
  // One face at 0 degrees, three at 90, two at 180.
  EXPECT_EQ(
      clusters_of({at_degrees(0), at_degrees(180), at_degrees(90), at_degrees(91), at_degrees(181), at_degrees(92)},
                  {.threshold = Cosine(0.9F)}),
      (Labels{2, 1, 0, 0, 1, 0}));
}

TEST(Linkage, MeasuresTwoClustersAsItsFormulaSays) {
  // A = {0, 40 degrees}: its mean has the length cos 20 = 0.93969. B = {70 degrees}: average cosine to A is
  // (cos 70 + cos 30) / 2 = 0.60402, so s = 0.60402 / sqrt(0.93969) = 0.62310.
  const std::vector<Embedding> faces{at_degrees(0), at_degrees(40), at_degrees(70)};
  const std::vector<ItemPair> a{{0, 1}};
  EXPECT_EQ(clusters_of(faces, {.threshold = Cosine(0.6230F)}, a), (Labels{0, 0, 0}));
  EXPECT_EQ(clusters_of(faces, {.threshold = Cosine(0.6232F)}, a), (Labels{0, 0, 1}));
}

TEST(Linkage, JoinsTheMostSimilarFirst) {
  // 0 and 30 are as near as 30 and 60; 58 is nearer to 30 than 0 is.
  EXPECT_EQ(clusters_of({at_degrees(0), at_degrees(30), at_degrees(58)}, {.threshold = Cosine(0.86F)}),
            (Labels{1, 0, 0}));
}

TEST(Linkage, AFaceOfTheSamePictureGoesWhereItIsNearest) {
  // Both faces of picture 0 resemble the face of picture 1, the second one more.
  const std::vector<Embedding> faces{at_degrees(0), at_degrees(20), at_degrees(18)};
  const std::vector<std::uint32_t> pictures{0, 0, 1};
  const auto found = cluster({.templates = faces, .picture_of = pictures}, {.threshold = Cosine(0.5F)});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->cluster_of, (Labels{1, 0, 0}));
}

TEST(Linkage, TwoSeriesOfOnePersonMeetThoughNeitherIsAmongTheNearestOfTheOther) {
  std::vector<Embedding> faces;
  for (int i = 0; i < 10; ++i) faces.push_back(at_degrees(0.01 * i));
  for (int i = 0; i < 10; ++i) faces.push_back(at_degrees(20 + 0.01 * i));
  EXPECT_EQ(clusters_of(faces, {.threshold = Cosine(0.9F), .neighbours = 3}), Labels(20, 0));
}

/// s(A, B) of the documentation, from all pairs.
double score(const Planted& truth, const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
  const auto mean_cosine = [&](const std::vector<std::size_t>& x, const std::vector<std::size_t>& y) {
    double sum = 0;
    for (const std::size_t i : x)
      for (const std::size_t j : y) sum += inner_product(truth.templates[i].values(), truth.templates[j].values());
    return sum / static_cast<double>(x.size() * y.size());
  };
  const double average = mean_cosine(a, b);
  return average > 0 ? average / std::pow(mean_cosine(a, a) * mean_cosine(b, b), 0.25) : average;
}

std::vector<std::vector<std::size_t>> members(const Clustering& found) {
  std::vector<std::vector<std::size_t>> groups(found.clusters);
  for (std::size_t i = 0; i < found.cluster_of.size(); ++i) groups[found.cluster_of[i]].push_back(i);
  return groups;
}

TEST(Linkage, EndsWhenNoTwoClustersReachTheThreshold) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Planted truth = planted(12, 9, 12, 1.0, 200 + seed);
    const auto found = cluster({.templates = truth.templates, .picture_of = truth.picture_of},
                               {.threshold = Cosine(0.5F), .neighbours = 4});
    ASSERT_TRUE(found);
    const auto groups = members(*found);
    ASSERT_GT(groups.size(), 2U);
    for (std::size_t a = 0; a < groups.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) EXPECT_LT(score(truth, groups[a], groups[b]), 0.5 + 1e-5);
  }
}

/// Joins the best pair of all until none reaches the threshold: every pair looked at every time.
std::vector<std::vector<std::size_t>> joined_naively(const Planted& truth, double threshold) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < truth.templates.size(); ++i) groups.push_back({i});
  const auto allowed = [&](const auto& x, const auto& y) {
    return std::ranges::none_of(x, [&](std::size_t i) {
      return std::ranges::any_of(y, [&](std::size_t j) { return truth.picture_of[i] == truth.picture_of[j]; });
    });
  };
  for (;;) {
    double best = threshold;
    std::pair<std::size_t, std::size_t> pair{0, 0};
    for (std::size_t a = 0; a < groups.size(); ++a)
      for (std::size_t b = 0; b < a; ++b)
        if (const double s = score(truth, groups[a], groups[b]); s >= best && allowed(groups[a], groups[b]))
          best = s, pair = {b, a};
    if (pair.second == 0) return groups;
    auto& kept = groups[pair.first];
    kept.insert(kept.end(), groups[pair.second].begin(), groups[pair.second].end());
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(pair.second));
  }
}

TEST(Linkage, EqualsLookingAtEveryPairEveryTime) {
  for (std::uint64_t seed = 0; seed < 15; ++seed) {
    Planted truth = planted(6, 8, 10, 0.8, 300 + seed);
    for (std::uint32_t& p : truth.picture_of) p = p * 7 % 30;  // some pictures with two faces
    const auto found = cluster({.templates = truth.templates, .picture_of = truth.picture_of},
                               {.threshold = Cosine(0.6F), .neighbours = 1000});
    ASSERT_TRUE(found);
    std::set<std::set<std::size_t>> naive;
    for (const auto& group : joined_naively(truth, 0.6)) naive.emplace(group.begin(), group.end());
    EXPECT_EQ(partition(found->cluster_of), naive) << "seed " << seed;
  }
}

TEST(Dbscan, NeedsEnoughFacesForACore) {
  // 0, 10 and 20 degrees: within 12 degrees the middle one has three faces, the outer ones two; 40 and 50 have two
  // each.
  const std::vector<Embedding> faces{at_degrees(0), at_degrees(10), at_degrees(20), at_degrees(40), at_degrees(50)};
  ClusterOptions options{.method = ClusterMethod::dbscan, .threshold = Cosine(std::cos(0.2094F)), .core = 3};
  EXPECT_EQ(clusters_of(faces, options), (Labels{0, 0, 0, 1, 2}));
  options.core = 2;
  EXPECT_EQ(clusters_of(faces, options), (Labels{0, 0, 0, 1, 1}));
  options.core = 4;
  EXPECT_EQ(clusters_of(faces, options), (Labels{0, 1, 2, 3, 4}));
}

TEST(Dbscan, FacesAtTheBorderOfTwoClustersDoNotJoinThem) {
  // Two cores 21 degrees apart with two faces each; between them two faces that the user has put together, which reach
  // both cores and are too few for a core themselves.
  const std::vector<Embedding> faces{at_degrees(-10), at_degrees(-28), at_degrees(-29), at_degrees(11),
                                     at_degrees(29),  at_degrees(30),  at_degrees(0),   at_degrees(0)};
  const double limit = std::cos(20 * 3.14159265358979 / 180);
  const Labels found = clusters_of(
      faces, {.method = ClusterMethod::dbscan, .threshold = Cosine(static_cast<float>(limit)), .core = 5}, {{6, 7}});
  EXPECT_EQ(partition(found), (std::set<std::set<std::size_t>>{{0, 1, 2, 6, 7}, {3, 4, 5}}));
}

TEST(Cluster, RefusesWhatHasNoMeaning) {
  const std::vector<Embedding> faces{at_degrees(0), at_degrees(1)};
  const auto pictures = own_pictures(2);
  const auto refused = [&](const ClusterOptions& options) {
    const auto answer = cluster({.templates = faces, .picture_of = pictures}, options);
    return answer ? std::string() : answer.error().message;
  };
  EXPECT_THAT(refused({.threshold = Cosine(1.5F)}), HasSubstr("threshold 1.5"));
  EXPECT_THAT(refused({.threshold = Cosine(std::nanf(""))}), HasSubstr("threshold"));
  EXPECT_THAT(refused({.neighbours = 0}), HasSubstr("0 neighbours"));
  EXPECT_THAT(refused({.core = 0}), HasSubstr("core of 0"));
  EXPECT_THAT(refused({.threads = 0}), HasSubstr("0 threads"));
  const std::vector<std::uint32_t> one{0};
  EXPECT_EQ(cluster({.templates = faces, .picture_of = one}, {}).error().code, ErrorCode::invalid_argument);
  const std::vector<ItemPair> beyond{{0, 9}};
  EXPECT_THAT(cluster({.templates = faces, .picture_of = pictures, .apart = beyond}, {}).error().message,
              HasSubstr("items 0 and 9, there are 2"));
  const std::vector<Embedding> mixed{at_degrees(0), Embedding::normalised(ModelId("other"), {1, 0}).value()};
  EXPECT_EQ(cluster({.templates = mixed, .picture_of = pictures}, {}).error().code, ErrorCode::model_mismatch);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(cluster({.templates = faces, .picture_of = pictures}, {}, stop.get_token()).error().code,
            ErrorCode::cancelled);
}

}  // namespace
}  // namespace vultus::identity
