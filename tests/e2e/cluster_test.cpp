// Clustering photos: rows, constraints, a library that grows, names that stay.
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;

/// A folder with three photos of one man, one of another and two groups.
void make_album(const World& world) {
  world.copy(samples().obama, "album/obama 1.jpg");
  world.copy(samples().obama_2, "album/obama 2.jpg");
  world.copy(samples().biden, "album/Zoë 日本.jpg");
  world.copy(samples().group, "album/group.jpg");
}

std::vector<Json> faces_of(const Answer& answer) {
  EXPECT_EQ(answer.code, 0) << answer.err;
  return json_lines(answer.out);
}

TEST(Cluster, TellsFileBoxAndClusterOfEachFaceAndNeverPutsTwoFacesOfAPhotoTogether) {
  const World world;
  make_album(world);
  const auto faces = faces_of(world.vultus({"cluster", "album", "--json"}));
  ASSERT_GE(faces.size(), 6U);
  std::map<std::string, std::set<int>> clusters_in;
  std::map<std::string, std::size_t> faces_in;
  for (const Json& face : faces) {
    EXPECT_EQ(face["box"].size(), 4U);
    EXPECT_TRUE(face["name"].is_null());
    clusters_in[face["file"]].insert(face["cluster"].get<int>());
    ++faces_in[face["file"]];
  }
  for (const auto& [file, clusters] : clusters_in) EXPECT_EQ(clusters.size(), faces_in[file]) << file;
  EXPECT_EQ(line_of(faces, "album/obama 1.jpg")["cluster"], line_of(faces, "album/obama 2.jpg")["cluster"]);
  EXPECT_EQ(line_of(faces, "album/obama 1.jpg")["cluster"], 1) << "the largest cluster is the first";
  EXPECT_EQ(line_of(faces, "album/obama 1.jpg")["faces"], 2);
  EXPECT_NE(line_of(faces, "album/obama 1.jpg")["cluster"], line_of(faces, "album/Zoë 日本.jpg")["cluster"]);
}

TEST(Cluster, ALibraryLooksAtNewPhotosOnlyAndKeepsNumbersAndNames) {
  const World world;
  make_album(world);
  const std::vector<std::string> line{"cluster", "album", "--library", "l.vlib", "--json"};
  const auto with = [&line](std::vector<std::string> more) {
    more.insert(more.begin(), line.begin(), line.end());
    return more;
  };
  const auto first = faces_of(world.vultus(with({"--name", "1=Ada Lovelace"})));
  EXPECT_EQ(line_of(first, "album/obama 2.jpg")["name"], "Ada Lovelace");
  EXPECT_EQ(line_of(first, "album/obama 2.jpg")["new"], true);
  const Json biden = line_of(first, "album/Zoë 日本.jpg")["cluster"];
  // One photo is added, one moved, one removed, one copied.
  world.copy(samples().obama_3, "album/obama 3.jpg");
  std::filesystem::rename(world / "album/Zoë 日本.jpg", world / "album/moved.jpg");
  std::filesystem::remove(world / "album/group.jpg");
  world.copy(samples().obama, "album/copy.jpg");
  const Answer again = world.vultus(line);
  EXPECT_THAT(again.err, HasSubstr("1 file looked at, 2 unchanged, 2 moved or copied, 2 gone"));
  const auto second = faces_of(again);
  ASSERT_EQ(second.size(), 5U);
  for (const char* name : {"album/obama 1.jpg", "album/obama 2.jpg", "album/obama 3.jpg", "album/copy.jpg"}) {
    EXPECT_EQ(line_of(second, name)["cluster"], 1) << name;
    EXPECT_EQ(line_of(second, name)["name"], "Ada Lovelace") << name;
  }
  EXPECT_EQ(line_of(second, "album/obama 3.jpg")["new"], true);
  EXPECT_EQ(line_of(second, "album/obama 1.jpg")["new"], false);
  EXPECT_EQ(line_of(second, "album/moved.jpg")["cluster"], biden);
  // The user knows better: a photo is taken out, for good.
  for (const auto& call : {with({"--negative", "1=album/obama 3.jpg"}), line}) {
    const auto third = faces_of(world.vultus(call));
    EXPECT_NE(line_of(third, "album/obama 3.jpg")["cluster"], 1);
    EXPECT_EQ(line_of(third, "album/obama 2.jpg")["name"], "Ada Lovelace");
  }
  const Answer joined =
      world.vultus(with({"--name", line_of(second, "album/moved.jpg")["cluster"].dump() + "=Ada Lovelace"}));
  for (const Json& face : faces_of(joined)) {
    const bool taken_out = face["file"] == "album/obama 3.jpg";
    EXPECT_EQ(face["name"].is_null(), taken_out) << "one name is one person";
  }
}

