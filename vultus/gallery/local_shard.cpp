// What the router of a gallery of shards asks of one of them.
#include <vultus/gallery/local_gallery.hpp>

#include <algorithm>

namespace vultus::gallery {

Result<bool> LocalGallery::refresh_keeping_gone() {
  const std::scoped_lock lock(file_);
  keeps_gone_ = true;
  VULTUS_TRY(const auto view, store_->begin(Store::Kind::read));
  VULTUS_TRY(const bool changed, take_in_changes());
  VULTUS_CHECK(view->commit());
  return changed;
}

LocalGallery::Gone LocalGallery::gone() const {
  const std::scoped_lock lock(file_);
  return {{gone_subjects_.begin(), gone_subjects_.end()}, {gone_faces_.begin(), gone_faces_.end()}};
}

LocalGallery::Gone LocalGallery::gone(std::span<const SubjectId> of) const {
  const std::scoped_lock lock(file_);
  const auto view = memory_.index->view();
  Gone some;
  for (const SubjectId id : of)
    if (gone_subjects_.contains(id)) some.subjects.push_back(id);
  for (const FaceId face : gone_faces_) {
    const auto owner = view->subject_of(face);
    if (owner && std::ranges::find(of, *owner) != of.end()) some.faces.push_back(face);
  }
  return some;
}

Status LocalGallery::drop_gone(const Gone& gone) {
  const std::scoped_lock lock(file_);
  IndexChanges changes;
  for (const FaceId face : gone.faces)
    if (gone_faces_.erase(face) > 0) changes.gone.push_back(face);
  for (const SubjectId subject : gone.subjects)
    if (gone_subjects_.erase(subject) > 0) changes.subjects_gone.push_back(subject);
  return memory_.index->change(changes);
}

Result<std::string> LocalGallery::name_key(const std::string& name) {
  const std::scoped_lock lock(file_);
  return codec_->name_key(name);
}

}  // namespace vultus::gallery
