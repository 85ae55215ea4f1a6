// How following ends, on networks that are no networks.
#include <vultus/engine/follow_video.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/engine/fake_engine.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/test_folder.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;

TEST(FollowedPipe, ThatFallsSilentTellsTheTracksSeenUntilThen) {
  const media::testing::TestFolder folder;
  const std::filesystem::path models = std::filesystem::path(folder.path()) / "models";
  test::write_fake_models(models);
  const std::string clip = folder / "clip.mkv", pipe = folder / "pipe";
  auto writer = media::VideoWriter::open(clip, 320, 240).value();
  // A picture with detail: a reader on a pipe wants many bytes before it knows what comes.
  Image picture = Image::create(320, 240, PixelFormat::rgb8).value();
  for (int i = 0; i < 300; ++i) {
    for (int y = 0; y < 240; ++y)
      for (int x = 0; x < 960; ++x)
        picture.row(y)[x] = static_cast<std::uint8_t>((x * 31 + y * 17 + (x * y + i) % 41) % 200 + 20);
    writer.add(picture.view(), Seconds(i / 25.0)).value();
  }
  writer.finish().value();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto bytes = media::read_file(clip, 1 << 24).value();
  for (const int threads : {1, 2}) {
    const Engine engine = Engine::load({.models = models,
                                        .cache = folder.path(),
                                        .threads = threads,
                                        .backend = std::make_shared<test::Answers>()})
                              .value();
    // A camera that says nothing more, and does not hang up.
    const std::jthread camera([&](const std::stop_token& stop) {
      const int end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
      for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t more = ::write(end, bytes.data() + at, bytes.size() - at);
        if (more <= 0) break;
        at += static_cast<std::size_t>(more);
      }
      while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ::close(end);
    });
    std::vector<TrackSummary> tracks;
    std::int64_t frames = 0;
    const FollowReceivers receivers{.opened = nullptr,
                                    .frame = [&](FollowedFrame&) -> Status {
                                      ++frames;
                                      return {};
                                    },
                                    .track = [&](TrackSummary& track) -> Status {
                                      tracks.push_back(track);
                                      return {};
                                    }};
    const auto followed = follow_video(engine, pipe, {.patience = std::chrono::milliseconds(700)}, {}, receivers);
    ASSERT_FALSE(followed);
    EXPECT_EQ(followed.error().code, ErrorCode::resource_limit);
    EXPECT_THAT(followed.error().message, HasSubstr("silent for 700 ms"));
    ASSERT_EQ(tracks.size(), 1U) << threads;
    EXPECT_GT(frames, 20);
    EXPECT_GT(tracks[0].frames, 20);
  }
}

}  // namespace
}  // namespace vultus::engine
