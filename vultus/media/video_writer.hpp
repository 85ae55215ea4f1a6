// Writing a video: annotated copies of what was seen.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>
#include <vultus/media/sound_format.hpp>

namespace vultus::media {

struct VideoWriterOptions {
  int quality = 23;  ///< constant rate factor of H.264, [0, 51], smaller = better; MPEG-4 gets about the same
  /// A track of sound beside the frames: AAC, or FLAC of 16 bits in .mkv. Nothing = none.
  std::optional<SoundFormat> sound = std::nullopt;
};

/// Writes frames into a file whose container its ending chooses (.mp4, .m4v, .mov, .mkv). H.264 where FFmpeg has an
/// encoder for it, else MPEG-4. The file appears under its name when finish() has succeeded; until then it lies beside
/// it. Move-only; thread-compatible.
class VideoWriter {
 public:
  /// @param width, height  pixels of every frame, [2, 16384]; an odd last column or row is left out
  /// @error invalid_argument  a size or option outside its range
  /// @error unsupported       another ending, or no encoder
  /// @error not_found, resource_limit  the file cannot be written
  static Result<VideoWriter> open(const std::string& path, int width, int height,
                                  const VideoWriterOptions& options = {});
  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;
  /// Without finish() nothing is left.
  ~VideoWriter();

  /// @param frame  rgb8 of the size given
  /// @param at     since the beginning; later than the frame before (else it is moved just behind it)
  /// @error invalid_argument  another size; resource_limit  disk full
  Status add(ImageView frame, Seconds at);
  /// Sound behind what was added before; it begins with the video, at 0. It comes along with the frames: what is far
  /// ahead waits in memory. Louder samples are clipped.
  /// @param channels  as many as the options said, of one length
  /// @error invalid_argument  no sound was asked for, other channels, a sample that is not finite; resource_limit  disk
  ///        full
  Status add_sound(std::span<const std::vector<float>> channels);
  Status finish();  ///< ends the file and gives it its name; resource_limit: disk full

 private:
  class Impl;
  explicit VideoWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vultus::media
