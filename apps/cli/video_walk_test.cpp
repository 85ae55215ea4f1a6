// What may be replaced by a new Timeline.
#include <apps/cli/video_walk.hpp>

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

TEST(RoomForATimeline, IsMadeWhereADamagedOneLies) {
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
    EXPECT_FALSE(make_room_for_timeline(path.string(), false)) << "not without being asked to: " << path;
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_TRUE(make_room_for_timeline(path.string(), true)) << path;
    EXPECT_FALSE(std::filesystem::exists(path));
    make_timeline(path);
  }
}

TEST(RoomForATimeline, IsNotMadeWhereAForeignFileLies) {
  const TestFolder folder;
  for (const std::string& bytes : {std::string("a letter"), std::string("SQLite format 3\0 of somebody else", 33),
                                   "SQLite format 3" + std::string(1000, '\0')}) {
    const std::filesystem::path path = folder / "theirs";
    std::ofstream(path, std::ios::binary) << bytes;
    EXPECT_FALSE(make_room_for_timeline(path.string(), true));
    EXPECT_EQ(std::filesystem::file_size(path), bytes.size());
  }
}

}  // namespace
}  // namespace vultus::cli
