// How faces are joined: options of the commands that cluster.
#pragma once

#include <vultus/core/result.hpp>
#include <vultus/engine/photo_clusters.hpp>
#include <vultus/identity/cluster.hpp>

#include <apps/cli/settings.hpp>

namespace vultus::cli {

struct JoiningSettings {
  /// Its threshold is that of joining_point().
  identity::ClusterOptions options{.least_quality = engine::kClusterLeastQuality};
  ThresholdSettings threshold;
};

/// --method, --least-quality, --fmr, --threshold.
void add_joining_options(CLI::App& command, JoiningSettings& settings);

/// From which similarity faces are joined: unless told that of engine::kClusterFmr, or of the preset's usual rate where
/// its thresholds do not reach so far.
/// @error invalid_argument  a rate or threshold outside what was measured
[[nodiscard]] Result<OperatingPoint> joining_point(const engine::Engine& engine, const JoiningSettings& settings);

}  // namespace vultus::cli
