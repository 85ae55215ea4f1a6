#include <vultus/engine/photo_clusters.hpp>

#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include <vultus/identity/keep_labels.hpp>
#include <vultus/identity/once_each.hpp>
#include <vultus/media/enrol_list.hpp>

namespace vultus::engine {
namespace {

using library::Content;
using library::Photo;
using library::PhotoFace;

constexpr std::size_t kCandidates = 100;

/// The items of one clustering.
struct Items {
  std::vector<FaceOfPhoto> faces;
  std::vector<Embedding> templates;
  std::vector<std::uint32_t> picture_of;
  std::vector<std::optional<std::uint32_t>> person_of;
  std::vector<std::optional<std::int64_t>> before;
  std::vector<std::optional<float>> quality_of;
  std::vector<identity::ItemPair> apart;
};

Items items_of(const Content& content, const KnownFaces& known) {
  Items items;
  std::map<std::int64_t, std::uint32_t> person_of_cluster;
  for (const auto& [cluster, name] : content.names)
    person_of_cluster.emplace(cluster, static_cast<std::uint32_t>(person_of_cluster.size()));
  std::unordered_map<std::int64_t, std::uint32_t> item_of_face;
  for (std::size_t p = 0; p < content.photos.size(); ++p)
    for (std::size_t f = 0; f < content.photos[p].faces.size(); ++f) {
      if (known.contains({p, f})) continue;
      const PhotoFace& face = content.photos[p].faces[f];
      item_of_face.emplace(face.id, static_cast<std::uint32_t>(items.faces.size()));
      items.faces.emplace_back(p, f);
      items.templates.push_back(face.embedding);
      items.picture_of.push_back(static_cast<std::uint32_t>(p));
      items.before.push_back(face.cluster);
      items.quality_of.push_back(face.quality);
      const auto person = face.cluster ? person_of_cluster.find(*face.cluster) : person_of_cluster.end();
      items.person_of.push_back(person == person_of_cluster.end() ? std::nullopt : std::optional(person->second));
    }
  for (const auto& [first, second] : content.apart) {
    const auto a = item_of_face.find(first);
    const auto b = item_of_face.find(second);
    if (a != item_of_face.end() && b != item_of_face.end()) items.apart.push_back({a->second, b->second});
  }
  return items;
}

/// The number that each cluster goes on with. A name keeps its number whatever joined it; the rest go by overlap.
Result<std::vector<std::optional<std::int64_t>>> numbers_of(const Items& items, const identity::Clustering& found,
                                                            const Content& content) {
  std::vector<std::optional<std::int64_t>> named(found.clusters);
  for (std::size_t i = 0; i < items.faces.size(); ++i)
    if (items.person_of[i]) named[found.cluster_of[i]] = items.before[i];
  std::vector<std::optional<std::int64_t>> before = items.before;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (named[found.cluster_of[i]] || (before[i] && content.names.contains(*before[i]))) before[i].reset();
  VULTUS_TRY(auto numbers, identity::keep_labels(before, found.cluster_of, found.clusters));
  for (std::size_t c = 0; c < numbers.size(); ++c)
    if (named[c]) numbers[c] = named[c];
  return numbers;
}

const PhotoFace& face_at(const Content& content, const FaceOfPhoto& at) {
  return content.photos[at.first].faces[at.second];
}

/// Why two clusters cannot be one person; empty = they can.
std::string why_two_people(const Content& content, const std::set<std::size_t>& photos_of_one, std::int64_t one,
                           std::int64_t other) {
  for (const std::size_t p : photos_of_one)
    if (std::ranges::any_of(content.photos[p].faces, [&](const PhotoFace& face) { return face.cluster == other; }))
      return "one photo shows a face of each";
  std::unordered_map<std::int64_t, std::int64_t> cluster_of;
  for (const Photo& photo : content.photos)
    for (const PhotoFace& face : photo.faces)
      if (face.cluster) cluster_of.emplace(face.id, *face.cluster);
  for (const auto& [first, second] : content.apart) {
    const auto a = cluster_of.find(first);
    const auto b = cluster_of.find(second);
    if (a == cluster_of.end() || b == cluster_of.end()) continue;
    if ((a->second == one && b->second == other) || (a->second == other && b->second == one))
      return "a face of one was told to be somebody else";
  }
  return {};
}

}  // namespace

Result<KnownFaces> known_faces(const Content& content, const Gallery& gallery, const OperatingPoint& at) {
  KnownFaces known;
  for (std::size_t p = 0; p < content.photos.size(); ++p) {
    std::vector<Embedding> probes;
    for (const PhotoFace& face : content.photos[p].faces) probes.push_back(face.embedding);
    if (probes.empty()) continue;
    VULTUS_TRY(auto candidates, gallery.search(probes, {.top_k = kCandidates}));
    for (auto& of_face : candidates) identity::add_probabilities(of_face, at, gallery.info().subjects);
    VULTUS_TRY(auto decisions, identity::decide_once_each(candidates, at));
    for (std::size_t f = 0; f < decisions.size(); ++f)
      if (decisions[f].match) known.emplace(FaceOfPhoto{p, f}, *std::move(decisions[f].match));
  }
  return known;
}

Result<ClusterChanges> cluster_photos(Content& content, const KnownFaces& known,
                                      const identity::ClusterOptions& options, const std::stop_token& stop) {
  const Items items = items_of(content, known);
  VULTUS_TRY(const identity::Clustering found, identity::cluster({.templates = items.templates,
                                                                  .picture_of = items.picture_of,
                                                                  .person_of = items.person_of,
                                                                  .quality_of = items.quality_of,
                                                                  .apart = items.apart},
                                                                 options, stop));
  VULTUS_TRY(auto numbers, numbers_of(items, found, content));
  std::vector<std::size_t> sizes(found.clusters);
  for (const std::uint32_t c : found.cluster_of) ++sizes[c];
  ClusterChanges changes;
  for (std::size_t c = 0; c < numbers.size(); ++c) {
    if (sizes[c] > 1) ++(numbers[c] ? changes.kept : changes.made);
    if (!numbers[c]) numbers[c] = content.next_cluster++;
  }
  for (const auto& [at, candidate] : known) content.photos[at.first].faces[at.second].cluster.reset();
  std::set<std::int64_t> alive;
  for (std::size_t i = 0; i < items.faces.size(); ++i) {
    const std::int64_t number = *numbers[found.cluster_of[i]];
    content.photos[items.faces[i].first].faces[items.faces[i].second].cluster = number;
    alive.insert(number);
  }
  std::erase_if(content.names, [&](const auto& name) { return !alive.contains(name.first); });
  return changes;
}

std::vector<PhotoCluster> clusters_of(const Content& content) {
  std::map<std::int64_t, PhotoCluster> by_id;
  for (std::size_t p = 0; p < content.photos.size(); ++p)
    for (std::size_t f = 0; f < content.photos[p].faces.size(); ++f)
      if (const auto& id = content.photos[p].faces[f].cluster) by_id[*id].faces.emplace_back(p, f);
  std::vector<PhotoCluster> clusters;
  clusters.reserve(by_id.size());
  for (auto& [id, cluster] : by_id) {
    cluster.id = id;
    if (const auto name = content.names.find(id); name != content.names.end()) cluster.name = name->second;
    std::ranges::stable_sort(cluster.faces, std::greater(),
                             [&](const FaceOfPhoto& at) { return face_at(content, at).quality.value_or(0); });
    clusters.push_back(std::move(cluster));
  }
  std::ranges::stable_sort(clusters, std::greater(), [](const PhotoCluster& one) { return one.faces.size(); });
  return clusters;
}

Status name_cluster(Content& content, std::int64_t cluster, const std::string& name) {
  std::set<std::size_t> photos;
  for (std::size_t p = 0; p < content.photos.size(); ++p)
    for (const PhotoFace& face : content.photos[p].faces)
      if (face.cluster == cluster) photos.insert(p);
  if (photos.empty()) return fail(ErrorCode::not_found, fmt::format("there is no cluster {}", cluster));
  if (name.empty()) {
    content.names.erase(cluster);
    return {};
  }
  VULTUS_CHECK(media::check_subject_name(name));
  const auto other = std::ranges::find_if(content.names, [&](const auto& one) { return one.second == name; });
  if (other == content.names.end() || other->first == cluster) {
    content.names[cluster] = name;
    return {};
  }
  // The name has a cluster: the two are one person from now on.
  if (const std::string why = why_two_people(content, photos, cluster, other->first); !why.empty())
    return fail(ErrorCode::invalid_argument,
                fmt::format("clusters {} and {} cannot both be {}: {}", cluster, other->first, name, why));
  for (const std::size_t p : photos)
    for (PhotoFace& face : content.photos[p].faces)
      if (face.cluster == cluster) face.cluster = other->first;
  content.names.erase(cluster);
  return {};
}

Result<std::vector<std::pair<std::int64_t, std::int64_t>>> take_out(Content& content, std::int64_t cluster,
                                                                    const std::string& sha256) {
  PhotoFace* out = nullptr;
  std::vector<std::int64_t> others;
  for (Photo& photo : content.photos)
    for (PhotoFace& face : photo.faces) {
      if (face.cluster != cluster) continue;
      if (photo.sha256 == sha256)
        out = &face;
      else
        others.push_back(face.id);
    }
  if (out == nullptr) return fail(ErrorCode::not_found, fmt::format("cluster {} has no face in this photo", cluster));
  out->cluster.reset();
  std::vector<std::pair<std::int64_t, std::int64_t>> told;
  told.reserve(others.size());
  for (const std::int64_t other : others) told.emplace_back(out->id, other);
  content.apart.insert(content.apart.end(), told.begin(), told.end());
  return told;
}

}  // namespace vultus::engine
