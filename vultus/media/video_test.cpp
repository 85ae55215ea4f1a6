#include <vultus/media/video.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/media/encode.hpp>
#include <vultus/media/frame_feed.hpp>
#include <vultus/media/test_folder.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::media {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::TestFolder;

constexpr int kWidth = 96;
constexpr int kHeight = 64;

/// A grey frame whose brightness tells its number; red in the upper left quarter.
Image frame_of(int number, int width = kWidth, int height = kHeight) {
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      std::uint8_t* pixel = image.row(y) + 3 * x;
      const auto grey = static_cast<std::uint8_t>(40 + 8 * (number % 20));
      const bool corner = x < width / 2 && y < height / 2;
      pixel[0] = corner ? 220 : grey;
      pixel[1] = pixel[2] = corner ? 20 : grey;
    }
  return image;
}

/// Where the middle of a quarter lies, and its red less its green.
int redness(const Image& image, double x, double y) {
  const std::uint8_t* pixel =
      image.row(static_cast<int>(y * image.height())) + 3 * static_cast<std::ptrdiff_t>(x * image.width());
  return pixel[0] - pixel[1];
}

int grey(const Image& image) { return image.row(image.height() * 3 / 4)[image.width() * 3 / 4 * 3]; }

std::string clip(const TestFolder& folder, const std::string& name, const std::vector<double>& times,
                 int width = kWidth, int height = kHeight) {
  std::string path = folder / name;
  VideoWriter writer = VideoWriter::open(path, width, height, {.quality = 10}).value();
  for (std::size_t i = 0; i < times.size(); ++i)
    writer.add(frame_of(static_cast<int>(i), width, height).view(), Seconds(times[i])).value();
  writer.finish().value();
  return path;
}

std::vector<double> regular(int frames, double rate) {
  std::vector<double> times;
  for (int i = 0; i < frames; ++i) times.push_back(i / rate);
  return times;
}

struct Seen {
  std::vector<double> times;
  std::vector<double> greys;
  std::vector<bool> damaged;
  VideoCounts counts;
};

Result<Seen> see(const std::string& path, const VideoOptions& options = {}) {
  VULTUS_TRY(VideoReader reader, VideoReader::open(path, options));
  Seen seen;
  VideoFrame frame;
  for (;;) {
    VULTUS_TRY(const bool more, reader.next(frame));
    if (!more) break;
    EXPECT_EQ(frame.number, static_cast<std::int64_t>(seen.times.size()));
    EXPECT_EQ(frame.image.width(), reader.info().width);
    seen.times.push_back(reader.info().clock.seconds(frame.time).value());
    seen.greys.push_back(grey(frame.image));
    seen.damaged.push_back(frame.damaged);
  }
  seen.counts = reader.counts();
  return seen;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

TEST(Video, GivesEveryFrameOnceWithItsTime) {
  const TestFolder folder;
  for (const char* name : {"a.mp4", "b.mkv", "c.mov"}) {
    const std::string path = clip(folder, name, regular(30, 25));
    const auto seen = see(path);
    ASSERT_TRUE(seen) << seen.error().message;
    ASSERT_EQ(seen->times.size(), 30U) << name;
    for (std::size_t i = 0; i < 30; ++i) {
      EXPECT_NEAR(seen->times[i], static_cast<double>(i) / 25, 0.0011) << name << " " << i;
      EXPECT_NEAR(seen->greys[i], 40 + 8 * static_cast<double>(i % 20), 4) << name << " " << i;
    }
    EXPECT_EQ(seen->counts.damaged_packets, 0);
    EXPECT_EQ(seen->counts.damaged_frames, 0);
  }
}

TEST(Video, TellsSizeRateAndDuration) {
  const TestFolder folder;
  const auto reader = VideoReader::open(clip(folder, "a.mp4", regular(50, 25)));
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->info().width, kWidth);
  EXPECT_EQ(reader->info().height, kHeight);
  EXPECT_NEAR(reader->info().rate.value(), 25, 0.1);
  EXPECT_NEAR(reader->info().duration.value(), 2, 0.05);
  EXPECT_FALSE(reader->info().live);
}

TEST(Video, KeepsTheTimesOfAVaryingFrameRate) {
  const TestFolder folder;
  const std::vector<double> times{0, 0.01, 0.05, 0.3, 0.308, 1.5, 1.6};
  const auto seen = see(clip(folder, "v.mp4", times));
  ASSERT_TRUE(seen) << seen.error().message;
  ASSERT_EQ(seen->times.size(), times.size());
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(seen->times[i], times[i], 1e-3);
}

TEST(Video, OddSizesComeWhole) {
  const TestFolder folder;
  const auto seen = see(clip(folder, "o.mp4", regular(5, 25), 51, 39));
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->times.size(), 5U);
  EXPECT_NEAR(seen->greys[2], 56, 4);
}