TEST(Cluster, NamesFacesThatAGalleryKnowsInsteadOfClusteringThem) {
  const World world;
  world.enroll_people();
  make_album(world);
  const auto faces = faces_of(world.vultus({"cluster", "album", "--known", "people.vgal", "--json"}));
  const Json biden = line_of(faces, "album/Zoë 日本.jpg");
  EXPECT_EQ(biden["subject"], "Joe Biden");
  EXPECT_TRUE(biden["cluster"].is_null());
  for (const Json& face : faces) {  // who is not known was held against the same threshold
    EXPECT_GT(face["threshold"].get<double>(), 0) << face;
    EXPECT_GT(face["fmr"].get<double>(), 0) << face;
    EXPECT_EQ(face["calibration"], "preset") << face;
    EXPECT_EQ(face["probability"].is_null(), face["subject"].is_null()) << face;
  }
  EXPECT_GT(biden["probability"].get<double>(), 0.9);
  EXPECT_GT(biden["similarity"], biden["threshold"]);
  EXPECT_EQ(line_of(faces, "album/obama 2.jpg")["subject"], "Ada Lovelace");
  EXPECT_TRUE(line_of(faces, "album/group.jpg")["subject"].is_null());
  EXPECT_TRUE(line_of(faces, "album/group.jpg")["cluster"].is_number());
}

