// What even samples of sound are: how many a second, how many channels.
#pragma once

#include <vector>

namespace vultus::media {

struct SoundFormat {
  int rate = 16'000;  ///< samples a second, [8000, 48000]
  int channels = 1;   ///< 1 or 2
  bool operator==(const SoundFormat&) const = default;
};

/// Samples of each channel, about [-1, 1]; all channels of one length.
using SoundBlock = std::vector<std::vector<float>>;

/// The rate that a copy of a sound gets: the smallest that AAC knows from 8,000 on and that loses nothing of the sound,
/// but no more than a limit.
/// @param stored  samples a second of the sound, above 0
/// @param most    samples a second, [8000, 48000]
/// @source ISO/IEC 14496-3, table 1.18 (sampling frequencies)
[[nodiscard]] int sound_rate_for(int stored, int most);

}  // namespace vultus::media
