// Decoded frames to upright RGB of one size. Internal to the room.
#pragma once

#include <cstdint>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/media/ffmpeg.hpp>

namespace vultus::media {

/// Thread-compatible.
class FrameConverter {
 public:
  /// @param width, height  of the result before it is turned, pixels
  /// @param rotation       degrees clockwise, 0, 90, 180 or 270
  FrameConverter(int width, int height, int rotation) : width_(width), height_(height), rotation_(rotation) {}
  /// @param into  becomes rgb8
  /// @error unsupported  a pixel format that cannot be converted; resource_limit  out of memory
  Status convert(const AVFrame& frame, Image& into);

 private:
  Status prepare(const AVFrame& frame);

  int width_, height_, rotation_;
  FfmpegPtr<SwsContext> scaler_;
  Image stored_;                      // before it is turned
  std::vector<std::uint8_t> padded_;  // rows with room behind them
};

}  // namespace vultus::media
