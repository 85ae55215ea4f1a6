// Streams without a container: nothing in them tells times.
#include <string>

extern "C" {
#include <libavformat/avformat.h>
}

#include <gtest/gtest.h>

#include <vultus/media/test_folder.hpp>
#include <vultus/media/test_pictures.hpp>
#include <vultus/media/video.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::media {
namespace {

using RawFolder = testing::TestFolder;

/// The H.264 of a video file as it is. Our writer has a clock of many ticks a second, which such a stream tells as if
/// it were a rate of frames.
void strip_container(const std::string& from, const std::string& into) {
  AVFormatContext* in = nullptr;
  ASSERT_GE(avformat_open_input(&in, from.c_str(), nullptr, nullptr), 0);
  AVFormatContext* out = nullptr;
  ASSERT_GE(avformat_alloc_output_context2(&out, nullptr, "h264", into.c_str()), 0);
  AVStream* stream = avformat_new_stream(out, nullptr);
  ASSERT_EQ(in->streams[0]->codecpar->codec_id, AV_CODEC_ID_H264);
  ASSERT_GE(avcodec_parameters_copy(stream->codecpar, in->streams[0]->codecpar), 0);
  stream->time_base = in->streams[0]->time_base;
  ASSERT_GE(avio_open(&out->pb, into.c_str(), AVIO_FLAG_WRITE), 0);
  ASSERT_GE(avformat_write_header(out, nullptr), 0);
  AVPacket* packet = av_packet_alloc();
  while (av_read_frame(in, packet) >= 0) EXPECT_GE(av_interleaved_write_frame(out, packet), 0);
  av_packet_free(&packet);
  EXPECT_GE(av_write_trailer(out), 0);
  avio_closep(&out->pb);
  avformat_free_context(out);
  avformat_close_input(&in);
}

TEST(VideoRaw, AStreamThatTellsNoRateHas25FramesASecond) {
  const RawFolder folder;
  {
    VideoWriter writer = VideoWriter::open(folder / "clip.mkv", 96, 64).value();
    for (int i = 0; i < 50; ++i) writer.add(testing::gradient(96, 64).view(), Seconds(i / 25.0)).value();
    writer.finish().value();
  }
  strip_container(folder / "clip.mkv", folder / "raw.h264");
  auto reader = VideoReader::open(folder / "raw.h264");
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_FALSE(reader->info().rate) << "not one that is made up: " << *reader->info().rate;
  VideoFrame frame;
  double last = -1;
  while (reader->next(frame).value()) last = reader->info().clock.seconds(frame.time).value();
  EXPECT_EQ(reader->counts().frames, 50);
  EXPECT_NEAR(last, 49 / 25.0, 1e-3);
}

}  // namespace
}  // namespace vultus::media
