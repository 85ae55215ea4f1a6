// Videos that come through pipes: slow writers, silent ones, none.
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stop_token>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/media/test_folder.hpp>
#include <vultus/media/test_pictures.hpp>
#include <vultus/media/video.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using PipeFolder = testing::TestFolder;

constexpr int kFrames = 300;
constexpr milliseconds kSoon{500};  // a stop must not take longer

/// The bytes of a video in a container that can be read from its start.
std::string video_bytes(const PipeFolder& folder) {
  const std::string path = folder / "clip.mkv";
  VideoWriter writer = VideoWriter::open(path, 96, 64, {.quality = 20}).value();
  const Image picture = testing::gradient(96, 64);
  for (int i = 0; i < kFrames; ++i) writer.add(picture.view(), Seconds(i / 25.0)).value();
  writer.finish().value();
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string pipe_in(const PipeFolder& folder) {
  std::string path = folder / "camera";
  EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
  return path;
}

/// Writes into a pipe in a thread of its own, in `pieces` with a pause before each, and holds it open until its end.
class Writer {
 public:
  Writer(int file, std::string bytes, int pieces, milliseconds pause)
      : thread_([=, bytes = std::move(bytes)](const std::stop_token& stop) {
          const std::size_t piece = bytes.size() / static_cast<std::size_t>(pieces) + 1;
          for (std::size_t at = 0; at < bytes.size(); at += piece) {
            std::this_thread::sleep_for(pause);
            put(file, bytes.substr(at, piece));
          }
          while (!stop.stop_requested() && pieces == 1) std::this_thread::sleep_for(milliseconds(5));
          ::close(file);
        }) {}

 private:
  static void put(int file, const std::string& bytes) {
    sigset_t broken;
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken, nullptr);
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t written = ::write(file, bytes.data() + at, bytes.size() - at);
      if (written <= 0) return;
      at += static_cast<std::size_t>(written);
    }
  }
  std::jthread thread_;
};

TEST(VideoPipe, WithoutAWriterEndsWithThePatience) {
  const PipeFolder folder;
  const auto start = steady_clock::now();
  const auto reader = VideoReader::open(pipe_in(folder), {.patience = milliseconds(300)});
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(reader.error().message, HasSubstr("camera: silent for 300 ms"));
  EXPECT_GE(steady_clock::now() - start, milliseconds(300));
  EXPECT_LT(steady_clock::now() - start, milliseconds(300) + kSoon);
}

TEST(VideoPipe, AStopEndsWaitingForAWriter) {
  const PipeFolder folder;
  std::stop_source stop;
  steady_clock::time_point asked;
  std::jthread user([&] {
    std::this_thread::sleep_for(milliseconds(150));
    asked = steady_clock::now();
    stop.request_stop();
  });
  const auto reader = VideoReader::open(pipe_in(folder), {}, stop.get_token());
  const auto ended = steady_clock::now();
  user.join();
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::cancelled);
  EXPECT_LT(ended - asked, kSoon);
}

TEST(VideoPipe, FramesBeforeAWriterFellSilentAreThereAndThenThePatienceEnds) {
  const PipeFolder folder;
  const std::string bytes = video_bytes(folder), path = pipe_in(folder);
  const Writer writer(::open(path.c_str(), O_RDWR | O_CLOEXEC), bytes.substr(0, bytes.size() * 3 / 4), 1, {});
  auto reader = VideoReader::open(path, {.patience = milliseconds(400)});
  ASSERT_TRUE(reader) << reader.error().message;
  VideoFrame frame;
  Result<bool> more = reader->next(frame);
  for (; more && *more;) more = reader->next(frame);
  ASSERT_FALSE(more) << "silence is not the end";
  EXPECT_EQ(more.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(more.error().message, HasSubstr("silent for 400 ms"));
  EXPECT_GT(reader->counts().frames, kFrames / 3);
}

TEST(VideoPipe, AStopEndsWaitingForASilentWriter) {
  const PipeFolder folder;
  const std::string bytes = video_bytes(folder), path = pipe_in(folder);
  const Writer writer(::open(path.c_str(), O_RDWR | O_CLOEXEC), bytes.substr(0, bytes.size() * 3 / 4), 1, {});
  std::stop_source stop;
  auto reader = VideoReader::open(path, {}, stop.get_token());
  ASSERT_TRUE(reader) << reader.error().message;
  steady_clock::time_point asked;
  std::jthread user([&] {
    std::this_thread::sleep_for(milliseconds(1'000));
    asked = steady_clock::now();
    stop.request_stop();
  });
  VideoFrame frame;
  Result<bool> more = reader->next(frame);
  for (; more && *more;) more = reader->next(frame);
  const auto ended = steady_clock::now();
  user.join();
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, ErrorCode::cancelled);
  EXPECT_LT(ended - asked, kSoon);
  EXPECT_GT(reader->counts().frames, 0);
}

TEST(VideoPipe, ASlowWriterIsReadWholeHoweverLongItTakes) {
  const PipeFolder folder;
  const std::string bytes = video_bytes(folder), path = pipe_in(folder);
  // 12 pieces, each within the patience, all together far beyond it.
  const Writer writer(::open(path.c_str(), O_RDWR | O_CLOEXEC), bytes, 12, milliseconds(150));
  auto reader = VideoReader::open(path, {.patience = milliseconds(600)});
  ASSERT_TRUE(reader) << reader.error().message;
  VideoFrame frame;
  while (reader->next(frame).value()) {
  }
  EXPECT_EQ(reader->counts().frames, kFrames);
}

TEST(VideoPipe, StandardInputIsWaitedForAndReadInTheSameWay) {
  const PipeFolder folder;
  const std::string bytes = video_bytes(folder);
  const int before = ::dup(STDIN_FILENO);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  ASSERT_GE(::dup2(ends[0], STDIN_FILENO), 0);
  ::close(ends[0]);
  const auto silent = VideoReader::open("-", {.patience = milliseconds(300)});
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().code, ErrorCode::resource_limit);
  {
    const Writer writer(ends[1], bytes, 2, {});
    auto reader = VideoReader::open("-");
    ASSERT_TRUE(reader) << reader.error().message;
    VideoFrame frame;
    while (reader->next(frame).value()) {
    }
    EXPECT_EQ(reader->counts().frames, kFrames);
  }
  if (before < 0) {
    ::close(STDIN_FILENO);
  } else {
    ::dup2(before, STDIN_FILENO);
    ::close(before);
  }
}

}  // namespace
}  // namespace vultus::media
