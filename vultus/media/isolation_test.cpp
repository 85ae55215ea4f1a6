// Decoding in a process of its own: the same pictures, and a server that outlives whatever the process does.
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/media/decode_messages.hpp>
#include <vultus/media/isolated_process.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/test_containers.hpp>
#include <vultus/media/test_pictures.hpp>
#include <vultus/media/video.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::media {
namespace {

using testing::File;
using ::testing::HasSubstr;

constexpr std::size_t kLeast = std::size_t{256} << 20U;

Decoder isolated() { return Decoder::isolated({.program = VULTUS_DECODE}).value(); }
Decoder lying(std::size_t what, std::chrono::milliseconds patience = std::chrono::seconds(30)) {
  return Decoder::isolated({.program = VULTUS_LYING_DECODER, .patience = patience, .memory = kLeast + what}).value();
}

std::vector<File> pictures() {
  const Image image = testing::gradient(96, 64);
  return {testing::jpeg_of(image),
          testing::jpeg_of(image, {.progressive = true}),
          testing::png_of(image),
          testing::webp_of(image, true),
          testing::tiff_of(image),
          testing::heif_of(image),
          testing::heif_of(image, {.av1 = true})};
}

TEST(IsolatedDecoder, GivesTheSamePicturesAndErrors) {
  Decoder here, there = isolated();
  std::vector<File> files = pictures();
  for (const File& whole : pictures()) files.emplace_back(whole.begin(), whole.begin() + std::ssize(whole) / 2);
  files.emplace_back();
  files.push_back({'t', 'e', 'x', 't'});
  for (const File& file : files)
    for (const int wanted : {0, 100}) {
      Picture mine, theirs;
      const DecodeOptions options{.wanted_side = wanted};
      const Status of_mine = here.decode(file, options, mine), of_theirs = there.decode(file, options, theirs);
      ASSERT_EQ(of_mine.has_value(), of_theirs.has_value());
      if (of_mine)
        EXPECT_EQ(mine, theirs);
      else
        EXPECT_EQ(of_mine.error(), of_theirs.error());
    }
}

TEST(IsolatedDecoder, KeepsTheLimits) {
  Decoder there = isolated();
  Picture picture;
  const Status done =
      there.decode(testing::png_of(testing::gradient(300, 200)), {.limits = {.max_pixels = 1000}}, picture);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(done.error().message, HasSubstr("300x200"));
}

TEST(IsolatedDecoder, RefusesAMissingProgramAndOptionsOutsideTheirRange) {
  EXPECT_EQ(Decoder::isolated({.program = "/nowhere/vultus-decode"}).error().code, ErrorCode::not_found);
  EXPECT_EQ(Decoder::isolated({.program = VULTUS_DECODE, .memory = 1}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(Decoder::isolated({.program = VULTUS_DECODE, .patience = std::chrono::milliseconds(0)}).error().code,
            ErrorCode::invalid_argument);
}

TEST(IsolatedDecoder, OutlivesAProcessThatDies) {
  Decoder decoder = lying(0);
  for (int i = 0; i < 3; ++i) {
    Picture picture;
    const Status done = decoder.decode(testing::jpeg_of(testing::gradient(8, 8)), {}, picture);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::corrupt_data);
    EXPECT_THAT(done.error().message, HasSubstr("signal 11"));
  }
}

TEST(IsolatedDecoder, EndsAProcessThatTakesTooLong) {
  Decoder decoder = lying(1, std::chrono::milliseconds(50));
  for (int i = 0; i < 2; ++i) {
    Picture picture;
    const Status done = decoder.decode(testing::jpeg_of(testing::gradient(8, 8)), {}, picture);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::resource_limit);
    EXPECT_THAT(done.error().message, HasSubstr("longer than 50 ms"));
  }
}

TEST(IsolatedDecoder, BelievesNoLie) {
  for (std::size_t what = 2; what <= 11; ++what) {
    Decoder decoder = lying(what);
    Picture picture;
    const Status done = decoder.decode(testing::jpeg_of(testing::gradient(8, 8)), {}, picture);
    ASSERT_FALSE(done) << what;
    EXPECT_EQ(done.error().code, ErrorCode::internal) << what << ": " << done.error().message;
    EXPECT_THAT(done.error().message, HasSubstr("the decoding process")) << what;
  }
}

TEST(IsolatedDecoder, EndsAProcessThatClosesItsSocketAndLivesOn) {
  for (const std::size_t what : {12, 13}) {
    Decoder decoder = lying(what);
    for (int i = 0; i < 2; ++i) {
      Picture picture;
      const Status done = decoder.decode(testing::jpeg_of(testing::gradient(8, 8)), {}, picture);
      ASSERT_FALSE(done) << what;
      EXPECT_EQ(done.error(), (Error{ErrorCode::internal, "the decoding process neither answers nor ends"})) << what;
    }
  }
}

TEST(IsolatedDecoder, EndsAProcessThatAnswersWithoutReading) {
  Decoder decoder = lying(14);
  const File file = testing::jpeg_of(testing::gradient(8, 8));
  ErrorCode last = ErrorCode::corrupt_data;  // what it says itself
  for (int i = 0; i < 100'000 && last == ErrorCode::corrupt_data; ++i) {
    Picture picture;
    const Status done = decoder.decode(file, {}, picture);
    ASSERT_FALSE(done);
    last = done.error().code;
  }
  EXPECT_EQ(last, ErrorCode::internal);
}

TEST(IsolatedDecoder, OutlivesTheThreadThatStartedIt) {
  const File file = testing::jpeg_of(testing::gradient(8, 8));
  std::optional<Decoder> decoder;
  Picture picture;
  std::jthread([&] {
    decoder.emplace(isolated());
    EXPECT_TRUE(decoder->decode(file, {}, picture));
  }).join();
  // The system tells of the end of a thread a little later than those who wait for it.
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const Status done = decoder->decode(file, {}, picture);
  EXPECT_TRUE(done) << (done ? "" : done.error().message);
}

/// Asks vultus-decode for a video that never comes, and waits for it.
void ask_in_vain(int video) {
  IsolatedProcess process({.program = VULTUS_DECODE, .patience = std::chrono::minutes(10)});
  VideoOpened opened;
  if (process.start("video", video))
    static_cast<void>(process.ask(VideoRequest{.max_pixels = 1000, .threads = 1}, opened));
}

TEST(IsolatedDecoder, EndsWithTheProgramThatAskedInTheMiddleOfItsWork) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t asks = ::fork();
  if (asks == 0) {
    ::close(ends[1]);
    ask_in_vain(ends[0]);
    ::_exit(0);
  }
  ::close(ends[0]);
  ASSERT_EQ(::write(ends[1], "?", 1), 1);
  int unread = 1;
  for (int i = 0; i < 1000 && unread > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_EQ(::ioctl(ends[1], FIONREAD, &unread), 0);
  }
  EXPECT_EQ(unread, 0) << "it reads";
  ::kill(asks, SIGKILL);
  ::waitpid(asks, nullptr, 0);
  pollfd nobody_reads{.fd = ends[1], .events = 0, .revents = 0};
  EXPECT_EQ(::poll(&nobody_reads, 1, 10'000), 1) << "it still runs";
  ::close(ends[1]);
}

/// Half a second of a moving picture.
std::string a_video(const TestFolder& folder) {
  std::string path = folder / "clip.mp4";
  VideoWriter writer = VideoWriter::open(path, 96, 64).value();
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(writer.add(testing::gradient(96, 64).view(), Seconds(0.1 * i)));
  EXPECT_TRUE(writer.finish());
  return path;
}

void expect_same(const VideoInfo& a, const VideoInfo& b) {
  EXPECT_EQ(
      std::tie(a.name, a.width, a.height, a.clock, a.duration, a.rate, a.codec, a.rotation, a.sound_tracks, a.live),
      std::tie(b.name, b.width, b.height, b.clock, b.duration, b.rate, b.codec, b.rotation, b.sound_tracks, b.live));
}

TEST(IsolatedVideo, GivesTheSameFramesAndCounts) {
  const TestFolder folder;
  const std::string path = a_video(folder);
  VideoReader here = VideoReader::open(path).value();
  VideoReader there = VideoReader::open(path, {.isolation = Isolation{.program = VULTUS_DECODE}}).value();
  expect_same(here.info(), there.info());
  for (;;) {
    VideoFrame mine, theirs;
    const bool more = here.next(mine).value();
    ASSERT_EQ(there.next(theirs).value(), more);
    if (!more) break;
    EXPECT_EQ(mine.image, theirs.image);
    EXPECT_EQ(mine.time, theirs.time);
    EXPECT_EQ(mine.file_time, theirs.file_time);
    EXPECT_EQ(mine.number, theirs.number);
  }
  EXPECT_EQ(here.counts().frames, there.counts().frames);
  EXPECT_EQ(there.counts().frames, 5);
}

TEST(IsolatedVideo, GivesTheSameErrors) {
  const TestFolder folder;
  const std::string text = folder / "text.mp4";
  std::ofstream(text) << "no video";
  const VideoOptions isolated{.isolation = Isolation{.program = VULTUS_DECODE}};
  for (const std::string& path : {text, std::string(folder / "nothing.mp4")}) {
    const auto mine = VideoReader::open(path), theirs = VideoReader::open(path, isolated);
    ASSERT_FALSE(mine);
    ASSERT_FALSE(theirs);
    EXPECT_EQ(mine.error().code, theirs.error().code) << mine.error().message << " / " << theirs.error().message;
    EXPECT_THAT(theirs.error().message, HasSubstr(path));
  }
  VideoOptions small = isolated;
  small.limits.max_pixels = 1000;
  const auto refused = VideoReader::open(a_video(folder), small);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(refused.error().message, HasSubstr("96x64"));
}

TEST(IsolatedVideo, BelievesNoLie) {
  const TestFolder folder;
  const std::string path = a_video(folder);
  for (std::size_t what = 0; what <= 13; ++what) {
    const auto video = VideoReader::open(
        path, {.isolation = Isolation{
                   .program = VULTUS_LYING_DECODER, .patience = std::chrono::seconds(1), .memory = kLeast + what}});
    EXPECT_FALSE(video) << what;
  }
}

TEST(IsolatedDecoder, HasNoRights) {
  const int status = std::system(VULTUS_TRY_RIGHTS);
  ASSERT_TRUE(WIFEXITED(status));
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "this CPU runs a sanitizer, which needs rights";
#endif
  EXPECT_EQ(WEXITSTATUS(status), 0) << "see test_rights.cpp";
}

}  // namespace
}  // namespace vultus::media
