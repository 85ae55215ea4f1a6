#include <vultus/engine/contact_sheet.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/engine/enrol_clusters.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// So many photos with one face each; cluster_of tells their clusters.
PhotoSet set_of(const std::vector<std::int64_t>& cluster_of, const std::string& folder = "/p/") {
  PhotoSet set;
  for (std::size_t i = 0; i < cluster_of.size(); ++i) {
    const std::string sha = "sha" + std::to_string(100 + i);
    library::Photo photo{.sha256 = sha, .width = 640, .height = 480, .faces = {}};
    photo.faces.push_back({.number = 1,
                           .box = {0, 0, 50, 60},
                           .detection = Score(0.9F),
                           .inter_eye_px = 30.0F,
                           .quality = static_cast<float>(i),
                           .sharpness = 1.5F,
                           .yaw = {},
                           .pitch = {},
                           .embedding = Embedding::normalised(ModelId("m"), {1, 0}).value(),
                           .thumbnail = {},
                           .cluster = cluster_of[i]});
    set.content.photos.push_back(std::move(photo));
    set.files.push_back({.path = folder + std::to_string(i) + ".jpg", .sha256 = sha});
  }
  return set;
}

std::string page_of(const PhotoSet& set, const ContactSheetOptions& options = {}, const KnownFaces& known = {}) {
  const ThumbnailSource source = [](const library::PhotoFace&) -> Result<std::vector<std::byte>> {
    return std::vector<std::byte>{std::byte{0xFF}, std::byte{0xD8}};
  };
  return contact_sheet(set, clusters_of(set.content), known, source, options).value();
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(ContactSheet, ShowsClustersBySizeAndFacesAloneAtTheEnd) {
  PhotoSet set = set_of({7, 3, 3, 3, 9, 7});
  set.content.names = {{7, "Ada <b>"}};
  const std::string page = page_of(set, {.folder = "/p"});
  EXPECT_LT(page.find("id=\"cluster-3\""), page.find("id=\"cluster-7\""));
  EXPECT_LT(page.find("id=\"cluster-7\""), page.find("Faces alone"));
  EXPECT_THAT(page, HasSubstr("Ada &lt;b&gt;"));
  EXPECT_THAT(page, HasSubstr("cluster 3 · 3 faces"));
  EXPECT_EQ(count(page, "<img "), 6U);
  EXPECT_THAT(page, HasSubstr("src=\"data:image/jpeg;base64,/9g=\""));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

TEST(ContactSheet, LinksToFilesWhateverTheyAreCalled) {
  const PhotoSet set = set_of({1, 1}, "/p/my photos/Zoë #1?&\"/");
  const std::string page = page_of(set, {.folder = "/p/pages"});
  EXPECT_THAT(page, HasSubstr("href=\"./../my%20photos/Zo%C3%AB%20%231%3F%26%22/0.jpg\""));
  EXPECT_THAT(page, Not(HasSubstr("?&\"/0.jpg")));
}

TEST(ContactSheet, IsBoundedHoweverManyFacesThereAre) {
  std::vector<std::int64_t> clusters(150, 1);
  for (std::int64_t i = 0; i < 40; ++i) clusters.push_back(1000 + i);
  for (std::int64_t i = 0; i < 10; ++i) clusters.insert(clusters.end(), 2, 10 + i);
  const std::string page = page_of(set_of(clusters), {.faces_a_row = 16, .most_clusters = 4, .most_alone = 5});
  EXPECT_EQ(count(page, "<img "), 16U + 3 * 2 + 5);
  EXPECT_THAT(page, HasSubstr("and 134 more"));
  EXPECT_THAT(page, HasSubstr("and 35 more"));
  EXPECT_THAT(page, HasSubstr("7 smaller clusters are not shown"));
}

TEST(ContactSheet, SmallClustersHaveShortRowsAndANamedOneIsNeverLeftOutForThoseWithoutName) {
  std::vector<std::int64_t> clusters(20, 1);
  for (std::int64_t i = 0; i < 6; ++i) clusters.insert(clusters.end(), static_cast<std::size_t>(9 - i), 10 + i);
  PhotoSet set = set_of(clusters);
  set.content.names = {{15, "Ada"}};  // the smallest one, of four faces
  const std::string page =
      page_of(set, {.faces_a_row = 6, .rows_in_full = 2, .faces_a_short_row = 3, .most_clusters = 4});
  EXPECT_EQ(count(page, "<section class=\"sheet"), 4U);
  EXPECT_EQ(count(page, "<img "), 6U + 6 + 3 + 3);
  EXPECT_THAT(page, HasSubstr("Ada"));
  EXPECT_THAT(page, Not(HasSubstr("id=\"cluster-12\""))) << "the smallest of those without a name that is too many";
  EXPECT_THAT(page, HasSubstr("id=\"cluster-11\""));
  EXPECT_THAT(page, HasSubstr("3 smaller clusters are not shown"));
}

TEST(ContactSheet, OfNothingSaysSo) {
  EXPECT_THAT(page_of(PhotoSet()), HasSubstr("No two faces resemble each other enough."));
}

TEST(FacesToEnrol, AreTheBestOfTheClustersThatHaveANameOrAreAskedFor) {
  PhotoSet set = set_of({7, 3, 3, 3, 9, 7});
  set.content.names = {{7, "Ada"}};
  const ThumbnailSource none = [](const library::PhotoFace&) -> Result<std::vector<std::byte>> {
    return std::vector<std::byte>();
  };
  const auto clusters = clusters_of(set.content);
  const auto named = faces_to_enrol(set, clusters, none, {}).value();
  ASSERT_EQ(named.size(), 2U);
  EXPECT_EQ(named[0].subject, "Ada");
  EXPECT_EQ(named[0].seen.path, "/p/5.jpg") << "quality 5 comes before quality 0";
  ASSERT_EQ(named[0].seen.faces.size(), 1U);
  EXPECT_EQ(named[0].seen.faces[0].quality->at(face::QualityMeasure::sharpness)->value, 1.5F);
  EXPECT_FALSE(refuse_picture(named[0].seen, {}, false, false));
  const auto all = faces_to_enrol(set, clusters, none, {.unnamed = true, .most_faces = 1}).value();
  ASSERT_EQ(all.size(), 2U) << "a face alone is nobody";
  EXPECT_EQ(all[0].subject, "person-0003");
  EXPECT_EQ(all[0].seen.path, "/p/3.jpg");
}

}  // namespace
}  // namespace vultus::engine
