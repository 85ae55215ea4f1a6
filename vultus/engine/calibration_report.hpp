// A calibration as a page.
#pragma once

#include <string>

#include <vultus/core/result.hpp>
#include <vultus/engine/calibrate.hpp>

namespace vultus::engine {

/// One HTML file with thresholds, DET and ROC curves, histograms of the scores, the groups and what it rests on.
/// @error invalid_argument  a result without pairs
/// @thread no state
[[nodiscard]] Result<std::string> calibration_report(const CalibrationResult& result);

}  // namespace vultus::engine
