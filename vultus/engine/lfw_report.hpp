// A page, and a curve, of a run of the LFW protocol.
#pragma once

#include <string>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/lfw_benchmark.hpp>

namespace vultus::engine {

/// The ROC curve of a run as SVG: a file of its own.
/// @error invalid_argument  a result without scores of both kinds
/// @thread no state
[[nodiscard]] Result<std::string> lfw_roc_svg(const LfwResult& result);

/// A page of one file with the numbers, their intervals, the ROC curve, the scores, and what made them.
/// @error as lfw_roc_svg()
/// @thread no state
[[nodiscard]] Result<std::string> lfw_report(const LfwResult& result, const Engine& engine);

}  // namespace vultus::engine
