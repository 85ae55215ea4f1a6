// What `vultus calibrate` prints.
#pragma once

#include <string>

#include <vultus/engine/calibrate.hpp>

namespace vultus::cli {

/// What became of a calibration beside its numbers.
struct CalibrateOutcome {
  std::string gallery;
  bool stored = false;
  std::string report;  ///< file of the page; empty = none
};

/// One object, fields of docs/calibration.md.
[[nodiscard]] std::string calibration_json(const engine::CalibrationResult& result, const CalibrateOutcome& outcome);

[[nodiscard]] std::string calibration_text(const engine::CalibrationResult& result, const CalibrateOutcome& outcome,
                                           bool colour);

}  // namespace vultus::cli
