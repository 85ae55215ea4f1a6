// A gallery is examined, and moved to another model while it is used.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;

std::vector<Json> findings_of(const World& world, const std::string& gallery, const std::string& code) {
  const Answer answer = world.vultus({"gallery", "doctor", gallery, "--json", "--quiet"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  std::vector<Json> found;
  for (const Json& line : json_lines(answer.out))
    if (line.value("code", "") == code) found.push_back(line);
  return found;
}

/// Who is in a picture, by the gallery.
Json subject_in(const World& world, const std::string& file) {
  const Answer answer = world.vultus({"identify", "people.vgal", file, "--json"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  return line_of(json_lines(answer.out), file).value("subject", Json());
}

TEST(GalleryDoctor, FindsAFaceUnderAWrongNameAndAPageShowsIt) {
  const World world;
  world.enroll_people();
  ASSERT_EQ(world.vultus({"enroll", "people.vgal", "b.jpg", "--subject", "Ada Lovelace", "--force"}).code, 0);
  EXPECT_TRUE(findings_of(world, "people.vgal", "mislabelled").empty());
  // The third photo of the one who stands as Ada goes to Joe.
  world.copy(samples().obama_3, "d.jpg");
  ASSERT_EQ(world.vultus({"enroll", "people.vgal", "d.jpg", "--subject", "Joe Biden", "--force"}).code, 0);
  const auto found = findings_of(world, "people.vgal", "mislabelled");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["subject"], "Joe Biden");
  EXPECT_EQ(found[0]["face"], 4);
  EXPECT_EQ(found[0]["other_subject"], "Ada Lovelace");
  EXPECT_EQ(found[0]["weight"], "problem");
  EXPECT_GT(found[0]["value"].get<double>(), found[0]["limit"].get<double>());
  EXPECT_LT(found[0]["own"].get<double>(), found[0]["limit"].get<double>());
  EXPECT_THAT(found[0]["command"].get<std::string>(), HasSubstr("vultus gallery "));
  const Answer page = world.vultus({"gallery", "doctor", "people.vgal", "--html", "health.html"});
  ASSERT_EQ(page.code, 0) << page.err;
  EXPECT_THAT(page.out, HasSubstr("mislabelled"));
  EXPECT_THAT(read_bytes(world / "health.html"), HasSubstr("data:image/jpeg;base64,"));
}

TEST(ReEmbed, MovesAGalleryToAnotherModelWhileItAnswers) {
  const World world;
  world.enroll_people("fast");
  const Answer moved = world.vultus({"gallery", "re-embed", "people.vgal", "--preset", "default", "--json"});
  ASSERT_EQ(moved.code, 0) << moved.out << moved.err;
  EXPECT_EQ(json_lines(moved.out).back()["embedded"], 2);
  EXPECT_EQ(subject_in(world, "b.jpg"), "Ada Lovelace") << "the old model answers";
  // Who comes during the move gets the templates of both.
  ASSERT_EQ(world.vultus({"enroll", "people.vgal", "photos/group.jpg", "--subject", "Group", "--force"}).code, 0);
  const Answer done = world.vultus({"gallery", "switch-model", "people.vgal", "--json"});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(json_lines(done.out).at(0)["removed_faces"], 0);
  const Json info = json_lines(world.vultus({"gallery", "info", "people.vgal", "--json"}).out).at(0);
  EXPECT_EQ(info["preset"], "default");
  EXPECT_EQ(info["faces"], 3);
  EXPECT_EQ(subject_in(world, "b.jpg"), "Ada Lovelace");
  EXPECT_EQ(subject_in(world, "c.jpg"), "Joe Biden");
  (void)world.checked("people.vgal");
}

TEST(ReEmbed, FacesWithoutAPictureAreNamedAndBlockTheSwitch) {
  const World world;
  world.enroll_people("fast");
  ASSERT_EQ(world.vultus({"enroll", "people.vgal", "b.jpg", "--subject", "Eve", "--force", "--no-thumbnails"}).code, 0);
  const Answer moved = world.vultus({"gallery", "re-embed", "people.vgal", "--preset", "default", "--json"});
  EXPECT_EQ(moved.code, 1) << "some were left";
  const auto lines = json_lines(moved.out);
  EXPECT_EQ(lines.at(2)["subject"], "Eve");
  EXPECT_EQ(lines.at(2)["reason"], "no_thumbnail");
  const Answer refused = world.vultus({"gallery", "switch-model", "people.vgal"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("--without-them"));
  EXPECT_EQ(subject_in(world, "c.jpg"), "Joe Biden") << "the old model still answers";
  const Answer done = world.vultus({"gallery", "switch-model", "people.vgal", "--without-them"});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("1 face removed"));
  (void)world.checked("people.vgal");
}

TEST(ReEmbed, CanBeGivenUp) {
  const World world;
  world.enroll_people("fast");
  EXPECT_EQ(world.vultus({"gallery", "switch-model", "people.vgal"}).code, 4) << "nothing was begun";
  ASSERT_EQ(world.vultus({"gallery", "re-embed", "people.vgal", "--preset", "default"}).code, 0);
  EXPECT_EQ(world.vultus({"gallery", "re-embed", "people.vgal", "--drop"}).code, 0);
  EXPECT_EQ(world.vultus({"gallery", "re-embed", "people.vgal", "--drop"}).code, 4);
  EXPECT_EQ(world.vultus({"gallery", "re-embed", "people.vgal", "--preset", "fast"}).code, 3) << "it has that model";
}

}  // namespace
}  // namespace vultus::e2e
