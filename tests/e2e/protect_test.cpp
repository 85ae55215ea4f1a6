// vultus protect deid on real photos: what is hidden is not recognised, what is not hidden stays as it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/clips.hpp>
#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;

Json hidden(const World& world, const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"protect", "deid"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  all.insert(all.end(), {"--json", "--fast"});
  const Answer answer = world.vultus(all);
  EXPECT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  return lines.empty() ? Json() : lines[0];
}

TEST(ProtectDeid, HidesWithEveryMethodAndSaysWhoIsStillRecognised) {
  const World world;
  world.copy(samples().obama, "mine/1.jpg");
  world.copy(samples().group, "mine/2.jpg");
  for (const char* method : {"blur", "pixelate", "solid", "mesh", "synthetic"}) {
    const Json run = hidden(world, {"mine", "-o", method, "--method", method});
    const Json& attack = run.at("reidentification");
    EXPECT_GE(attack.at("faces").get<int>(), 4) << method;
    EXPECT_GT(attack.at("before").get<double>(), .9) << method;
    // Contours are the person's own: of some faces they are enough for who holds the very original.
    EXPECT_LE(attack.at("after").get<double>(), method == std::string("mesh") ? .25 : 0) << method;
    EXPECT_EQ(run.at("files").size(), 2U);
    EXPECT_TRUE(std::filesystem::exists(world / method / std::filesystem::path("1.jpg")));
  }
}

TEST(ProtectDeid, SomeAreLeftOutByName) {
  const World world;
  world.enroll_people("fast");
  world.copy(samples().obama_2, "mine/1.jpg");
  world.copy(samples().biden, "mine/2.jpg");
  const Json but = hidden(world, {"mine", "-o", "but", "--gallery", "people.vgal", "--except", "Ada Lovelace"});
  ASSERT_EQ(but.at("files").size(), 2U);
  EXPECT_EQ(but.at("files")[0].at("hidden"), 0) << "enrolled as Ada Lovelace";
  EXPECT_EQ(but.at("files")[1].at("hidden"), 1);
  EXPECT_EQ(but.at("reidentification").at("before"), 1);
  EXPECT_EQ(but.at("reidentification").at("after"), 0);
  EXPECT_TRUE(but.at("reidentification").at("adapted_rank1").is_number()) << "the gallery has pictures";
  const Json only = hidden(world, {"mine", "-o", "only", "--gallery", "people.vgal", "--only", "Ada Lovelace"});
  EXPECT_EQ(only.at("files")[0].at("hidden"), 1);
  EXPECT_EQ(only.at("files")[1].at("hidden"), 0);
}

TEST(ProtectDeid, AVideoShowsNobodyInAnyFrame) {
  const World world;
  make_clip(world, "clip.mp4");
  const Json run = hidden(world, {"clip.mp4", "-o", "hidden.mp4", "--method", "pixelate"});
  const Json& file = run.at("files")[0];
  EXPECT_GE(file.at("faces").get<int>(), 1);
  EXPECT_EQ(file.at("hidden"), file.at("faces"));
  EXPECT_GT(file.at("frames_hidden").get<int>(), 0);
  EXPECT_EQ(run.at("reidentification").at("after").get<double>(), 0);
}

TEST(ProtectDeid, AVideoIsOneByWhatItHoldsAlsoInAFolder) {
  const World world;
  make_clip(world, "clip.mp4", 10);
  std::filesystem::create_directories(world / "in");
  std::filesystem::rename(world / "clip.mp4", world / "in/upload");
  world.copy(samples().obama, "in/photo.jpg");
  const Json both = hidden(world, {"in", "-o", "out", "--method", "solid"});
  ASSERT_EQ(both.at("files").size(), 2U);
  EXPECT_TRUE(std::filesystem::exists(world / "out/upload.mp4"));
  EXPECT_TRUE(std::filesystem::exists(world / "out/photo.jpg"));
  EXPECT_GT(both.at("files")[1].at("frames_hidden").get<int>(), 0);
  std::filesystem::remove(world / "in/photo.jpg");
  const Json alone = hidden(world, {"in", "-o", "out2", "--method", "solid"});
  EXPECT_EQ(alone.at("files").size(), 1U) << "no picture in the folder is no error here";
}

TEST(ProtectDeid, ReplacesNoOriginalByTheCopyOfAnother) {
  const World world;
  world.copy(samples().obama, "in/a.jpeg");
  world.copy(samples().biden, "in/a.jpg");
  make_clip(world, "in/clip.mov", 5);
  make_clip(world, "in/clip.mp4", 5);
  const std::string picture = read_bytes(world / "in/a.jpg"), video = read_bytes(world / "in/clip.mp4");
  const Answer answer = world.vultus({"protect", "deid", "in/a.jpeg", "in/a.jpg", "in/clip.mov", "in/clip.mp4", "-o",
                                      "in", "--method", "solid", "--fast"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_THAT(answer.err, HasSubstr("in/a.jpeg: in/a.jpg: is an input, and what is written would replace it"));
  EXPECT_EQ(read_bytes(world / "in/a.jpg"), picture);
  EXPECT_EQ(read_bytes(world / "in/clip.mp4"), video);
  EXPECT_FALSE(std::filesystem::exists(world / "in/a-2.jpg")) << "no copies among the originals";
}

TEST(ProtectDeid, WhatCannotBeDoneIsSaid) {
  const World world;
  world.copy(samples().obama, "a.jpg");
  EXPECT_EQ(world.vultus({"protect", "deid", "a.jpg", "-o", "b.jpg", "--except", "Ada"}).code, 2)
      << "without a gallery";
  EXPECT_EQ(world.vultus({"protect", "deid", "a.jpg", "-o", "b.jpg", "--method", "smudge"}).code, 2);
  const Answer same = world.vultus({"protect", "deid", "a.jpg", "-o", "a.jpg", "--fast"});
  EXPECT_NE(same.code, 0);
  EXPECT_THAT(same.err, HasSubstr("would replace it"));
  world.write("text.jpg", "no picture");
  const Answer some = world.vultus({"protect", "deid", "a.jpg", "text.jpg", "-o", "out", "--fast"});
  EXPECT_EQ(some.code, 1);
  EXPECT_THAT(some.err, HasSubstr("text.jpg"));
}

}  // namespace
}  // namespace vultus::e2e
