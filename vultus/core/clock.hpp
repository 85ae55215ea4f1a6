// Time of a recording: exact ticks of a rational clock, and the map to seconds.
#pragma once

#include <compare>
#include <cstdint>

#include <vultus/core/units.hpp>

namespace vultus {

/// A position on the clock of one source: `ticks` of that clock since its start.
struct Timestamp {
  std::int64_t ticks = 0;
  auto operator<=>(const Timestamp&) const = default;  // NOLINT(modernize-use-nullptr): its zero is no pointer
};

/// ticks -> seconds of the Timeline: (ticks * denominator / numerator) * (1 + drift_ppm * 1e-6) + offset.
struct Clock {
  std::int64_t numerator = 1;    ///< ticks per `denominator` seconds, > 0
  std::int64_t denominator = 1;  ///< > 0
  double offset = 0;             ///< seconds
  double drift_ppm = 0;          ///< parts per million by which this clock runs slow

  [[nodiscard]] Seconds seconds(Timestamp at) const {
    const double nominal =
        static_cast<double>(at.ticks) * static_cast<double>(denominator) / static_cast<double>(numerator);
    return Seconds(nominal * (1 + drift_ppm * 1e-6) + offset);
  }  ///< since tick 0
  bool operator==(const Clock&) const = default;
};

}  // namespace vultus
