#include <array>
#include <cstdint>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include <vultus/timeline/export.hpp>
#include <vultus/timeline/parquet_writer.hpp>
#include <vultus/timeline/test_timeline.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus {
namespace {

using timeline::ParquetType;
using timeline::ParquetWriter;

/// Every byte by hand from parquet.thrift, Encodings.md and the compact protocol of Thrift.
TEST(Parquet, WritesTheBytesThatTheFormatAsksFor) {
  std::ostringstream out;
  ParquetWriter writer(out, {{"a", ParquetType::int64}}, {});
  writer.whole(0, 5);
  ASSERT_TRUE(writer.end_row());
  ASSERT_TRUE(writer.finish());
  constexpr std::array<std::uint8_t, 111> kWanted{
      'P',  'A',  'R',  '1',                                                         //
      0x15, 0x00, 0x15, 0x1C, 0x15, 0x1C,                                            // a data page of 14 bytes
      0x2C, 0x15, 0x02, 0x15, 0x00, 0x15, 0x06, 0x15, 0x06, 0x00, 0x00,              // 1 value, plain; levels in runs
      0x02, 0x00, 0x00, 0x00, 0x02, 0x01,                                            // 2 bytes of runs: once "there"
      0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,                                // 5
      0x15, 0x02,                                                                    // version 1
      0x19, 0x2C, 0x48, 0x06, 's',  'c',  'h',  'e',  'm',  'a',  0x15, 0x02, 0x00,  // the root has a column
      0x15, 0x04, 0x25, 0x02, 0x18, 0x01, 'a',  0x00,                                // INT64, optional, "a"
      0x16, 0x02,                                                                    // 1 row
      0x19, 0x1C, 0x19, 0x1C, 0x26, 0x08, 0x1C,                                      // a group: a chunk at byte 4
      0x15, 0x04, 0x19, 0x25, 0x00, 0x06, 0x19, 0x18, 0x01, 'a',  0x15, 0x00,        // INT64; plain, runs; "a"; raw
      0x16, 0x02, 0x16, 0x3E, 0x16, 0x3E, 0x26, 0x08, 0x00, 0x00,                    // 1 value, 31 bytes, page at 4
      0x16, 0x3E, 0x16, 0x02, 0x00,                                                  // of the group: 31 bytes, 1 row
      0x28, 0x06, 'v',  'u',  'l',  't',  'u',  's',  0x00,                          //
      0x44, 0x00, 0x00, 0x00, 'P',  'A',  'R',  '1'};
  const std::string got = out.str();
  ASSERT_EQ(got.size(), kWanted.size());
  for (std::size_t i = 0; i < kWanted.size(); ++i)
    EXPECT_EQ(static_cast<std::uint8_t>(got[i]), kWanted.at(i)) << "byte " << i;
}

TEST(Parquet, SaysWhichRowsAreNullInRuns) {
  std::ostringstream out;
  ParquetWriter writer(out, {{"a", ParquetType::real32}}, {});
  for (int row = 0; row < 200; ++row) {
    if (row < 130) writer.number(0, 0.5);
    ASSERT_TRUE(writer.end_row());
  }
  ASSERT_TRUE(writer.finish());
  // 130 times "there": 130 << 1 = 260 as a varint is 0x84 0x02; 70 times not: 140 is 0x8C 0x01.
  const std::string runs("\x06\0\0\0\x84\x02\x01\x8C\x01\0", 10);
  const std::size_t at = out.str().find(runs);
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(out.str().substr(at + runs.size(), 4), std::string("\0\0\0\x3F", 4)) << "0.5 as float32, little-endian";
}

TEST(Parquet, AFileIsExportedAsTheTimelineInMemory) {
  const timeline::testing::Folder folder;
  Timeline whole;
  ASSERT_TRUE(whole.add(Source{.id = SourceId(1), .path = "a.mp4", .clock = {.numerator = 25}}));
  ASSERT_TRUE(whole.add(Evidence{.id = EvidenceId(1), .producer = "test"}));
  ASSERT_TRUE(whole.add(Channel{ChannelId("pose.ry"), "rad", EvidenceId(1)}));
  ASSERT_TRUE(whole.add(Channel{ChannelId("landmarks.1"), "px (x, y)", EvidenceId(1)}));
  ASSERT_TRUE(whole.add(Channel{ChannelId("name"), "name", EvidenceId(1)}));
  ASSERT_TRUE(whole.add(Track{TrackId(3), SourceId(1)}));
  for (const std::int64_t at : {0, 1}) {
    ASSERT_TRUE(whole.add(Reading{ChannelId("pose.ry"), TrackId(3), {at}, 0.25, ""}));
    ASSERT_TRUE(whole.add(Reading{ChannelId("landmarks.1"), TrackId(3), {at}, std::vector<float>{1, 2}, ""}));
    ASSERT_TRUE(whole.add(Reading{ChannelId("name"), TrackId(3), {at}, std::string("Ada"), ""}));
  }
  {
    auto to = TimelineWriter::open({.path = folder / "t"});
    ASSERT_TRUE(timeline::testing::replay(whole, *to));
  }
  std::ostringstream of_memory, of_file;
  ASSERT_TRUE(write_parquet(whole, of_memory));
  ASSERT_TRUE(write_parquet(folder / "t", of_file));
  EXPECT_EQ(of_memory.str(), of_file.str());
  EXPECT_GT(of_file.str().size(), 500U);
}

}  // namespace
}  // namespace vultus
