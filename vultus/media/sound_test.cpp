// Sound of videos: what is written is read in step with the frames, whatever happened to the file on the way.
#include <vultus/media/sound_reader.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <numbers>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/media/test_folder.hpp>
#include <vultus/media/video.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::media {
namespace {

using ::testing::HasSubstr;
using testing::TestFolder;

constexpr int kFrameRate = 25;

/// Quiet, with a burst of 10 ms at .25 s and every half second after it.
std::vector<float> clicks(double seconds, int rate) {
  std::vector<float> made(static_cast<std::size_t>(std::llround(seconds * rate)), 0.0F);
  for (int click = 0; .25 + .5 * click + .01 < seconds; ++click)
    for (int i = 0; i < rate / 100; ++i)
      made[static_cast<std::size_t>(std::llround((.25 + .5 * click) * rate)) + static_cast<std::size_t>(i)] =
          static_cast<float>(.5 * std::sin(2 * std::numbers::pi * 1000 * i / rate));
  return made;
}

/// When bursts begin: louder than .1 after at least .1 s that was not.
std::vector<double> clicks_in(const std::vector<float>& sound, int rate) {
  std::vector<double> found;
  std::size_t last = 0;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    if (std::abs(sound[i]) < .1F) continue;
    if (found.empty() || i - last > static_cast<std::size_t>(rate) / 10) found.push_back(static_cast<double>(i) / rate);
    last = i;
  }
  return found;
}

void expect_clicks(const std::vector<double>& found, double first, std::size_t count, double within,
                   const std::string& what) {
  ASSERT_EQ(found.size(), count) << what;
  for (std::size_t i = 0; i < count; ++i) EXPECT_NEAR(found[i], first + .5 * static_cast<double>(i), within) << what;
}

/// A grey video with sound.
std::string clip(const TestFolder& folder, const std::string& name, double seconds, const SoundFormat& format,
                 const SoundBlock& sound) {
  std::string path = folder / name;
  VideoWriter writer = VideoWriter::open(path, 64, 48, {.sound = format}).value();
  Image image = Image::create(64, 48, PixelFormat::rgb8).value();
  const auto a_frame = static_cast<std::size_t>(format.rate / kFrameRate);
  for (int i = 0; i < static_cast<int>(seconds * kFrameRate); ++i) {
    std::fill_n(image.row(0), 64 * 3 * 48, static_cast<std::uint8_t>(i * 3 % 200));
    const std::size_t from = std::min(sound[0].size(), a_frame * static_cast<std::size_t>(i));
    const std::size_t to = std::min(sound[0].size(), from + a_frame);
    SoundBlock part;
    for (const auto& channel : sound)
      part.emplace_back(channel.begin() + static_cast<std::ptrdiff_t>(from),
                        channel.begin() + static_cast<std::ptrdiff_t>(to));
    writer.add_sound(part).value();
    writer.add(image.view(), Seconds(static_cast<double>(i) / kFrameRate)).value();
  }
  writer.finish().value();
  return path;
}

struct Heard {
  SoundBlock sound;
  SoundInfo info;
  SoundCounts counts;
};

Result<Heard> hear(const std::string& path, const SoundFormat& format, std::optional<Seconds> begin,
                   std::size_t most = 1000) {
  VULTUS_TRY(auto reader, SoundReader::open(path));
  if (!reader) return fail(ErrorCode::not_found, "no sound");
  VULTUS_CHECK(reader->start(format, begin));
  Heard heard{.sound = SoundBlock(static_cast<std::size_t>(format.channels)), .info = reader->info(), .counts = {}};
  for (SoundBlock block;;) {
    VULTUS_TRY(const std::size_t got, reader->next(most, block));
    if (got == 0) break;
    EXPECT_LE(got, most);
    for (std::size_t c = 0; c < block.size(); ++c) {
      EXPECT_EQ(block[c].size(), got);
      heard.sound[c].insert(heard.sound[c].end(), block[c].begin(), block[c].end());
    }
  }
  heard.counts = reader->counts();
  return heard;
}

