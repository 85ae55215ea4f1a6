// What somebody runs into who uses the main job for the first time: wrong usage, nothing to enrol, pipes, files that
// are there already.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Enroll, WhatGaveNoFaceLeavesNoGalleryBehind) {
  const World world;
  world.write("broken.jpg", "no picture at all");
  world.write("list.csv", "file,subject\nbroken.jpg,Ada\nphotos/nobody.pgm,Bob\n");
  const Answer answer = world.vultus({"enroll", "new.vgal", "list.csv", "--fast"});
  EXPECT_EQ(answer.code, 1) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("0 faces enrolled, 2 inputs skipped. new.vgal was not made."));
  EXPECT_FALSE(std::filesystem::exists(world / "new.vgal"));
  const Answer unloaded = world.vultus(Call{.arguments = {"enroll", "new.vgal", "people"},
                                            .folder = {},
                                            .environment = {{"VULTUS_CACHE", (world / "cache").string()}}});
  EXPECT_EQ(unloaded.code, 4) << "networks that were not fetched: " << unloaded.err;
  EXPECT_FALSE(std::filesystem::exists(world / "new.vgal"));
}

TEST(Enroll, TellsWrongUsage) {
  const World world;
  const Answer nothing = world.vultus({"enroll", "new.vgal"});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_THAT(nothing.err, HasSubstr("nothing to enrol"));
  const Answer both = world.vultus({"enroll", "new.vgal", "a.jpg", "people.csv", "--subject", "Ada"});
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.err, AllOf(HasSubstr("people.csv: a list says whose"), HasSubstr("--subject")));
  EXPECT_FALSE(std::filesystem::exists(world / "new.vgal"));
}

TEST(Enroll, NamesTheListThatIsWrongAndItsLine) {
  const World world;
  world.write("empty.csv", "file,subject\n");
  const Answer empty = world.vultus({"enroll", "new.vgal", "empty.csv", "--json", "--fast"});
  EXPECT_EQ(empty.code, 1);
  EXPECT_EQ(line_of(json_lines(empty.out), "empty.csv")["error"]["message"], "empty.csv: no row below the header");
  world.write("rag.csv", "file,subject\na.jpg,Ada\nb.jpg\n");
  const Answer ragged = world.vultus({"enroll", "new.vgal", "rag.csv", "--json", "--fast"});
  EXPECT_EQ(ragged.code, 1);
  EXPECT_EQ(line_of(json_lines(ragged.out), "rag.csv")["error"]["message"],
            "rag.csv: line 3: 1 field(s), too few for file and subject");
}

TEST(Identify, AnnotatesWhatComesOnStandardInput) {
  const World world;
  world.enroll_people("fast");
  const Answer piped = world.vultus(Call{.arguments = {"identify", "people.vgal", "-", "--annotate", "named", "--json"},
                                         .folder = {},
                                         .input = read_bytes(samples().obama_2)});
  ASSERT_EQ(piped.code, 0) << piped.err;
  const Json line = line_of(json_lines(piped.out), "-");
  EXPECT_EQ(line.value("subject", ""), "Ada Lovelace");
  EXPECT_EQ(line.value("annotated", ""), "named/stdin.jpg");
  EXPECT_EQ(read_bytes(world / "named/stdin.jpg").substr(0, 2), "\xff\xd8");
  const Answer file = world.shell("vultus identify people.vgal - --annotate from_file --json < b.jpg");
  ASSERT_EQ(file.code, 0) << file.err;
  EXPECT_TRUE(std::filesystem::exists(world / "from_file/stdin.jpg"));
}

TEST(Identify, ReplacesADamagedTimelineWhereItIsToldTo) {
  const World world;
  world.enroll_people("fast");
  ASSERT_EQ(world.vultus({"identify", "people.vgal", "b.jpg", "-o", "run.vultus"}).code, 0);
  const std::string bytes = read_bytes(world / "run.vultus");
  world.write("run.vultus", bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(world.vultus({"report", "run.vultus", "-o", "run.html"}).code, 5);
  const Answer again = world.vultus({"identify", "people.vgal", "b.jpg", "-o", "run.vultus", "--force"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(world.vultus({"report", "run.vultus", "-o", "run.HTML"}).code, 0);
  EXPECT_TRUE(std::filesystem::is_regular_file(world / "run.HTML")) << "a page, not a folder of that name";
  const Answer foreign = world.vultus({"identify", "people.vgal", "b.jpg", "-o", "a.jpg", "--force"});
  EXPECT_EQ(foreign.code, 5) << foreign.err;
  EXPECT_EQ(read_bytes(world / "a.jpg"), read_bytes(samples().obama));
}

TEST(Verify, SaysThatARateOutsideWhatWasMeasuredIsABound) {
  const World world;
  for (const char* threshold : {"-0.5", "0.99"}) {
    const Answer answer = world.vultus({"verify", "a.jpg", "b.jpg", "--threshold", threshold, "--json"});
    ASSERT_EQ(answer.code, 0) << answer.err;
    const Json line = json_lines(answer.out).at(0);
    EXPECT_TRUE(line["fmr"].is_number()) << threshold;
    EXPECT_EQ(line["fmr_bound"], true) << threshold;
  }
  const Json measured = json_lines(world.vultus({"verify", "a.jpg", "b.jpg", "--json"}).out).at(0);
  EXPECT_FALSE(measured.contains("fmr_bound"));
}

TEST(BadOutput, APageWithoutAPlaceIsRefusedBeforeTheWork) {
  const World world;
  world.enroll_people("fast");
  const Answer nowhere = world.vultus({"identify", "people.vgal", "photos", "--report", "none/page.html"});
  EXPECT_EQ(nowhere.code, 4);
  EXPECT_THAT(nowhere.err, AllOf(HasSubstr("none/page.html"), HasSubstr("no folder none")));
  EXPECT_EQ(nowhere.out, "") << "before anything was looked at";
  const Answer folder = world.vultus({"identify", "people.vgal", "photos", "--report", "people"});
  EXPECT_EQ(folder.code, 3);
  EXPECT_THAT(folder.err, HasSubstr("people: is a folder"));
  EXPECT_EQ(folder.out, "");
}

TEST(BadInput, AFolderInBracketsIsNoList) {
  const World world;
  world.copy(samples().obama, "[2020]/a.jpg");
  const Answer answer = world.vultus({"detect", "[2020]", "--json", "--fast"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("[2020]/a.jpg"));
}

TEST(BadInput, AnEmptyValueIsWrongUsage) {
  const World world;
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"identify", "people.vgal", "b.jpg", "--report", ""},
                                             {"identify", "people.vgal", "b.jpg", "--report="},
                                             {"identify", "people.vgal", "b.jpg", "--annotate", ""},
                                             {"identify", "people.vgal", "b.jpg", "-o", ""},
                                             {"verify", "a.jpg", "b.jpg", "--preset", ""},
                                             {"verify", "a.jpg", "b.jpg", "--models", ""},
                                             {"verify", "a.jpg", "b.jpg", "--gallery", ""}}) {
    const Answer answer = world.vultus(line);
    EXPECT_EQ(answer.code, 2) << line.back();
    EXPECT_THAT(answer.err, HasSubstr("an empty value"));
  }
}

}  // namespace
}  // namespace vultus::e2e
