// A gallery is examined, and moved to another model while it is used.
#include <random>
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

/// Two hundred people around eight middles, as a CSV file of embeddings.
std::string planted_embeddings() {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> middles(8, std::vector<float>(192));
  for (auto& middle : middles)
    for (float& value : middle) value = normal(random);
  std::string csv;
  for (int person = 0; person < 200; ++person) {
    csv += "P" + std::to_string(person) + ",s" + std::to_string(person);
    for (const float value : middles[static_cast<std::size_t>(person) % 8])
      csv += "," + std::to_string(value + 0.5F * normal(random));
    csv += "\n";
  }
  return csv;
}

TEST(SearchByCells, IsAskedForAndSaysWhatItMayMiss) {
  const World world;
  world.write("e.csv", planted_embeddings());
  ASSERT_EQ(world.vultus({"gallery", "import", "g.vgal", "e.csv", "--model", "mobilefacenet192+mirror"}).code, 0);
  const std::vector<std::string> command{"identify", "g.vgal", samples().obama, "--search-method", "cells"};
  auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = command;
    all.insert(all.end(), more.begin(), more.end());
    const Answer answer = world.vultus(all);
    EXPECT_EQ(answer.code, 0) << answer.err;
    return answer.out;
  };
  const Json search = json_lines(with({"--json"})).at(0).at("search");
  EXPECT_EQ(search.at("method"), "cells");
  EXPECT_LT(search.at("looked_at").get<int>(), search.at("cells").get<int>());
  EXPECT_GE(search.at("recall_at_1").get<double>(), 0.99);
  EXPECT_LE(search.at("recall_at_10").get<double>(), 1.0);
  EXPECT_LT(search.at("share").get<double>(), 0.9);
  EXPECT_EQ(search.at("measured_on"), 200);
  EXPECT_THAT(with({}), HasSubstr("Searched by cells: "));
  const Answer plain = world.vultus({"identify", "g.vgal", samples().obama, "--json"});
  EXPECT_FALSE(json_lines(plain.out).at(0).contains("search")) << "an exact search has nothing to say";
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
