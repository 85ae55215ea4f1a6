// Sound into the file that a video is written to. Internal to the room.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/media/ffmpeg.hpp>
#include <vultus/media/sound_format.hpp>

namespace vultus::media {

/// AAC, or FLAC of 16 bits where nothing is to be lost. Thread-compatible.
class SoundEncoder {
 public:
  /// Takes a packet, whose times are those of the stream.
  using Sink = std::function<Status(AVPacket& packet)>;

  /// Adds a stream to a file whose header is not written yet.
  /// @param name  of the file, for messages
  Status begin(AVFormatContext& file, const SoundFormat& format, AVCodecID codec, const std::string& name);
  /// @param channels  as many as the format says, of one length
  /// @error invalid_argument  other channels, or a sample that is not finite
  Status add(std::span<const std::vector<float>> channels, const Sink& sink);
  /// No more will come.
  Status finish(const Sink& sink);

 private:
  Status check(int code) const;
  Status encode(std::size_t from, std::size_t samples, const Sink& sink);
  Status take_packets(const Sink& sink);

  std::string name_;
  SoundFormat format_;
  AVStream* stream_ = nullptr;
  FfmpegPtr<AVCodecContext> encoder_;
  FfmpegPtr<AVFrame> frame_{av_frame_alloc()};
  FfmpegPtr<AVPacket> packet_{av_packet_alloc()};
  SoundBlock waiting_;  ///< less than a frame of the encoder between calls
  std::size_t frame_size_ = 1024;
  std::int64_t samples_ = 0;  ///< handed to the encoder
};

}  // namespace vultus::media
