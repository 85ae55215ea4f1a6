#include <vultus/identity/gallery_scan.hpp>

#include <algorithm>
#include <map>
#include <numeric>

namespace vultus::identity {
namespace {

std::optional<float> number_of(const std::optional<Score>& score) {
  return score ? std::optional(score->value()) : std::nullopt;
}

/// The member of a group that stands for all of it.
std::uint32_t root_of(std::vector<std::uint32_t>& parent, std::uint32_t at) {
  while (parent[at] != at) at = parent[at] = parent[parent[at]];
  return at;
}

/// The two largest groups, of equals the one with the earlier face first; the second is absent in a subject of one.
std::vector<std::uint32_t> two_largest(const std::vector<FaceStanding>& faces) {
  std::map<std::uint32_t, std::size_t> sizes;
  for (const FaceStanding& face : faces) ++sizes[face.group];
  std::vector<std::uint32_t> groups;
  groups.reserve(sizes.size());
  for (const auto& [group, size] : sizes) groups.push_back(group);
  std::ranges::stable_sort(groups, [&](std::uint32_t a, std::uint32_t b) { return sizes[a] > sizes[b]; });
  if (groups.size() > 2) groups.erase(groups.begin() + 2, groups.end());
  return groups;
}

}  // namespace

Result<GalleryScan> list_gallery(const Gallery& gallery, const std::stop_token& stop) {
  GalleryScan scan;
  ListOptions page{.after = {}, .limit = 1000};
  for (;;) {
    VULTUS_TRY(const auto subjects, gallery.subjects(page));
    for (const Subject& subject : subjects) {
      if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while listing the gallery");
      VULTUS_TRY(const auto faces, gallery.faces(subject.id));
      scan.subjects.push_back({.id = subject.id,
                               .name = subject.name,
                               .consent = !subject.details.consent.empty(),
                               .retain_until = subject.details.retain_until,
                               .first_face = scan.faces.size(),
                               .faces = faces.size(),
                               .apart = {},
                               .together = {}});
      for (const EnrolledFace& face : faces)
        scan.faces.push_back(
            {face.id, number_of(face.details.quality), face.details.inter_eye_px, face.details.retain_until});
    }
    if (subjects.size() < page.limit) break;
    page.after = subjects.back().name;
  }
  scan.standing.resize(scan.faces.size());
  scan.strangers.resize(scan.subjects.size());
  return scan;
}

Result<std::vector<Embedding>> templates_of(const Gallery& gallery, const ScannedSubject& subject) {
  VULTUS_TRY(auto templates, gallery.templates(subject.id));
  if (templates.size() == subject.faces) return templates;
  return fail(ErrorCode::invalid_argument, gallery.info().path + ": \"" + subject.name +
                                               "\" was changed while the gallery was examined; examine it again");
}

SubjectStanding stand_together(std::span<const Embedding> faces, float match) {
  SubjectStanding made;
  made.faces.resize(faces.size());
  std::vector<std::uint32_t> parent(faces.size());
  std::iota(parent.begin(), parent.end(), 0U);
  const auto offer = [&](std::uint32_t to, std::uint32_t from, float similar) {
    FaceStanding& face = made.faces[to];
    if (face.own && *face.own >= similar) return;
    face.own = similar;
    face.own_face = from;
  };
  for (std::uint32_t i = 0; i < faces.size(); ++i)
    for (std::uint32_t j = i + 1; j < faces.size(); ++j) {
      const float similar = inner_product(faces[i].values(), faces[j].values());
      offer(i, j, similar);
      offer(j, i, similar);
      if (similar >= match)
        parent[std::max(root_of(parent, i), root_of(parent, j))] = std::min(root_of(parent, i), root_of(parent, j));
    }
  if (faces.size() > 1) made.together = inner_product(faces[0].values(), faces[1].values());
  for (std::uint32_t i = 0; i < faces.size(); ++i) made.faces[i].group = root_of(parent, i);
  const auto largest = two_largest(made.faces);
  if (largest.size() < 2) return made;
  for (std::uint32_t i = 0; i < faces.size(); ++i)
    for (std::uint32_t j = 0; j < faces.size(); ++j)
      if (made.faces[i].group == largest[0] && made.faces[j].group == largest[1])
        made.apart = std::max(made.apart.value_or(-1), inner_product(faces[i].values(), faces[j].values()));
  return made;
}

}  // namespace vultus::identity
