// What the router of a gallery of shards asks of one of them.
#include <vultus/gallery/local_gallery.hpp>

namespace vultus::gallery {

Result<bool> LocalGallery::refresh_keeping_gone() {
  const std::scoped_lock lock(file_);
  gone_.begin();
  VULTUS_TRY(const auto view, store_->begin(Store::Kind::read));
  VULTUS_TRY(const bool changed, take_in_changes());
  VULTUS_CHECK(view->commit());
  return changed;
}

Gone LocalGallery::gone() const {
  const std::scoped_lock lock(file_);
  return gone_.all();
}

Gone LocalGallery::gone(std::span<const SubjectId> of) const {
  const std::scoped_lock lock(file_);
  return gone_.of(of, *memory_.index->view());
}

Status LocalGallery::drop_gone(const Gone& gone) {
  const std::scoped_lock lock(file_);
  return memory_.index->change(gone_.drop(gone));
}

Result<std::string> LocalGallery::name_key(const std::string& name) {
  const std::scoped_lock lock(file_);
  return codec().name_key(name);
}

}  // namespace vultus::gallery
