// Who is in these photos, when nobody has told: faces in clusters that keep their numbers and names.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/identity/cluster.hpp>
#include <vultus/library/library.hpp>

namespace vultus::engine {

/// A face of a Content: indices of photo and face.
using FaceOfPhoto = std::pair<std::size_t, std::size_t>;

/// Faces that a gallery knows: they take no part in clustering.
using KnownFaces = std::map<FaceOfPhoto, Candidate>;

/// Identifies all faces, each subject at most once in a photo.
/// @error model_mismatch  the gallery is of another model than the templates
[[nodiscard]] Result<KnownFaces> known_faces(const library::Content& content, const Gallery& gallery,
                                             const OperatingPoint& at);

/// A cluster for people.
struct PhotoCluster {
  std::int64_t id = 0;
  std::string name;                ///< empty = none yet
  std::vector<FaceOfPhoto> faces;  ///< best quality first
};

/// What changed for clusters that were there before.
struct ClusterChanges {
  std::int64_t kept = 0;  ///< clusters of two and more faces that kept their number
  std::int64_t made = 0;  ///< new ones of two and more faces
};

/// Clusters all faces that are not known. Clusters that were there keep their numbers by maximum overlap; the faces of
/// a cluster with a name stay together, and clusters with different names are never joined.
/// @param content  PhotoFace::cluster, names and next_cluster are written
/// @error as identity::cluster()
Result<ClusterChanges> cluster_photos(library::Content& content, const KnownFaces& known,
                                      const identity::ClusterOptions& options, const std::stop_token& stop = {});

/// The clusters of a content, the largest first, of equals the lower number first.
[[nodiscard]] std::vector<PhotoCluster> clusters_of(const library::Content& content);

/// Gives a cluster a name. Where another cluster has the name, the two become one; an empty name takes one away.
/// @error not_found         no such cluster
/// @error invalid_argument  a name outside its limits, or two clusters that share a photo
Status name_cluster(library::Content& content, std::int64_t cluster, const std::string& name);

/// Takes a face out of a cluster for good: it and the others are told to be two people.
/// @param sha256  of the photo
/// @return the pairs that were told
/// @error not_found  no face of the photo is in the cluster
Result<std::vector<std::pair<std::int64_t, std::int64_t>>> take_out(library::Content& content, std::int64_t cluster,
                                                                    const std::string& sha256);

/// The threshold at which clusters are joined unless the user chooses: that of this false match rate.
/// Chosen on people of LFW who are not reported on: docs/clustering.md.
inline constexpr double kClusterFmr = 1e-5;
/// Faces of a lower quality found no cluster unless told otherwise; chosen on people that docs/clustering.md names.
inline constexpr float kClusterLeastQuality = 90;

}  // namespace vultus::engine
