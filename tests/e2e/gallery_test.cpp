// Care for a gallery on the command line: who is whom, backup, damage and repair.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

int faces_of(const World& world, const std::string& gallery, const std::string& name) {
  const auto lines = json_lines(world.vultus({"gallery", "show", gallery, name, "--json"}).out);
  return lines.empty() ? -1 : lines[0]["faces"].get<int>();
}

TEST(GalleryPeople, AreMergedSplitKeptApartAndPutBack) {
  const World world;
  world.enroll_people();
  const Answer merged = world.vultus({"gallery", "merge", "people.vgal", "Ada Lovelace", "Joe Biden"});
  EXPECT_EQ(merged.code, 0) << merged.err;
  EXPECT_EQ(merged.out, "The faces of Ada Lovelace are now Joe Biden's, who has 2 faces.\n");
  const auto listed = json_lines(world.vultus({"gallery", "undo", "people.vgal", "--list", "--json"}).out);
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0]["what"], "Ada Lovelace was merged into Joe Biden, 1 face");
  EXPECT_EQ(world.vultus({"gallery", "undo", "people.vgal"}).code, 0);
  EXPECT_EQ(faces_of(world, "people.vgal", "Ada Lovelace"), 1);
  EXPECT_EQ(world.vultus({"gallery", "undo", "people.vgal"}).code, 4) << "nothing is left to be taken back";

  EXPECT_EQ(world.vultus({"gallery", "not", "people.vgal", "1", "Joe Biden"}).code, 0);
  const Answer refused = world.vultus({"gallery", "merge", "people.vgal", "Ada Lovelace", "Joe Biden"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("face 1 does not show"));
  EXPECT_THAT(world.vultus({"gallery", "not", "people.vgal", "--list"}).out,
              HasSubstr("Face 1 does not show Joe Biden."));
  EXPECT_EQ(world.vultus({"gallery", "not", "people.vgal", "1", "Joe Biden", "--no-longer"}).code, 0);
  EXPECT_EQ(world.vultus({"gallery", "merge", "people.vgal", "Ada Lovelace", "Joe Biden"}).code, 0);
  const Answer split = world.vultus({"gallery", "split", "people.vgal", "1", "--as", "Ada King"});
  EXPECT_EQ(split.code, 0) << split.err;
  EXPECT_EQ(faces_of(world, "people.vgal", "Ada King"), 1);
  EXPECT_EQ(world.vultus({"gallery", "split", "people.vgal", "1", "--as", "Nobody"}).code, 3) << "it is her only face";
  EXPECT_EQ(world.checked("people.vgal")["faces"], 2);
}

TEST(GalleryCare, ABackupIsAGalleryAndNeverReplacesAnything) {
  const World world;
  world.enroll_people();
  EXPECT_EQ(world.vultus({"gallery", "backup", "people.vgal", "copy.vgal"}).code, 0);
  EXPECT_EQ(world.checked("copy.vgal")["faces"], 2);
  EXPECT_EQ(world.vultus({"gallery", "backup", "people.vgal", "copy.vgal"}).code, 3);
  EXPECT_EQ(world.vultus({"gallery", "backup", "none.vgal", "other.vgal"}).code, 4);
}

TEST(GalleryCare, NothingPlainIsWrittenWhereEncryptionIsAskedFor) {
  const World world;
  world.write("ada.csv", "name,source,a,b\nAda,a.jpg,0.6,0.8\n");
  world.write("bo.csv", "name,source,a,b\nBo,b.jpg,0.8,0.6\n");
  ASSERT_EQ(world.shell("vultus gallery new-key g.key && vultus gallery import g.vgal ada.csv --model own").code, 0);
  const std::string more = "vultus gallery import g.vgal bo.csv --model own --encrypt --key-file g.key";
  const Answer plain = world.shell(more);
  EXPECT_EQ(plain.code, 3);
  EXPECT_THAT(plain.err, HasSubstr("g.vgal is there already and not encrypted; vultus gallery encrypt does it"));
  EXPECT_EQ(world.checked("g.vgal")["faces"], 1);
  const Answer encrypted = world.shell("vultus gallery encrypt g.vgal --key-file g.key --keyring other.keys");
  EXPECT_THAT(encrypted.out, HasSubstr("Its keys are in other.keys,")) << encrypted.err;
  EXPECT_EQ(world.shell(more + " --keyring other.keys").code, 0);
}

TEST(GalleryExport, NothingIsLoggedWhereTheFileIsThereAlready) {
  const World world;
  world.write("ada.csv", "name,source,a,b\nAda,a.jpg,0.6,0.8\n");
  ASSERT_EQ(world.vultus({"gallery", "import", "g.vgal", "ada.csv", "--model", "own"}).code, 0);
  world.write("there.jsonl", "mine");
  const std::string before = world.vultus({"gallery", "log", "show", "g.vgal"}).out;
  const Answer refused = world.vultus({"gallery", "export", "g.vgal", "there.jsonl", "--subject", "Ada"});
  EXPECT_EQ(refused.code, 3) << refused.err;
  EXPECT_EQ(world.vultus({"gallery", "log", "show", "g.vgal"}).out, before);
  EXPECT_EQ(read_bytes(world / "there.jsonl"), "mine");
  ASSERT_EQ(world.vultus({"gallery", "export", "g.vgal", "ada.jsonl", "--subject", "Ada"}).code, 0);
  EXPECT_THAT(read_bytes(world / "ada.jsonl"), HasSubstr("\"gallery\":\""));
}

TEST(GalleryCare, DamageIsToldAndWhatIsSoundIsSaved) {
  const World world;
  world.enroll_people();
  const Answer sound = world.vultus({"gallery", "check", "people.vgal", "--json"});
  EXPECT_EQ(json_lines(sound.out).at(0)["ok"], true);
  EXPECT_THAT(json_lines(sound.out).at(0)["findings"], SizeIs(0));
  std::string bytes = read_bytes(world / "people.vgal");
  const std::size_t at = bytes.find("Joe Biden/1.jpg");  // inside a row of faces
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 'X';
  world.write("people.vgal", bytes);
  const Answer damaged = world.vultus({"gallery", "check", "people.vgal", "--json"});
  EXPECT_EQ(damaged.code, 5);
  EXPECT_EQ(json_lines(damaged.out).at(0)["ok"], false);
  EXPECT_THAT(json_lines(damaged.out).at(0)["findings"].dump(), HasSubstr("face 2 is not as it was written"));
  const Answer repaired = world.vultus({"gallery", "repair", "people.vgal", "saved.vgal", "--json"});
  EXPECT_EQ(repaired.code, 1);
  EXPECT_EQ(json_lines(repaired.out).at(0)["faces"], 1);
  EXPECT_THAT(json_lines(repaired.out).at(0)["lost"].dump(), HasSubstr("face 2"));
  EXPECT_EQ(world.checked("saved.vgal")["faces"], 1);
  world.write("no.vgal", "this is no gallery at all, but it is long enough to be looked at by somebody");
  const Answer none = world.vultus({"gallery", "check", "no.vgal", "--json"});
  EXPECT_EQ(none.code, 5);
  EXPECT_EQ(json_lines(none.out).at(0)["ok"], false);
}

}  // namespace
}  // namespace vultus::e2e
