#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include <apps/cli/cluster_rows.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>

namespace vultus::cli {
namespace {

using engine::PhotoCluster;
using engine::PhotoSetFile;
using library::PhotoFace;

/// Where things of a set are found.
struct Lookup {
  std::unordered_map<std::string, std::size_t> photo_of_sha;
  std::unordered_map<std::string, std::string> file_of_sha;  ///< the first file of a photo
  std::unordered_map<std::int64_t, const PhotoCluster*> cluster;

  explicit Lookup(const ClusterView& view) {
    const auto& photos = view.set->content.photos;
    for (std::size_t p = 0; p < photos.size(); ++p) photo_of_sha.emplace(photos[p].sha256, p);
    for (const PhotoSetFile& file : view.set->files) file_of_sha.emplace(file.sha256, file.path);
    for (const PhotoCluster& one : view.clusters) cluster.emplace(one.id, &one);
  }
};

/// A face in a file, with all that is told of it.
struct Told {
  const PhotoSetFile& file;
  const PhotoFace& face;
  const PhotoCluster* cluster = nullptr;  ///< nothing = a gallery knows the face
  const Candidate* known = nullptr;
};

Json json_of(const Told& told, const ClusterView& view) {
  Json object;
  object["file"] = told.file.path;
  object["face"] = told.face.number;
  object["box"] = box_json(told.face.box);
  object["cluster"] = told.cluster != nullptr ? Json(told.cluster->id) : Json(nullptr);
  object["faces"] = told.cluster != nullptr ? Json(told.cluster->faces.size()) : Json(nullptr);
  const bool named = told.cluster != nullptr && !told.cluster->name.empty();
  object["name"] = named ? Json(told.cluster->name) : Json(nullptr);
  if (view.known_at) {
    object["subject"] = told.known != nullptr ? Json(told.known->name) : Json(nullptr);
    object["similarity"] = told.known != nullptr ? score_json(told.known->similarity.value()) : Json(nullptr);
    object["threshold"] = score_json(view.known_at->threshold.value());
    add_fmr(object, *view.known_at);
    add_calibration(object, *view.known_at, told.known != nullptr ? told.known->probability : std::nullopt);
  }
  object["quality"] = told.face.quality ? number_json(*told.face.quality, 1) : Json(nullptr);
  if (view.library) object["new"] = told.file.looked_at;
  return object;
}

std::vector<std::string> csv_of(const Told& told, const ClusterView& view) {
  std::vector<std::string> fields{told.file.path, fmt::format("{}", told.face.number)};
  const RectF& box = told.face.box;
  for (const float v : {box.x, box.y, box.width, box.height}) fields.push_back(fmt::format("{:.1f}", v));
  fields.push_back(told.cluster != nullptr ? fmt::format("{}", told.cluster->id) : "");
  fields.push_back(told.cluster != nullptr ? fmt::format("{}", told.cluster->faces.size()) : "");
  fields.push_back(told.cluster != nullptr ? told.cluster->name : "");
  fields.push_back(told.known != nullptr ? told.known->name : "");
  fields.push_back(told.known != nullptr ? fmt::format("{:.6f}", told.known->similarity.value()) : "");
  fields.push_back(view.known_at ? fmt::format("{:.6f}", view.known_at->threshold.value()) : "");
  fields.push_back(view.known_at ? fmt::format("{:.3g}", view.known_at->false_match_rate) : "");
  const auto probability = told.known != nullptr ? told.known->probability : std::nullopt;
  fields.push_back(probability ? probability_json(*probability).dump() : "");
  fields.emplace_back(view.known_at ? name_of(view.known_at->calibrated) : "");
  fields.emplace_back(view.known_at && view.known_at->rate_is_bound ? "true" : "");
  fields.push_back(told.face.quality ? fmt::format("{:.1f}", *told.face.quality) : "");
  fields.emplace_back(!view.library ? "" : told.file.looked_at ? "true" : "false");
  return fields;
}

Status tell_faces(Rows& rows, const ClusterView& view) {
  const Lookup find(view);
  for (const PhotoSetFile& file : view.set->files) {
    const std::size_t photo = find.photo_of_sha.at(file.sha256);
    const auto& faces = view.set->content.photos[photo].faces;
    for (std::size_t f = 0; f < faces.size(); ++f) {
      const auto known = view.known->find({photo, f});
      const Told told{.file = file,
                      .face = faces[f],
                      .cluster = faces[f].cluster ? find.cluster.at(*faces[f].cluster) : nullptr,
                      .known = known == view.known->end() ? nullptr : &known->second};
      VULTUS_CHECK(rows.format() == Format::json ? rows.json(json_line(json_of(told, view)))
                                                 : rows.csv(csv_of(told, view)));
    }
  }
  return {};
}

Status tell_table(Rows& rows, const ClusterView& view) {
  const Lookup find(view);
  for (const PhotoCluster& cluster : view.clusters) {
    if (cluster.faces.size() < 2 && cluster.name.empty()) continue;
    const auto& best = view.set->content.photos[cluster.faces.front().first];
    VULTUS_CHECK(
        rows.table({{find.file_of_sha.at(best.sha256)},
                    {fmt::format("{}", cluster.id)},
                    {grouped(static_cast<std::int64_t>(cluster.faces.size()))},
                    {cluster.name.empty() ? "-" : cluster.name, cluster.name.empty() ? Style::dim : Style::good}}));
  }
  return {};
}

}  // namespace

Rows cluster_rows(Context& context, Format format) {
  return {context,
          format,
          {{"BEST PICTURE", Align::left, 40}, {"CLUSTER", Align::right}, {"FACES", Align::right}, {"NAME"}},
          {"file", "face", "x", "y", "width", "height", "cluster", "faces", "name", "subject", "similarity",
           "threshold", "fmr", "probability", "calibration", "fmr_bound", "quality", "new"}};
}

Status tell_clusters(Rows& rows, const ClusterView& view) {
  return rows.format() == Format::table ? tell_table(rows, view) : tell_faces(rows, view);
}

std::string cluster_summary(const ClusterView& view) {
  std::int64_t faces = 0, alone = 0, together = 0, clusters = 0;
  for (const library::Photo& photo : view.set->content.photos) faces += static_cast<std::int64_t>(photo.faces.size());
  for (const PhotoCluster& cluster : view.clusters) {
    if (cluster.faces.size() == 1) {
      ++alone;
    } else {
      ++clusters;
      together += static_cast<std::int64_t>(cluster.faces.size());
    }
  }
  const auto photos = static_cast<std::int64_t>(view.set->content.photos.size());
  std::string text =
      fmt::format("{}, {}: {} of two and more with {}, {} alone", counted(photos, "photo"), counted(faces, "face"),
                  counted(clusters, "cluster"), counted(together, "face"), counted(alone, "face"));
  if (view.known_at) text += fmt::format(", {} known", counted(static_cast<std::int64_t>(view.known->size()), "face"));
  text += ".";
  const engine::PhotoSet& set = *view.set;
  if (view.library) {
    text += fmt::format("\n{} looked at, {} unchanged", counted(set.looked_at, "file"), grouped(set.unchanged));
    if (set.same_bytes > 0) text += fmt::format(", {} moved or copied", grouped(set.same_bytes));
    if (set.gone > 0) text += fmt::format(", {} gone", grouped(set.gone));
    if (set.out_of_reach > 0) text += fmt::format(", {} out of reach and kept", grouped(set.out_of_reach));
    text += ".";
  }
  return text;
}

}  // namespace vultus::cli
