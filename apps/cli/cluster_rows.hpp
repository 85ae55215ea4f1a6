// What `vultus cluster` tells: a row for each face, or a table of the clusters.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <vultus/engine/photo_clusters.hpp>
#include <vultus/engine/photo_set.hpp>

#include <apps/cli/picture_run.hpp>

namespace vultus::cli {

/// A clustered set, looked up by what the rows need.
struct ClusterView {
  const engine::PhotoSet* set = nullptr;
  std::vector<engine::PhotoCluster> clusters;  ///< the largest first
  const engine::KnownFaces* known = nullptr;
  bool library = false;  ///< a library keeps it: rows tell what is new
  /// Where faces were held against a gallery; empty = none was asked.
  std::optional<OperatingPoint> known_at = std::nullopt;
};

/// Rows for JSON and CSV; the columns of a table of clusters.
[[nodiscard]] Rows cluster_rows(Context& context, Format format);

/// One row for each face of each file, or one for each cluster of two and more faces.
Status tell_clusters(Rows& rows, const ClusterView& view);

/// "1,204 photos, 2,210 faces: 88 clusters of two and more with 1,700 faces, 510 faces alone."
[[nodiscard]] std::string cluster_summary(const ClusterView& view);

}  // namespace vultus::cli