TEST(Cluster, TurnsClustersIntoPeopleOfAGallery) {
  const World world;
  make_album(world);
  world.copy(samples().obama_3, "album/obama 3.jpg");
  const Answer nobody = world.vultus({"cluster", "album", "--library", "l.vlib", "--into", "none.vgal", "--json"});
  EXPECT_EQ(nobody.code, 3) << nobody.err;
  EXPECT_THAT(nobody.err, HasSubstr("no cluster has a name"));
  EXPECT_FALSE(std::filesystem::exists(world / "none.vgal"));

  const Answer named = world.vultus({"cluster", "album", "--library", "l.vlib", "--name", "1=Ada Lovelace", "--into",
                                     "found.vgal", "--most-faces", "2", "--json"});
  ASSERT_EQ(named.code, 0) << named.err;
  EXPECT_THAT(named.err, HasSubstr("2 faces enrolled"));
  EXPECT_EQ(world.checked("found.vgal")["subjects"], 1);
  const auto known = json_lines(world.vultus({"identify", "found.vgal", "b.jpg", "c.jpg", "--json", "-q"}).out);
  EXPECT_EQ(line_of(known, "b.jpg")["subject"], "Ada Lovelace");
  EXPECT_TRUE(line_of(known, "c.jpg")["subject"].is_null());

  const Answer again = world.vultus({"cluster", "album", "--library", "l.vlib", "--into", "found.vgal", "--json"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("1 face enrolled, 2 there already")) << "the rest of the cluster, nothing twice";

  // Clusters without a name, too: those of two and more faces.
  world.copy(samples().group, "album/group again.jpg");
  const Answer unnamed = world.vultus({"cluster", "album", "--into", "all.vgal", "--unnamed", "--json"});
  EXPECT_THAT(unnamed.err, HasSubstr("all.vgal holds"));
  const Answer list = world.vultus({"gallery", "list", "all.vgal"});
  EXPECT_THAT(list.out, HasSubstr("person-0001"));

  world.write("full.vgal", "this is no gallery");
  const Answer broken = world.vultus({"cluster", "album", "--name", "1=Ada", "--into", "full.vgal"});
  EXPECT_EQ(broken.code, 5);
  world.enroll_people("fast");
  const std::vector<std::string> other{"cluster", "album", "--name", "1=Ada", "--into", "people.vgal"};
  const Answer conflict = world.vultus(other);
  EXPECT_EQ(conflict.code, 0) << "the networks are those of the gallery";
  EXPECT_THAT(conflict.err + conflict.out, HasSubstr("conflicts_with:Ada Lovelace")) << "the gate knows her already";
  EXPECT_EQ(world.checked("people.vgal")["subjects"], 2);
  auto default_ones = other;
  default_ones.insert(default_ones.end(), {"--preset", "default"});
  EXPECT_EQ(world.vultus(default_ones).code, 6) << "a gallery of another model";
}

TEST(Cluster, EveryMethodFindsTheSameManTwice) {
  const World world;
  make_album(world);
  for (const char* method : {"linkage", "chinese_whispers", "dbscan"}) {
    world.copy(samples().obama_3, "album/obama 3.jpg");
    const auto faces = faces_of(world.vultus({"cluster", "album", "--json", "--method", method}));
    EXPECT_EQ(line_of(faces, "album/obama 1.jpg")["cluster"], line_of(faces, "album/obama 3.jpg")["cluster"]) << method;
    EXPECT_EQ(line_of(faces, "album/obama 1.jpg")["cluster"], line_of(faces, "album/obama 2.jpg")["cluster"]) << method;
  }
}

TEST(Cluster, WhatCannotBeDoneIsSaidWithItsExitCode) {
  const World world;
  make_album(world);
  std::filesystem::create_directory(world / "empty");
  const Answer empty = world.vultus({"cluster", "empty"});
  EXPECT_EQ(empty.code, 1);
  EXPECT_THAT(empty.err, HasSubstr("empty"));
  world.write("album/broken.jpg", "x");
  const Answer some = world.vultus({"cluster", "album", "--json", "--library", "l.vlib"});
  EXPECT_EQ(some.code, 1);
  EXPECT_EQ(line_of(json_lines(some.out), "album/broken.jpg")["error"]["code"], "corrupt_data");
  std::filesystem::remove(world / "album/broken.jpg");
  const Answer other = world.vultus({"cluster", "album", "--library", "l.vlib", "--fast"});
  EXPECT_EQ(other.code, 6);
  EXPECT_THAT(other.err, HasSubstr("(preset default), not of model"));
  world.enroll_people("fast");
  const Answer mixed = world.vultus({"cluster", "album", "--library", "l.vlib", "--known", "people.vgal"});
  EXPECT_EQ(mixed.code, 6);
  EXPECT_THAT(mixed.err, HasSubstr("people.vgal"));
  const Answer gallery = world.vultus({"cluster", "album", "--library", "people.vgal"});
  EXPECT_EQ(gallery.code, 5) << "a gallery is no photo library";
  const Answer nobody = world.vultus({"cluster", "album", "--name", "999=Ada"});
  EXPECT_EQ(nobody.code, 4);
  EXPECT_THAT(nobody.err, HasSubstr("no cluster 999"));
  EXPECT_EQ(world.vultus({"cluster", "album", "--name", "Ada"}).code, 3);
  EXPECT_EQ(world.vultus({"cluster", "album", "--negative", "1=album/obama 1.jpg"}).code, 3);
  EXPECT_EQ(world.vultus({"cluster", "-"}).code, 3);
  EXPECT_EQ(world.vultus({"cluster", "album/obama 1.jpg", "--json"}).code, 0) << "one face is a cluster of one";
}

}  // namespace
}  // namespace vultus::e2e
