// The sound of a video file, as even samples on the clock of its frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>
#include <vultus/media/sound_format.hpp>

namespace vultus::media {

/// What is known before the first sample.
struct SoundInfo {
  std::string codec;  ///< e.g. "aac"
  int rate = 0;       ///< samples a second as the file says, [1000, 384000]
  int channels = 0;   ///< as the file says, 1 to 8
  int tracks = 0;     ///< tracks of sound in the file; the first one is read
};

/// What went wrong on the way without ending it.
struct SoundCounts {
  std::int64_t damaged_packets = 0;  ///< that the decoder refused, or whose samples make no sense
  std::int64_t filled = 0;           ///< samples of silence, where the file has no sound or it could not be decoded
  std::int64_t left_out = 0;         ///< samples before the beginning, or for a time that had sound already
};

/// Reads the first track of sound of a file, piece by piece: a few packets are in memory, never the whole. Samples
/// stand where their times say, within 10 ms: gaps are filled with silence, what comes for a time again is left out.
/// Move-only; thread-compatible.
class SoundReader {
 public:
  /// @param path  a file; no stream, camera or standard input
  /// @param stop  ends waiting
  /// @return nothing where the file has no track of sound
  /// @error not_found       no such file
  /// @error corrupt_data    nothing that is known as a video, or a rate outside its range
  /// @error unsupported     no file but a stream, a codec that is not there, or more than 8 channels
  static Result<std::optional<SoundReader>> open(const std::string& path, std::stop_token stop = {});

  SoundReader(SoundReader&&) noexcept;
  SoundReader& operator=(SoundReader&&) noexcept;
  ~SoundReader();

  [[nodiscard]] const SoundInfo& info() const;
  [[nodiscard]] const SoundCounts& counts() const;

  /// Called once, before the first next().
  /// @param format  what next() gives: rates are changed, channels mixed
  /// @param begin   time of sample 0 on the clock of the file (VideoFrame::file_time); nothing = where the sound begins
  /// @error invalid_argument  a format outside its range, or called again
  Status start(const SoundFormat& format, std::optional<Seconds> begin);

  /// The next samples. They are finite and within [-1, 1].
  /// @param most  samples of a channel, at least 1
  /// @param into  gets fewer than `most` only at the end
  /// @return how many; 0 = the end
  /// @error corrupt_data  no packet could be decoded at all; unsupported  channels that cannot be mixed;
  ///        invalid_argument  not started; resource_limit  no memory; cancelled  stop was requested
  Result<std::size_t> next(std::size_t most, SoundBlock& into);

 private:
  class Impl;
  explicit SoundReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vultus::media
