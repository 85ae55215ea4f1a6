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
  const std::shared_lock lock(memory_lock_);
  return {{memory_.gone_subjects.begin(), memory_.gone_subjects.end()},
          {memory_.gone_faces.begin(), memory_.gone_faces.end()}};
}

LocalGallery::Gone LocalGallery::gone(std::span<const SubjectId> of) const {
  const std::shared_lock lock(memory_lock_);
  Gone some;
  for (const SubjectId id : of)
    if (memory_.gone_subjects.contains(id)) some.subjects.push_back(id);
  for (const FaceId face : memory_.gone_faces) {
    const auto owner = memory_.index->subject_of(face);
    if (owner && std::ranges::find(of, *owner) != of.end()) some.faces.push_back(face);
  }
  return some;
}

void LocalGallery::drop_gone(const Gone& gone) {
  const std::scoped_lock lock(file_);
  const std::unique_lock memory(memory_lock_);
  for (const FaceId face : gone.faces)
    if (memory_.gone_faces.erase(face) > 0) memory_.index->remove(face);
  for (const SubjectId subject : gone.subjects)
    if (memory_.gone_subjects.erase(subject) > 0) memory_.names.erase(subject);
}

Result<std::string> LocalGallery::name_key(const std::string& name) {
  const std::scoped_lock lock(file_);
  return codec_->name_key(name);
}

}  // namespace vultus::gallery
