// Clusters become people of a gallery.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <vultus/engine/contact_sheet.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/engine/photo_clusters.hpp>
#include <vultus/engine/photo_set.hpp>

namespace vultus::engine {

struct ClusterEnrolOptions {
  bool unnamed = false;         ///< also clusters of two and more faces without a name, as "person-0001"
  std::size_t most_faces = 10;  ///< of a cluster, those of the best quality; at least 1
};

/// The name under which a cluster is enrolled: its own, else "person-" and its number with four digits at least.
[[nodiscard]] std::string subject_of(const PhotoCluster& cluster);

/// The faces of clusters as enrol_seen() takes them.
/// @error that of `thumbnail`
[[nodiscard]] Result<std::vector<SeenEnrolment>> faces_to_enrol(const PhotoSet& set,
                                                                const std::vector<PhotoCluster>& clusters,
                                                                const ThumbnailSource& thumbnail,
                                                                const ClusterEnrolOptions& options);

}  // namespace vultus::engine