/// Writes the matrix of a rotation into the track header of an MP4.
void turn(const std::string& path, const std::array<std::int32_t, 4>& matrix) {
  std::string bytes = bytes_of(path);
  const std::size_t at = bytes.find("tkhd");
  ASSERT_NE(at, std::string::npos);
  const auto put = [&](std::size_t cell, std::int32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
      bytes[at + 44 + 4 * cell + i] = static_cast<char>((static_cast<std::uint32_t>(value) >> (24 - 8 * i)) & 0xFFU);
  };
  put(0, matrix[0] << 16), put(1, matrix[1] << 16), put(3, matrix[2] << 16), put(4, matrix[3] << 16);
  write(path, bytes);
}

TEST(Video, IsTurnedUprightByItsMatrix) {
  const TestFolder folder;
  // The red quarter is stored upper left. Quarter turns clockwise bring it to the upper right, lower right, lower left.
  struct Turn {
    std::array<std::int32_t, 4> matrix;
    int rotation, width;
    double x, y;
  };
  for (const Turn& t : {Turn{{1, 0, 0, 1}, 0, kWidth, 0.25, 0.25}, Turn{{0, 1, -1, 0}, 90, kHeight, 0.75, 0.25},
                        Turn{{-1, 0, 0, -1}, 180, kWidth, 0.75, 0.75}, Turn{{0, -1, 1, 0}, 270, kHeight, 0.25, 0.75}}) {
    const std::string path = clip(folder, "t.mp4", regular(3, 25));
    turn(path, t.matrix);
    auto reader = VideoReader::open(path);
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ(reader->info().rotation, t.rotation);
    EXPECT_EQ(reader->info().width, t.width);
    VideoFrame frame;
    ASSERT_TRUE(reader->next(frame).value());
    for (const double x : {0.25, 0.75})
      for (const double y : {0.25, 0.75})
        EXPECT_EQ(redness(frame.image, x, y) > 100, x == t.x && y == t.y) << t.rotation << " " << x << " " << y;
  }
}

TEST(Video, DamagedPacketsCostFramesNotTheFileAndFramesThatAreMadeUpAreMarked) {
  const TestFolder folder;
  const std::string path = clip(folder, "damaged.mkv", regular(60, 25));
  std::string bytes = bytes_of(path);
  std::mt19937 random(5);
  for (int i = 0; i < 6; ++i)
    bytes[bytes.size() / 3 + random() % (bytes.size() / 3)] = static_cast<char>(random() % 256);
  write(path, bytes);
  const auto seen = see(path);
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_GT(seen->times.size(), 15U);
  for (std::size_t i = 1; i < seen->times.size(); ++i) EXPECT_GT(seen->times[i], seen->times[i - 1]);
  EXPECT_GT(seen->counts.damaged_frames, 0);
  EXPECT_EQ(seen->counts.damaged_frames, std::ranges::count(seen->damaged, true));
  EXPECT_FALSE(seen->damaged.front()) << "the damage begins later";
}

TEST(Video, ACutOffFileGivesWhatItHas) {
  const TestFolder folder;
  const std::string path = clip(folder, "a.mkv", regular(60, 25));
  const std::string bytes = bytes_of(path);
  write(path, bytes.substr(0, bytes.size() * 2 / 3));
  const auto seen = see(path);
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_GT(seen->times.size(), 5U);
  EXPECT_LT(seen->times.size(), 60U);
}

TEST(Video, WhatIsNoVideoIsAnErrorThatNamesIt) {
  const TestFolder folder;
  const auto refused = [&](const std::string& name, const std::string& bytes) {
    write(folder / name, bytes);
    const auto seen = see(folder / name);
    EXPECT_FALSE(seen) << name;
    EXPECT_THAT(seen ? "" : seen.error().message, HasSubstr(name));
    return seen ? ErrorCode::internal : seen.error().code;
  };
  EXPECT_EQ(refused("empty.mp4", ""), ErrorCode::corrupt_data);
  EXPECT_EQ(refused("text.mp4", "this is no video at all, only a sentence"), ErrorCode::corrupt_data);
  EXPECT_EQ(see(folder / "none.mp4").error().code, ErrorCode::not_found);
  EXPECT_EQ(see("").error().code, ErrorCode::invalid_argument);
}

TEST(Video, AFileNeverLeadsToAnotherFile) {
  const TestFolder folder;
  const std::string secret = clip(folder, "secret.mkv", regular(10, 25));
  write(folder / "list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n" + secret + "\n#EXT-X-ENDLIST\n");
  write(folder / "cat.mp4", "ffconcat version 1.0\nfile '" + secret + "'\n");
  EXPECT_FALSE(see(folder / "list.mp4"));
  EXPECT_FALSE(see(folder / "cat.mp4"));
  EXPECT_FALSE(see("concat:" + secret + "|" + secret));
}

