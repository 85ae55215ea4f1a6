// What lies behind the last packet of a video: frames that the decoder still holds, and what was damaged there.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <gtest/gtest.h>

#include <vultus/media/encode.hpp>
#include <vultus/media/frame_feed.hpp>
#include <vultus/media/test_folder.hpp>
#include <vultus/media/test_pictures.hpp>

namespace vultus::media {
namespace {

using VideoFolder = testing::TestFolder;

/// A video of PNG pictures, which a decoder reads in threads that each hold one. Frame `damaged` is no PNG.
std::string video_of_png(const VideoFolder& folder, int frames, int damaged) {
  std::string path = folder / "png.mov";
  AVFormatContext* file = nullptr;
  EXPECT_GE(avformat_alloc_output_context2(&file, nullptr, "mov", path.c_str()), 0);
  AVStream* stream = avformat_new_stream(file, nullptr);
  stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
  stream->codecpar->codec_id = AV_CODEC_ID_PNG;
  stream->codecpar->format = AV_PIX_FMT_RGB24;
  stream->codecpar->width = 32;
  stream->codecpar->height = 16;
  stream->time_base = {1, 25};
  EXPECT_GE(avio_open(&file->pb, path.c_str(), AVIO_FLAG_WRITE), 0);
  EXPECT_GE(avformat_write_header(file, nullptr), 0);
  const std::vector<std::uint8_t> png = encode_png(testing::gradient(32, 16).view()).value();
  AVPacket* packet = av_packet_alloc();
  for (int i = 0; i < frames; ++i) {
    EXPECT_EQ(av_new_packet(packet, static_cast<int>(png.size())), 0);
    std::memcpy(packet->data, png.data(), png.size());
    if (i == damaged) std::memset(packet->data, 0, 8);
    packet->pts = packet->dts = av_rescale_q(i, {1, 25}, stream->time_base);
    packet->duration = av_rescale_q(1, {1, 25}, stream->time_base);
    packet->flags |= AV_PKT_FLAG_KEY;
    EXPECT_GE(av_write_frame(file, packet), 0);
    av_packet_unref(packet);
  }
  av_packet_free(&packet);
  EXPECT_EQ(av_write_trailer(file), 0);
  avio_closep(&file->pb);
  avformat_free_context(file);
  return path;
}

TEST(VideoEnd, ADamagedFrameAmongTheLastCostsNoOther) {
  const VideoFolder folder;
  for (const int damaged : {2, 7, 10}) {
    VideoReader reader = VideoReader::open(video_of_png(folder, 12, damaged), {.threads = 8}).value();
    VideoFrame frame;
    int frames = 0;
    while (reader.next(frame).value()) ++frames;
    EXPECT_EQ(frames, 11) << damaged;
    EXPECT_EQ(reader.counts().damaged_packets, 1) << damaged;
  }
}

TEST(FrameFeed, CountsWhatIsDamagedBehindTheLastFrame) {
  const VideoFolder folder;
  const std::vector<std::uint8_t> jpeg = encode_jpeg(testing::gradient(32, 16).view()).value();
  for (int i = 1; i <= 4; ++i) {
    std::ofstream file(folder / ("f" + std::to_string(i) + ".jpg"), std::ios::binary);
    file << (i < 4 ? std::string(jpeg.begin(), jpeg.end()) : "damaged");
  }
  FrameFeed feed(VideoReader::open(folder.path()).value(), WhenBehind::wait);
  // The thread is at the end before the first frame is taken.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  VideoFrame frame;
  while (feed.next(frame).value()) EXPECT_EQ(feed.counts().damaged_packets, 0);
  EXPECT_EQ(feed.counts().frames, 3);
  EXPECT_EQ(feed.counts().damaged_packets, 1);
}

}  // namespace
}  // namespace vultus::media
