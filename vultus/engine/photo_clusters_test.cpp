#include <vultus/engine/photo_clusters.hpp>

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

using library::Content;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr identity::ClusterOptions kAt{.threshold = Cosine(0.9F)};

/// A photo with faces in these directions of the plane, degrees.
void add_photo(Content& content, const std::string& sha256, const std::vector<double>& degrees) {
  library::Photo photo{.sha256 = sha256, .width = 10, .height = 10, .faces = {}};
  for (const double d : degrees) {
    const double angle = d * 3.14159265358979323846 / 180;
    photo.faces.push_back({.id = static_cast<std::int64_t>(100 * content.photos.size() + photo.faces.size() + 1),
                           .number = static_cast<int>(photo.faces.size() + 1),
                           .box = {},
                           .detection = Score(1),
                           .inter_eye_px = {},
                           .quality = {},
                           .sharpness = {},
                           .yaw = {},
                           .pitch = {},
                           .embedding = Embedding::normalised(ModelId("m"), {static_cast<float>(std::cos(angle)),
                                                                             static_cast<float>(std::sin(angle))})
                                            .value(),
                           .thumbnail = {},
                           .cluster = {}});
  }
  content.photos.push_back(std::move(photo));
}

std::vector<std::int64_t> clusters(const Content& content) {
  std::vector<std::int64_t> all;
  for (const library::Photo& photo : content.photos)
    for (const library::PhotoFace& face : photo.faces) all.push_back(face.cluster.value_or(0));
  return all;
}

TEST(ClusterPhotos, LeavesPoorFacesAloneUnlessTheyAreNamed) {
  Content content;
  for (const char* photo : {"a", "b", "c"}) add_photo(content, photo, {0});
  for (library::Photo& photo : content.photos) photo.faces[0].quality = 30.0F;
  identity::ClusterOptions options = kAt;
  options.least_quality = 90;
  ASSERT_TRUE(cluster_photos(content, {}, options));
  EXPECT_THAT(clusters(content), ElementsAre(1, 2, 3));
  ASSERT_TRUE(name_cluster(content, 2, "Ada"));
  ASSERT_TRUE(cluster_photos(content, {}, options));
  EXPECT_THAT(clusters(content), ElementsAre(2, 2, 2)) << "now a face says who it is";
}

TEST(ClusterPhotos, NumbersFromOneAndKeepsNumbersWhenPhotosAreAdded) {
  Content content;
  add_photo(content, "a", {0, 90});
  add_photo(content, "b", {91});
  add_photo(content, "c", {92});
  ASSERT_TRUE(cluster_photos(content, {}, kAt));
  EXPECT_THAT(clusters(content), ElementsAre(2, 1, 1, 1));
  for (int i = 0; i < 5; ++i) add_photo(content, "n" + std::to_string(i), {0.5 * i});  // now the face at 0 has more
  add_photo(content, "o", {200});
  const auto changes = cluster_photos(content, {}, kAt);
  ASSERT_TRUE(changes);
  EXPECT_THAT(clusters(content), ElementsAre(2, 1, 1, 1, 2, 2, 2, 2, 2, 3));
  EXPECT_EQ(changes->kept, 2);
  EXPECT_EQ(changes->made, 0);
  EXPECT_EQ(content.next_cluster, 4);
}

TEST(ClusterPhotos, AClusterWithANameStaysWhateverJoinsItAndNamesAreNeverJoined) {
  Content content;
  add_photo(content, "a", {0});
  add_photo(content, "b", {60});
  ASSERT_TRUE(cluster_photos(content, {}, kAt));
  ASSERT_TRUE(name_cluster(content, 1, "Ada"));
  ASSERT_TRUE(name_cluster(content, 2, "Bob"));
  // Faces all the way from Ada to Bob.
  for (int i = 1; i < 12; ++i) add_photo(content, "n" + std::to_string(i), {5.0 * i});
  ASSERT_TRUE(cluster_photos(content, {}, {.threshold = Cosine(0.3F)}));
  const auto now = clusters(content);
  EXPECT_EQ(now[0], 1);
  EXPECT_EQ(now[1], 2);
  EXPECT_EQ(now[2], 1) << "5 degrees are near Ada";
  EXPECT_EQ(now[12], 2) << "55 degrees are near Bob";
  EXPECT_THAT(content.names, ElementsAre(Pair(1, "Ada"), Pair(2, "Bob")));
}

TEST(ClusterPhotos, ANameKeepsItsNumberInALargerClusterThatHadAnotherOne) {
  Content content;
  add_photo(content, "a", {0});
  for (int i = 0; i < 4; ++i) add_photo(content, "b" + std::to_string(i), {40});
  ASSERT_TRUE(cluster_photos(content, {}, kAt));
  EXPECT_THAT(clusters(content), ElementsAre(2, 1, 1, 1, 1));
  ASSERT_TRUE(name_cluster(content, 2, "Ada"));
  ASSERT_TRUE(cluster_photos(content, {}, {.threshold = Cosine(0.5F)}));
  EXPECT_THAT(clusters(content), ElementsAre(2, 2, 2, 2, 2));
  EXPECT_THAT(content.names, ElementsAre(Pair(2, "Ada")));
}

TEST(ClusterPhotos, FacesThatAreKnownTakeNoPart) {
  Content content;
  add_photo(content, "a", {0});
  add_photo(content, "b", {1});
  const KnownFaces known{{{0, 0}, {SubjectId(1), "Ada", FaceId(1), Cosine(0.99F)}}};
  ASSERT_TRUE(cluster_photos(content, known, kAt));
  EXPECT_THAT(clusters(content), ElementsAre(0, 1));
}

TEST(NameCluster, OfTwoClustersWithOneNameMakesOne) {
  Content content;
  add_photo(content, "a", {0, 180});
  add_photo(content, "b", {90});
  ASSERT_TRUE(cluster_photos(content, {}, kAt));
  EXPECT_THAT(clusters(content), ElementsAre(1, 2, 3));
  ASSERT_TRUE(name_cluster(content, 1, "Ada"));
  ASSERT_TRUE(name_cluster(content, 3, "Ada"));
  EXPECT_THAT(clusters(content), ElementsAre(1, 2, 1));
  const Status refused = name_cluster(content, 2, "Ada");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("one photo shows a face of each"));
  EXPECT_EQ(name_cluster(content, 77, "Ada").error().code, ErrorCode::not_found);
  EXPECT_EQ(name_cluster(content, 2, "a\nb").error().code, ErrorCode::invalid_argument);
  ASSERT_TRUE(name_cluster(content, 1, ""));
  EXPECT_TRUE(content.names.empty());
}

TEST(TakeOut, TakesAFaceOutForGood) {
  Content content;
  add_photo(content, "a", {0});
  add_photo(content, "b", {1});
  add_photo(content, "c", {2});
  ASSERT_TRUE(cluster_photos(content, {}, kAt));
  EXPECT_THAT(clusters(content), ElementsAre(1, 1, 1));
  ASSERT_TRUE(name_cluster(content, 1, "Ada"));
  EXPECT_THAT(take_out(content, 1, "b").value(), ElementsAre(Pair(101, 1), Pair(101, 201)));
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(cluster_photos(content, {}, kAt));
    EXPECT_THAT(clusters(content), ElementsAre(1, 2, 1));
  }
  EXPECT_THAT(name_cluster(content, 2, "Ada").error().message, HasSubstr("told to be somebody else"));
  EXPECT_EQ(take_out(content, 1, "b").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace vultus::engine
