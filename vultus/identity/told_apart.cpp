#include <vultus/identity/told_apart.hpp>

#include <algorithm>
#include <unordered_map>

namespace vultus::identity {

Result<ToldApart> ToldApart::read(const Gallery& gallery, const GalleryScan& scan) {
  VULTUS_TRY(const std::vector<NotSame> said, gallery.not_same());
  std::unordered_map<FaceId, std::optional<SubjectId>> owner;
  for (const NotSame& one : said) {
    owner.emplace(one.face, std::nullopt);
    if (one.other) owner.emplace(*one.other, std::nullopt);
  }
  for (const ScannedSubject& subject : scan.subjects)
    for (std::size_t i = 0; i < subject.faces; ++i)
      if (const auto at = owner.find(scan.faces[subject.first_face + i].id); at != owner.end()) at->second = subject.id;
  ToldApart made;
  const auto note = [&](FaceId face, const std::optional<SubjectId>& other) {
    if (!other) return;
    made.faces_.emplace(face, *other);
    if (const auto own = owner.at(face); own && *own != *other) made.subjects_.insert(std::minmax(*own, *other));
  };
  for (const NotSame& one : said) {
    if (!one.other) {
      note(one.face, one.subject);
      continue;
    }
    note(one.face, owner.at(*one.other));
    note(*one.other, owner.at(one.face));
  }
  return made;
}

bool ToldApart::covers(const HealthFinding& finding) const {
  if (!finding.at || !finding.other) return false;
  switch (finding.code) {
    case HealthCode::mislabelled:
      return finding.at->face && faces_.contains({*finding.at->face, finding.other->subject});
    case HealthCode::same_person:
    case HealthCode::lookalikes:
    case HealthCode::same_picture:
    case HealthCode::matches_other: return subjects_.contains(std::minmax(finding.at->subject, finding.other->subject));
    default: return false;
  }
}

}  // namespace vultus::identity
