// Sound in WAV files.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::media {

struct Sound {
  int rate = 0;                              ///< samples a second, [1000, 384000]
  std::vector<std::vector<float>> channels;  ///< 1 to 8, of one length; about [-1, 1]
  bool operator==(const Sound&) const = default;
};

/// Reads RIFF/WAVE: whole numbers of 8, 16, 24 or 32 bits, or floats of 32 bits, also as WAVE_FORMAT_EXTENSIBLE.
/// @param bytes  the whole file. A file that ends within its samples gives those that are there
/// @error corrupt_data  no WAV file, or a damaged header; unsupported  another encoding; resource_limit  more than 8
///                      channels or 2^31 samples
/// @thread immutable, no state
/// @source Microsoft/IBM, Multimedia Programming Interface and Data Specifications 1.0, 1991; mmreg.h
[[nodiscard]] Result<Sound> decode_wav(std::span<const std::uint8_t> bytes);

/// @return a WAV file with whole numbers of 16 bits; louder samples are clipped
/// @error invalid_argument  no channel, channels of different lengths, a rate outside its range
[[nodiscard]] Result<std::vector<std::uint8_t>> encode_wav(const Sound& sound);

}  // namespace vultus::media
