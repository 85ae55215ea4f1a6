// Which frame of its source a moment is, where the file lets it be told.
#pragma once

#include <cstdint>
#include <optional>

#include <vultus/core/clock.hpp>

namespace vultus {

/// The number of a frame in its source, from 1. Told where the clock counts frames, as that of AVI files and of
/// pictures in a row does: other files have clocks of 600 ticks a second and more, which say nothing of the frame rate.
/// @return nothing where the clock does not count frames, or the moment lies before its start
[[nodiscard]] inline std::optional<std::int64_t> frame_number(const Clock& clock, Timestamp time) {
  constexpr double kFastestCamera = 240;  // frames a second
  const double rate = static_cast<double>(clock.numerator) / static_cast<double>(clock.denominator);
  // One tick a second is the clock of a picture, which has no rate.
  if (clock == Clock() || rate > kFastestCamera || time.ticks < 0) return std::nullopt;
  return time.ticks + 1;
}

}  // namespace vultus
