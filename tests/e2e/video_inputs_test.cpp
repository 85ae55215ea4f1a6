// Videos however they come: without an ending, through pipes, in folders, silent, closed; and where the program writes.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/clips.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;

/// The rows of a call without the name of their input.
std::vector<Json> rows_of(const Answer& answer) {
  EXPECT_EQ(answer.code, 0) << answer.err;
  std::vector<Json> rows = json_lines(answer.out);
  for (Json& row : rows) row.erase("file");
  return rows;
}

TEST(Identify, AVideoIsOneHoweverItIsCalledAndWhateverItComesThrough) {
  const World world;
  world.enroll_people();
  make_clip(world, "clip.mkv", 30);
  make_clip(world, "clip.mp4", 30);
  const auto rows = rows_of(world.vultus({"identify", "people.vgal", "clip.mkv", "--json"}));
  ASSERT_GT(rows.size(), 20U);
  world.copy(world / "clip.mkv", "no ending");
  world.copy(world / "clip.mkv", "photo.jpg");
  for (const char* line :
       {"vultus identify people.vgal 'no ending' --json", "vultus identify people.vgal photo.jpg --json",
        "vultus identify people.vgal - --json < clip.mkv", "cat clip.mkv | vultus identify people.vgal - --json",
        "mkfifo pipe; cat clip.mkv > pipe & vultus identify people.vgal pipe --json; code=$?; wait; exit $code"})
    EXPECT_EQ(rows_of(world.shell(line)), rows) << line;
  // A file whose index may lie at its end is read on standard input as by its name.
  EXPECT_EQ(rows_of(world.shell("vultus identify people.vgal - --json < clip.mp4")),
            rows_of(world.vultus({"identify", "people.vgal", "clip.mp4", "--json"})));
  const auto picture = rows_of(world.vultus({"identify", "people.vgal", "b.jpg", "--json"}));
  for (const char* line :
       {"cat b.jpg | vultus identify people.vgal - --json",
        "mkfifo photo; cat b.jpg > photo & vultus identify people.vgal photo --json; code=$?; wait; exit $code"})
    EXPECT_EQ(rows_of(world.shell(line)), picture) << line;
  const Answer detected =
      world.shell("mkfifo seen; cat b.jpg > seen & vultus detect seen --json; code=$?; wait; exit $code");
  EXPECT_EQ(rows_of(detected).size(), 1U);
  for (const char* command : {"detect", "embed"}) {
    const Answer refused = world.vultus({command, "clip.mkv"});
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.err, HasSubstr("vultus track")) << command;
  }
}

TEST(Identify, PicturesInARowAreAVideoAndForDetectPictures) {
  const World world;
  world.enroll_people();
  for (int i = 1; i <= 6; ++i) world.copy(samples().obama_2, "row/img_000" + std::to_string(i) + ".jpg");
  const auto rows = rows_of(world.vultus({"identify", "people.vgal", "row/img_%04d.jpg", "--rate", "5", "--json"}));
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows.back()["frame"], 5);
  EXPECT_EQ(rows.back()["track"], 1);
  const auto pictures = json_lines(world.vultus({"detect", "row/img_%04d.jpg", "--json"}).out);
  ASSERT_EQ(pictures.size(), 6U);
  EXPECT_EQ(pictures.back()["file"], "row/img_0006.jpg");
}

TEST(Identify, VideosOfFoldersAreReadOrToldToBeLeftOut) {
  const World world;
  world.enroll_people();
  make_clip(world, "clips/inner/clip.mkv", 20);
  std::filesystem::rename(world / "clips/inner/clip.mkv", world / "clips/inner/no ending");
  EXPECT_EQ(world.vultus({"identify", "people.vgal", "clips", "--json"}).code, 1) << "nothing in the folder itself";
  const auto rows = rows_of(world.vultus({"identify", "people.vgal", "clips", "--recursive", "--json"}));
  EXPECT_GT(rows.size(), 10U);
  world.copy(samples().obama_2, "clips/b.jpg");
  const Answer mixed = world.vultus({"identify", "people.vgal", "clips", "--recursive", "--json"});
  EXPECT_EQ(rows_of(mixed).size(), 1U);
  EXPECT_THAT(mixed.err, HasSubstr("clips: 1 video in this folder left out"));
  const Answer tracked = world.vultus({"track", "clips/inner", "--json"});
  EXPECT_EQ(rows_of(tracked).size(), 1U);
  make_clip(world, "clips/other.mkv", 20);
  EXPECT_THAT(world.vultus({"track", "clips", "--json"}).err, HasSubstr("1 video in this folder left out"));
}

TEST(Track, AnAnimatedGifIsAVideoAndAStillOneAPicture) {
  const World world;
  make_clip(world, "clip.mkv", 20);
  ASSERT_EQ(
      world.shell("ffmpeg -v error -i clip.mkv moving.gif && ffmpeg -v error -i clip.mkv -frames:v 1 still.gif").code,
      0);
  const auto moving = rows_of(world.vultus({"track", "moving.gif", "--json"}));
  ASSERT_EQ(moving.size(), 1U);
  EXPECT_GT(moving[0]["frames"].get<int>(), 10);
  const auto still = rows_of(world.vultus({"track", "still.gif", "--json"}));
  ASSERT_EQ(still.size(), 1U);
  EXPECT_EQ(still[0]["frames"], 1);
}

TEST(Track, APipeThatFallsSilentTellsTheTracksSeenUntilThen) {
  const World world;
  make_clip(world, "clip.mkv", 300);  // enough to know the format before the silence
  const Answer answer = world.shell(
      "mkfifo camera; (exec 3>camera; cat clip.mkv >&3; exec sleep 60) & "
      "vultus track camera --patience 2 --report seen.html --json; code=$?; kill $!; exit $code");
  EXPECT_EQ(answer.code, 1) << answer.err;
  const auto lines = json_lines(answer.out);
  ASSERT_EQ(lines.size(), 2U) << answer.out;
  EXPECT_EQ(lines[0]["track"], 1);
  EXPECT_THAT(lines[1]["error"]["message"].get<std::string>(), HasSubstr("silent for 2000 ms"));
  EXPECT_THAT(read_bytes(world / "seen.html"), HasSubstr("data:image/jpeg"));
}

TEST(Track, AClosedStandardInputIsCalledThat) {
  const World world;
  world.enroll_people();
  for (const char* line : {"vultus track - <&-", "vultus identify people.vgal - <&-"}) {
    const Answer answer = world.shell(line);
    EXPECT_EQ(answer.code, 1) << line << answer.err;
    EXPECT_THAT(answer.err, HasSubstr("standard input: closed")) << line;
  }
}

TEST(Track, TwoOutputsOfOneNameAreRefusedBeforeAnythingIsRead) {
  const World world;
  for (const std::vector<std::string>& call :
       std::vector<std::vector<std::string>>{{"track", "clip.mp4", "-o", "x", "--report", "./x"},
                                             {"identify", "people.vgal", "a.jpg", "-o", "x", "--report", "x"},
                                             {"cluster", "photos", "--library", "x", "--html", "x"}}) {
    const Answer refused = world.vultus(call);
    EXPECT_EQ(refused.code, 2) << call[0] << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("both name")) << call[0];
    EXPECT_FALSE(std::filesystem::exists(world / "x")) << call[0];
  }
}

}  // namespace
}  // namespace vultus::e2e
