// What may stand in a calibration: asked before one is written and after one was read. Private to this room.
#pragma once

#include <vultus/core/result.hpp>
#include <vultus/gallery/records.hpp>

namespace vultus::gallery {

/// @error invalid_argument  a threshold, rate, interval, curve or row outside its range
[[nodiscard]] Status check_calibration(const Calibration& one);

}  // namespace vultus::gallery
