#include <vultus/engine/enrol_clusters.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include <vultus/face/quality.hpp>

namespace vultus::engine {
namespace {

using face::QualityMeasure;
using library::PhotoFace;

/// What the gate and the gallery ask of a face.
SeenFace seen_face(const PhotoFace& from, std::vector<std::byte> thumbnail) {
  SeenFace seen;
  seen.face.box = from.box;
  seen.face.detection = from.detection;
  if (from.inter_eye_px) seen.face.quality = Quality{.inter_eye_px = from.inter_eye_px};
  seen.embedding = from.embedding;
  if (!thumbnail.empty()) seen.thumbnail = std::move(thumbnail);
  face::QualityReport report;
  report.unified = from.quality.value_or(0);
  const auto put = [&report](QualityMeasure measure, const std::optional<float>& value) {
    if (value) report.measures.at(static_cast<std::size_t>(measure)) = face::scored(measure, *value);
  };
  put(QualityMeasure::inter_eye_distance, from.inter_eye_px);
  put(QualityMeasure::sharpness, from.sharpness);
  put(QualityMeasure::head_pose_yaw, from.yaw);
  put(QualityMeasure::head_pose_pitch, from.pitch);
  seen.quality = report;
  return seen;
}

}  // namespace

std::string subject_of(const PhotoCluster& cluster) {
  return cluster.name.empty() ? fmt::format("person-{:04}", cluster.id) : cluster.name;
}

Result<std::vector<SeenEnrolment>> faces_to_enrol(const PhotoSet& set, const std::vector<PhotoCluster>& clusters,
                                                  const ThumbnailSource& thumbnail,
                                                  const ClusterEnrolOptions& options) {
  std::unordered_map<std::string, const std::string*> path_of;
  for (const PhotoSetFile& file : set.files) path_of.emplace(file.sha256, &file.path);
  std::vector<SeenEnrolment> chosen;
  for (const PhotoCluster& cluster : clusters) {
    if (cluster.name.empty() && (!options.unnamed || cluster.faces.size() < 2)) continue;
    const std::size_t count = std::min(cluster.faces.size(), options.most_faces);
    for (std::size_t i = 0; i < count; ++i) {
      const library::Photo& photo = set.content.photos[cluster.faces[i].first];
      const PhotoFace& face = photo.faces[cluster.faces[i].second];
      VULTUS_TRY(auto jpeg, thumbnail(face));
      SeenEnrolment one{.seen = {.path = *path_of.at(photo.sha256),
                                 .sha256 = photo.sha256,
                                 .width = photo.width,
                                 .height = photo.height},
                        .subject = subject_of(cluster)};
      one.seen.faces.push_back(seen_face(face, std::move(jpeg)));
      chosen.push_back(std::move(one));
    }
  }
  return chosen;
}

}  // namespace vultus::engine