/// The time of the first frame on the clock of the file.
std::optional<Seconds> first_frame(const std::string& path) {
  VideoReader reader = VideoReader::open(path).value();
  VideoFrame frame;
  EXPECT_TRUE(reader.next(frame).value());
  return frame.file_time;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

TEST(Sound, IsReadInStepWithTheFramesInEveryContainer) {
  const TestFolder folder;
  for (const SoundFormat& format : {SoundFormat{.rate = 16'000}, SoundFormat{.rate = 44'100, .channels = 2}})
    for (const char* name : {"a.mp4", "b.mov", "c.mkv", "d.m4v"}) {
      const std::vector<float> made = clicks(3, format.rate);
      const std::string path =
          clip(folder, name, 3, format, SoundBlock(static_cast<std::size_t>(format.channels), made));
      const auto begin = first_frame(path);
      ASSERT_TRUE(begin) << name;
      const auto heard = hear(path, format, begin);
      ASSERT_TRUE(heard) << heard.error().message;
      EXPECT_EQ(heard->info.tracks, 1);
      EXPECT_EQ(heard->info.rate, format.rate);
      EXPECT_EQ(heard->info.channels, format.channels);
      EXPECT_EQ(VideoReader::open(path)->info().sound_tracks, 1);
      EXPECT_EQ(heard->counts.damaged_packets, 0);
      for (const auto& channel : heard->sound) {
        expect_clicks(clicks_in(channel, format.rate), .25, 6, .003, name);
        EXPECT_NEAR(static_cast<double>(channel.size()), static_cast<double>(made.size()), .03 * format.rate) << name;
      }
    }
}

TEST(Sound, InMatroskaNothingIsLost) {
  const TestFolder folder;
  const std::vector<float> made = clicks(2, 16'000);
  const auto heard = hear(clip(folder, "a.mkv", 2, {.rate = 16'000}, {made}), {.rate = 16'000}, Seconds(0)).value();
  EXPECT_EQ(heard.info.codec, "flac");
  ASSERT_EQ(heard.sound[0].size(), made.size());
  for (std::size_t i = 0; i < made.size(); ++i) ASSERT_NEAR(heard.sound[0][i], made[i], 1.0 / 32'000) << i;
}

TEST(Sound, PiecesOfAnySizeMakeTheSameWhole) {
  const TestFolder folder;
  const std::string path = clip(folder, "a.mp4", 2, {.rate = 48'000}, {clicks(2, 48'000)});
  const auto whole = hear(path, {.rate = 16'000}, Seconds(0), 1'000'000).value();
  EXPECT_EQ(hear(path, {.rate = 16'000}, Seconds(0), 1).value().sound, whole.sound);
  EXPECT_EQ(hear(path, {.rate = 16'000}, Seconds(0), 777).value().sound, whole.sound);
}

TEST(Sound, RatesAndChannelsAreChanged) {
  const TestFolder folder;
  std::vector<float> left, silent(96'000, 0.0F);
  for (int i = 0; i < 96'000; ++i)
    left.push_back(static_cast<float>(.8 * std::sin(2 * std::numbers::pi * 440 * i / 48'000)));
  const std::string path = clip(folder, "a.mkv", 2, {.rate = 48'000, .channels = 2}, {left, silent});
  const auto heard = hear(path, {.rate = 16'000}, Seconds(0)).value();
  ASSERT_EQ(heard.sound.size(), 1U);
  const std::vector<float>& mono = heard.sound[0];
  EXPECT_NEAR(static_cast<double>(mono.size()), 32'000, 20);
  // Half of each channel; 440 Hz stay 440 Hz, in step to within a sample.
  for (std::size_t i = 500; i < 31'000; ++i)
    ASSERT_NEAR(mono[i], .4 * std::sin(2 * std::numbers::pi * 440 * static_cast<double>(i) / 16'000), .01) << i;
  const auto two = hear(path, {.rate = 48'000, .channels = 2}, Seconds(0)).value();
  EXPECT_NEAR(*std::ranges::max_element(two.sound[0]), .8, .001);
  EXPECT_EQ(*std::ranges::max_element(two.sound[1]), 0);
}

TEST(Sound, BeginsWhereTheFramesDo) {
  const TestFolder folder;
  const std::string path = clip(folder, "a.mkv", 2, {.rate = 16'000}, {clicks(2, 16'000)});
  const auto later = hear(path, {.rate = 16'000}, Seconds(.2)).value();
  expect_clicks(clicks_in(later.sound[0], 16'000), .05, 4, .001, "frames begin later: sound before them is left out");
  EXPECT_EQ(later.counts.left_out, 3'200);
  const auto earlier = hear(path, {.rate = 16'000}, Seconds(-.3)).value();
  expect_clicks(clicks_in(earlier.sound[0], 16'000), .55, 4, .001, "frames begin earlier: silence comes first");
  EXPECT_EQ(earlier.counts.filled, 4'800);
  const auto unknown = hear(path, {.rate = 16'000}, std::nullopt).value();
  expect_clicks(clicks_in(unknown.sound[0], 16'000), .25, 4, .001, "nobody knows");
}

TEST(Sound, DamageIsSilenceAndMovesNothing) {
  const TestFolder folder;
  const std::string path = clip(folder, "a.mkv", 8, {.rate = 16'000}, {clicks(8, 16'000)});
  const std::string whole = bytes_of(path);
  std::string bytes = whole;
  // Inside clusters, away from the first and last of them.
  for (std::size_t at = bytes.size() / 3; at < bytes.size() / 2; at += 97)
    bytes[at] = static_cast<char>(bytes[at] ^ 0x5A);
  write(path, bytes);
  const auto heard = hear(path, {.rate = 16'000}, Seconds(0));
  ASSERT_TRUE(heard) << heard.error().message;
  EXPECT_GT(heard->counts.damaged_packets + heard->counts.filled, 0);
  const auto found = clicks_in(heard->sound[0], 16'000);
  // The first and the last second are whole, and where they belong.
  for (const double at : {.25, .75, 7.25, 7.75})
    EXPECT_TRUE(std::ranges::any_of(found, [&](double click) { return std::abs(click - at) < .012; })) << at;
  EXPECT_TRUE(std::ranges::all_of(heard->sound[0], [](float v) { return std::isfinite(v) && std::abs(v) <= 1; }));
}

TEST(Sound, ACutOffFileGivesWhatItHas) {
  const TestFolder folder;
  const std::string path = clip(folder, "a.mkv", 4, {.rate = 16'000}, {clicks(4, 16'000)});
  const std::string bytes = bytes_of(path);
  write(path, bytes.substr(0, bytes.size() * 2 / 3));
  const auto heard = hear(path, {.rate = 16'000}, Seconds(0));
  ASSERT_TRUE(heard) << heard.error().message;
  EXPECT_GT(heard->sound[0].size(), 16'000U);
  EXPECT_LT(heard->sound[0].size(), 64'000U);
}

TEST(Sound, NoneIsAValueAndNoFileAnError) {
  const TestFolder folder;
  const std::string silent = folder / "silent.mp4";
  VideoWriter writer = VideoWriter::open(silent, 64, 48).value();
  const Image image = Image::create(64, 48, PixelFormat::rgb8).value();
  writer.add(image.view(), Seconds(0)).value();
  EXPECT_EQ(writer.add_sound(SoundBlock(1)).error().code, ErrorCode::invalid_argument) << "none was asked for";
  writer.finish().value();
  EXPECT_FALSE(SoundReader::open(silent).value());
  EXPECT_EQ(VideoReader::open(silent)->info().sound_tracks, 0);
  write(folder / "text.mp4", "this is no video at all");
  EXPECT_EQ(SoundReader::open(folder / "text.mp4").error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(SoundReader::open(folder / "none.mp4").error().code, ErrorCode::not_found);
  const auto stream = SoundReader::open("rtsp://me:hush@camera/clip.mp4");
  EXPECT_EQ(stream.error().code, ErrorCode::unsupported);
  EXPECT_THAT(stream.error().message, ::testing::Not(HasSubstr("hush")));
}

TEST(Sound, AFileNeverLeadsToAnotherFile) {
  const TestFolder folder;
  const std::string secret = clip(folder, "secret.mkv", 1, {.rate = 16'000}, {clicks(1, 16'000)});
  write(folder / "list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n" + secret + "\n#EXT-X-ENDLIST\n");
  write(folder / "cat.mp4", "ffconcat version 1.0\nfile '" + secret + "'\n");
  EXPECT_FALSE(SoundReader::open(folder / "list.mp4"));
  EXPECT_FALSE(SoundReader::open(folder / "cat.mp4"));
}

TEST(Sound, IsStartedOnceWithinItsRange) {
  const TestFolder folder;
  const std::string path = clip(folder, "a.mkv", 1, {.rate = 16'000}, {clicks(1, 16'000)});
  SoundReader reader = *SoundReader::open(path).value();
  SoundBlock block;
  EXPECT_EQ(reader.next(10, block).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(reader.start({.rate = 7'999}, {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(reader.start({.rate = 16'000, .channels = 3}, {}).error().code, ErrorCode::invalid_argument);
  reader.start({.rate = 16'000}, {}).value();
  EXPECT_EQ(reader.start({.rate = 16'000}, {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(reader.next(10, block).value(), 10U);
  std::stop_source stop;
  SoundReader stopped = *SoundReader::open(path, stop.get_token()).value();
  stopped.start({.rate = 16'000}, {}).value();
  stop.request_stop();
  EXPECT_EQ(stopped.next(10, block).error().code, ErrorCode::cancelled);
}

TEST(Sound, WriterRefusesWhatIsNoSound) {
  const TestFolder folder;
  const std::string path = folder / "w.mp4";
  EXPECT_EQ(VideoWriter::open(path, 64, 48, {.sound = SoundFormat{.rate = 4'000}}).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(VideoWriter::open(path, 64, 48, {.sound = SoundFormat{.channels = 3}}).error().code,
            ErrorCode::invalid_argument);
  VideoWriter writer = VideoWriter::open(path, 64, 48, {.sound = SoundFormat{.channels = 2}}).value();
  EXPECT_FALSE(writer.add_sound(SoundBlock{{.1F}})) << "one channel of two";
  EXPECT_FALSE(writer.add_sound(SoundBlock{{.1F}, {}})) << "two lengths";
  EXPECT_FALSE(writer.add_sound(SoundBlock{{NAN}, {.1F}}));
  EXPECT_TRUE(writer.add_sound(SoundBlock{{2}, {-2}})) << "clipped";
}

TEST(Sound, RateOfACopyLosesNothingBelowTheLimit) {
  EXPECT_EQ(sound_rate_for(48'000, 16'000), 16'000);
  EXPECT_EQ(sound_rate_for(44'100, 48'000), 44'100);
  EXPECT_EQ(sound_rate_for(37'800, 48'000), 44'100);
  EXPECT_EQ(sound_rate_for(96'000, 48'000), 48'000);
  EXPECT_EQ(sound_rate_for(8'000, 16'000), 8'000);
  EXPECT_EQ(sound_rate_for(10'000, 16'000), 11'025);
  EXPECT_EQ(sound_rate_for(1'000, 16'000), 8'000);
}

}  // namespace
}  // namespace vultus::media
