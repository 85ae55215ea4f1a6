#include <array>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/identity/cluster.hpp>
#include <vultus/identity/test_planted.hpp>

namespace vultus::identity {
namespace {

using ::testing::HasSubstr;
using Groups = std::vector<std::uint32_t>;

constexpr std::array kAllMethods{ClusterMethod::linkage, ClusterMethod::chinese_whispers, ClusterMethod::dbscan};

/// Faces in a plane, each in a picture of its own.
struct PlaneFaces {
  std::vector<Embedding> templates;
  std::vector<std::optional<float>> quality;
  std::vector<std::uint32_t> pictures;
  std::vector<std::optional<std::uint32_t>> persons;

  void add(double degrees, std::optional<float> quality_of_face) {
    templates.push_back(at_degrees(degrees));
    quality.push_back(quality_of_face);
    pictures.push_back(static_cast<std::uint32_t>(pictures.size()));
    persons.emplace_back();
  }
  [[nodiscard]] ClusterItems items() const {
    return {.templates = templates, .picture_of = pictures, .person_of = persons, .quality_of = quality};
  }
};

class PoorFaces : public ::testing::TestWithParam<ClusterMethod> {
 protected:
  /// 10 degrees and less belong together.
  [[nodiscard]] static ClusterOptions options() {
    return {.method = GetParam(), .threshold = Cosine(0.984F), .least_quality = 50};
  }
  static Groups clusters(const PlaneFaces& faces) { return cluster(faces.items(), options()).value().cluster_of; }
};
INSTANTIATE_TEST_SUITE_P(Of, PoorFaces, ::testing::ValuesIn(kAllMethods),
                         [](const auto& one) { return std::string(name_of(one.param)); });

TEST_P(PoorFaces, StayAloneAmongThemselvesHoweverAlikeTheyAre) {
  PlaneFaces faces;
  for (const double degrees : {0.0, 1.0, 2.0}) faces.add(degrees, 49.9F);
  EXPECT_EQ(clusters(faces), (Groups{0, 1, 2}));
  for (auto& quality : faces.quality) quality = 50.0F;
  EXPECT_EQ(clusters(faces), (Groups{0, 0, 0})) << "at the limit they count";
  for (auto& quality : faces.quality) quality.reset();
  EXPECT_EQ(clusters(faces), (Groups{0, 0, 0})) << "what was not measured counts";
}

TEST_P(PoorFaces, JoinTheClusterThatIsClosestButBringNoTwoTogether) {
  PlaneFaces faces;
  faces.add(0, 90.0F);
  faces.add(2, 90.0F);
  faces.add(16, 90.0F);
  faces.add(18, 90.0F);
  faces.add(8, 10.0F);   // 7 degrees from the mean of the first two, 9 from that of the others
  faces.add(40, 10.0F);  // near nobody
  EXPECT_EQ(clusters(faces), (Groups{0, 0, 1, 1, 0, 2}));
}

TEST_P(PoorFaces, KeepTheConstraints) {
  PlaneFaces faces;
  faces.add(0, 90.0F);
  faces.add(1, 10.0F);
  faces.pictures[1] = faces.pictures[0];
  EXPECT_EQ(clusters(faces), (Groups{0, 1})) << "two faces of one picture";
  faces.pictures[1] = 1;
  EXPECT_EQ(clusters(faces), (Groups{0, 0}));
  const std::vector<ItemPair> apart{{0, 1}};
  ClusterItems items = faces.items();
  items.apart = apart;
  EXPECT_EQ(cluster(items, options()).value().cluster_of, (Groups{0, 1})) << "told to be two people";
  // Two poor faces of one picture near one cluster: the closer one gets the place.
  faces.add(3, 10.0F);
  faces.pictures[2] = faces.pictures[1];
  EXPECT_EQ(clusters(faces), (Groups{0, 0, 1}));
}

TEST_P(PoorFaces, CountWhereTheUserHasSaidWhoTheyAre) {
  PlaneFaces faces;
  faces.add(0, 10.0F);
  faces.add(1, 10.0F);
  faces.persons[0] = 7;
  EXPECT_EQ(clusters(faces), (Groups{0, 0}));
}

TEST(PoorFacesOptions, AreHeldAgainstTheirRange) {
  PlaneFaces faces;
  faces.add(0, 10.0F);
  EXPECT_THAT(cluster(faces.items(), {.least_quality = 101}).error().message, HasSubstr("101"));
  faces.quality.emplace_back(1.0F);
  EXPECT_THAT(cluster(faces.items(), {}).error().message, HasSubstr("2 qualities of 1 faces"));
}

}  // namespace
}  // namespace vultus::identity