TEST(Video, FramesAboveTheLimitAreRefused) {
  const TestFolder folder;
  const std::string path = clip(folder, "a.mp4", regular(3, 25));
  const auto seen = see(path, {.limits = {.max_pixels = 6000}});
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(seen.error().message, HasSubstr("6000"));
}

TEST(Video, PicturesInARowAreAVideo) {
  const TestFolder folder;
  for (int i = 1; i <= 12; ++i) {
    const auto jpeg = encode_jpeg(frame_of(i).view(), {.quality = 95}).value();
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "f%03d.jpg", i);
    write(folder / std::string(name.data()), std::string(jpeg.begin(), jpeg.end()));
  }
  write(folder / "f005.jpg", "damaged");
  for (const std::string& name : {folder.path(), folder / "f%03d.jpg"}) {
    const auto seen = see(name, {.sequence_rate = 10});
    ASSERT_TRUE(seen) << seen.error().message;
    ASSERT_EQ(seen->times.size(), 11U);
    EXPECT_NEAR(seen->times[4], 0.5, 1e-9) << "the damaged one keeps its place in time";
    EXPECT_EQ(seen->counts.damaged_packets, 1);
    EXPECT_NEAR(seen->greys[1], 56, 3);
  }
}

TEST(Video, AStoppedReaderSaysSo) {
  const TestFolder folder;
  std::stop_source stop;
  auto reader = VideoReader::open(clip(folder, "a.mp4", regular(30, 25)), {}, stop.get_token());
  ASSERT_TRUE(reader);
  VideoFrame frame;
  ASSERT_TRUE(reader->next(frame).value());
  stop.request_stop();
  EXPECT_EQ(reader->next(frame).error().code, ErrorCode::cancelled);
}

TEST(VideoNames, AreToldApartByTheirForm) {
  EXPECT_TRUE(is_stream_name("RTSP://camera/1"));
  EXPECT_FALSE(is_stream_name("rtsp.mp4"));
  EXPECT_TRUE(is_camera_name("/dev/video0"));
  EXPECT_TRUE(is_camera_name("camera:12"));
  EXPECT_FALSE(is_camera_name("camera:"));
  EXPECT_FALSE(is_camera_name("/dev/video0/x"));
  const auto nowhere = VideoReader::open("camera:63");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::not_found);
  EXPECT_THAT(nowhere.error().message, HasSubstr("there is no camera at /dev/video63"));
  EXPECT_TRUE(has_video_name("A.MP4"));
  EXPECT_FALSE(has_video_name("a.jpg"));
}

TEST(VideoNames, ShowNoPasswords) {
  EXPECT_EQ(without_secrets("rtsp://joe:pa@ss@cam:554/live?token=1"), "rtsp://***@cam:554/live?***");
  EXPECT_EQ(without_secrets("rtsp://cam/live"), "rtsp://cam/live");
  EXPECT_EQ(without_secrets("joe:secret@file.mp4"), "joe:secret@file.mp4");
  const auto reader = VideoReader::open("rtsp://joe:hush@127.0.0.1:1/x", {.patience = std::chrono::seconds(5)});
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().message, HasSubstr("127.0.0.1:1/x"));
  EXPECT_THAT(reader.error().message, Not(HasSubstr("hush")));
}

TEST(FrameFeed, DeliversEveryFrameOfAFile) {
  const TestFolder folder;
  FrameFeed feed(VideoReader::open(clip(folder, "a.mp4", regular(60, 25))).value(), WhenBehind::wait);
  VideoFrame frame;
  std::int64_t number = 0;
  while (feed.next(frame).value()) EXPECT_EQ(frame.number, number++);
  EXPECT_EQ(number, 60);
  EXPECT_EQ(feed.dropped(), 0);
  EXPECT_EQ(feed.counts().frames, 60);
}

TEST(FrameFeed, LiveDropsWhatIsOldAndCountsIt) {
  const TestFolder folder;
  FrameFeed feed(VideoReader::open(clip(folder, "a.mp4", regular(60, 25))).value(), WhenBehind::drop);
  VideoFrame frame;
  std::int64_t taken = 0, last = -1;
  while (feed.next(frame).value()) {
    EXPECT_GT(frame.number, last);
    last = frame.number;
    ++taken;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(last, 59) << "the newest frame is never the one that is dropped";
  EXPECT_EQ(taken + feed.dropped(), 60);
  EXPECT_GT(feed.dropped(), 0);
}

TEST(VideoWriter, LeavesNothingBehindWithoutAnEnd) {
  const TestFolder folder;
  const std::string path = folder / "w.mp4";
  {
    VideoWriter writer = VideoWriter::open(path, kWidth, kHeight).value();
    writer.add(frame_of(1).view(), Seconds(0)).value();
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_EQ(VideoWriter::open(folder / "w.avi", 64, 64).error().code, ErrorCode::unsupported);
  EXPECT_EQ(VideoWriter::open(path, 1, 64).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(VideoWriter::open("/nowhere/w.mp4", 64, 64));
}

}  // namespace
}  // namespace vultus::media
