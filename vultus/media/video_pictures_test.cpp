// Which pictures make a row, and in which order.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/media/encode.hpp>
#include <vultus/media/test_folder.hpp>
#include <vultus/media/video.hpp>

namespace vultus::media {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pointwise;

using RowFolder = testing::TestFolder;

/// A picture whose grey tells its number, from 1 to 25.
void put(const RowFolder& folder, const std::string& name, int number) {
  Image image = Image::create(16, 16, PixelFormat::rgb8).value();
  for (int y = 0; y < 16; ++y) std::fill_n(image.row(y), 3 * 16, static_cast<std::uint8_t>(10 * number));
  const auto png = encode_png(image.view()).value();
  folder.write(name, std::string(png.begin(), png.end()));
}

struct Row {
  std::vector<int> numbers;
  std::vector<double> times;
  std::int64_t unread = 0;
};

Result<Row> row_of(const std::string& name) {
  VULTUS_TRY(VideoReader reader, VideoReader::open(name, {.sequence_rate = 10}));
  Row row;
  VideoFrame frame;
  for (;;) {
    VULTUS_TRY(const bool more, reader.next(frame));
    if (!more) break;
    row.numbers.push_back(*frame.image.row(0) / 10);
    row.times.push_back(reader.info().clock.seconds(frame.time).value());
  }
  row.unread = reader.counts().damaged_packets;
  return row;
}

TEST(VideoPictures, NumbersInTheNamesOfAFolderCount) {
  const RowFolder folder;
  put(folder, "f1.png", 1), put(folder, "f2.png", 2), put(folder, "f010.png", 3), put(folder, "f11.png", 4);
  put(folder, "f11a.png", 5), put(folder, "g3.png", 6);
  const auto row = row_of(folder.path());
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_THAT(row->numbers, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(VideoPictures, NamesThatDifferInZerosAloneAreBothThere) {
  const RowFolder folder;
  put(folder, "f01.png", 1), put(folder, "f1.png", 2), put(folder, "f2.png", 3);
  const auto row = row_of(folder.path());
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_THAT(row->numbers, ElementsAre(1, 2, 3));
}

TEST(VideoPictures, APatternStartsAtItsLowestNumber) {
  const RowFolder folder;
  put(folder, "f101.png", 1), put(folder, "f102.png", 2), put(folder, "f103.png", 3);
  put(folder, "f0104.png", 9), put(folder, "f105.png.png", 9), put(folder, "f1x.png", 9);
  for (const char* pattern : {"f%d.png", "f%03d.png"}) {
    const auto row = row_of(folder / pattern);
    ASSERT_TRUE(row) << row.error().message;
    EXPECT_THAT(row->numbers, ElementsAre(1, 2, 3)) << pattern;
    EXPECT_THAT(row->times, Pointwise(DoubleNear(1e-9), {0.0, 0.1, 0.2}));
    EXPECT_EQ(row->unread, 0);
  }
}

TEST(VideoPictures, AMissingNumberKeepsItsPlaceInTimeAndIsCounted) {
  const RowFolder folder;
  put(folder, "f8.png", 8), put(folder, "f9.png", 9), put(folder, "f12.png", 12);
  const auto row = row_of(folder / "f%d.png");
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_THAT(row->numbers, ElementsAre(8, 9, 12));
  EXPECT_THAT(row->times, Pointwise(DoubleNear(1e-9), {0.0, 0.1, 0.4}));
  EXPECT_EQ(row->unread, 2);
}

TEST(VideoPictures, WhereMoreIsMissingThanThereTheFirstMissingOneIsNamed) {
  const RowFolder folder;
  put(folder, "f0001.png", 1), put(folder, "f0002.png", 2), put(folder, "f2000.png", 3);
  const auto row = row_of(folder / "f%04d.png");
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, ErrorCode::not_found);
  EXPECT_THAT(row.error().message, HasSubstr("f0003.png: missing"));
}

TEST(VideoPictures, NumbersMayBeThoseOfFolders) {
  const RowFolder folder;
  put(folder, "shot7/a.png", 7), put(folder, "shot8/a.png", 8), put(folder, "shot9/b.png", 9);
  const auto row = row_of(folder / "shot%d/a.png");
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_THAT(row->numbers, ElementsAre(7, 8));
  EXPECT_EQ(row_of(folder / "none%d.png").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace vultus::media
