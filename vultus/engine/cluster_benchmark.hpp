// Clustering measured on people who are known: a folder with one subfolder for each person.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/evaluation/clustering.hpp>
#include <vultus/identity/cluster.hpp>

namespace vultus::engine {

struct ClusterBenchOptions {
  std::string images;                ///< folder-per-person
  identity::ClusterOptions cluster;  ///< its threshold is that of `at`
  OperatingPoint at;                 ///< from where on faces are joined
  bool sweep = false;                ///< also every method at thresholds around it
  evaluation::BootstrapOptions bootstrap;
};

/// One answer of a sweep.
struct ClusterSweepRow {
  identity::ClusterMethod method = identity::ClusterMethod::linkage;
  double threshold = 0;
  evaluation::ClusterScores scores;
};

struct ClusterBenchResult {
  evaluation::ClusterScores scores;                       ///< of the main faces: who the others are is not known
  std::optional<evaluation::ClusterIntervals> intervals;  ///< empty for one person alone
  std::int64_t pictures = 0;
  std::int64_t faces = 0;                 ///< that were clustered, also those beside the main ones
  std::vector<std::string> without_face;  ///< pictures that are not scored
  std::vector<ClusterSweepRow> sweep;
  double seconds = 0;          ///< looking at the pictures
  double cluster_seconds = 0;  ///< clustering them
  std::string data_sha256;     ///< of names and pictures
  ClusterBenchOptions options;
};

/// Clusters all faces of all pictures, knowing nothing of the names, and scores the main faces against the folders.
/// @param progress  gets what is done, and how far
/// @error not_found, invalid_argument  the folder, or an option outside its range; the error of the first picture that
///        cannot be read; cancelled
Result<ClusterBenchResult> run_cluster_benchmark(
    const Engine& engine, const ClusterBenchOptions& options,
    const std::function<void(std::string_view what, std::size_t done, std::size_t total)>& progress,
    const std::stop_token& stop = {});

}  // namespace vultus::engine
