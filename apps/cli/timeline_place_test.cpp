// What may be replaced by a new Timeline.
#include <apps/cli/timeline_place.hpp>

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus::cli {
namespace {

void make_timeline(const std::filesystem::path& path) {
  auto file = TimelineWriter::open({.path = path});
  ASSERT_TRUE(file) << file.error().message;
  for (int i = 1; i <= 500; ++i)
    ASSERT_TRUE(file->add(Source{.id = SourceId(i), .path = "picture " + std::to_string(i) + ".jpg"}));
  ASSERT_TRUE(file->commit());
}

TEST(TimelinePlace, IsMadeWhereADamagedOneLies) {
  const TestFolder folder;
  const std::filesystem::path cut = folder / "cut.vultus";
  const std::filesystem::path overwritten = folder / "overwritten.vultus";
  make_timeline(cut);
  make_timeline(overwritten);
  std::filesystem::resize_file(cut, std::filesystem::file_size(cut) / 3);
  {
    std::fstream file(overwritten, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(200);
    file << std::string(std::filesystem::file_size(overwritten) - 400, '\xA5');
  }
  for (const std::filesystem::path& path : {cut, overwritten}) {
    ASSERT_FALSE(read_timeline(path)) << path;
    EXPECT_FALSE(TimelinePlace::make(path.string(), false)) << "not without being asked to: " << path;
    EXPECT_TRUE(std::filesystem::exists(path));
    auto place = TimelinePlace::make(path.string(), true);
    ASSERT_TRUE(place) << path;
    EXPECT_FALSE(std::filesystem::exists(path));
    make_timeline(path);
    place->keep();
    EXPECT_TRUE(read_timeline(path));
    EXPECT_FALSE(std::filesystem::exists(path.string() + ".old"));
  }
}

TEST(TimelinePlace, BringsTheOldOneBackWhereTheNewOneIsNotKept) {
  const TestFolder folder;
  const std::filesystem::path path = folder / "t.vultus";
  make_timeline(path);
  const auto bytes = std::filesystem::file_size(path);
  {
    const auto place = TimelinePlace::make(path.string(), true);
    ASSERT_TRUE(place);
    std::ofstream(path) << "half of a new one";
  }
  EXPECT_EQ(std::filesystem::file_size(path), bytes);
  EXPECT_TRUE(read_timeline(path));
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".old"));
  // A process that was killed has left both: what it wrote is not taken for the old one.
  std::filesystem::rename(path, path.string() + ".old");
  make_timeline(path);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  { ASSERT_TRUE(TimelinePlace::make(path.string(), true)); }
  EXPECT_TRUE(read_timeline(path));
}

TEST(TimelinePlace, IsFreeWhereNothingWasRecordedYet) {
  const TestFolder folder;
  const std::filesystem::path path = folder / "t.vultus";
  std::ofstream(path).close();
  EXPECT_TRUE(TimelinePlace::make(path.string(), false)) << "the making of one was interrupted";
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TimelinePlace, IsNotMadeWhereAForeignFileLies) {
  const TestFolder folder;
  for (const std::string& bytes : {std::string("a letter"), std::string("SQLite format 3\0 of somebody else", 33),
                                   "SQLite format 3" + std::string(1000, '\0')}) {
    const std::filesystem::path path = folder / "theirs";
    std::ofstream(path, std::ios::binary) << bytes;
    EXPECT_FALSE(TimelinePlace::make(path.string(), true));
    EXPECT_EQ(std::filesystem::file_size(path), bytes.size());
  }
}

}  // namespace
}  // namespace vultus::cli
