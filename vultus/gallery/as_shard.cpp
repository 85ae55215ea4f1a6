#include <vultus/gallery/as_shard.hpp>

#include <algorithm>

namespace vultus::gallery {

IndexChanges KeptGone::to_drop(const Changes& changes) {
  IndexChanges some;
  if (keeps_) {
    faces_.insert(changes.gone_faces.begin(), changes.gone_faces.end());
    subjects_.insert(changes.gone_subjects.begin(), changes.gone_subjects.end());
  } else {
    some.gone = changes.gone_faces;
    some.subjects_gone = changes.gone_subjects;
  }
  for (const auto& [face, owner] : changes.faces) faces_.erase(face);
  for (const SubjectRow& row : changes.subjects) subjects_.erase(row.id);
  return some;
}

Gone KeptGone::all() const {
  return {
      .subjects = {subjects_.begin(), subjects_.end()}, .faces = {faces_.begin(), faces_.end()}, .readings = readings_};
}

Gone KeptGone::of(std::span<const SubjectId> subjects, const TemplateView& view) const {
  Gone some;
  for (const SubjectId id : subjects)
    if (subjects_.contains(id)) some.subjects.push_back(id);
  for (const FaceId face : faces_) {
    const auto owner = view.subject_of(face);
    if (owner && std::ranges::find(subjects, *owner) != subjects.end()) some.faces.push_back(face);
  }
  return some;
}

IndexChanges KeptGone::drop(const Gone& gone) {
  IndexChanges changes;
  for (const FaceId face : gone.faces)
    if (faces_.erase(face) > 0) changes.gone.push_back(face);
  for (const SubjectId subject : gone.subjects)
    if (subjects_.erase(subject) > 0) changes.subjects_gone.push_back(subject);
  settled_readings_ = std::max(settled_readings_, gone.readings);
  return changes;
}

}  // namespace vultus::gallery
