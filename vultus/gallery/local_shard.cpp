// What the router of a gallery of shards asks of one of them.
#include <vultus/gallery/local_gallery.hpp>

#include <algorithm>

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
  Gone all = gone_.all();
  all.up_to = seen_;
  return all;
}

Gone LocalGallery::gone(std::span<const SubjectId> of) const {
  const std::scoped_lock lock(file_);
  return gone_.of(of, *memory_.index->view());
}

Status LocalGallery::drop_gone(const Gone& gone) {
  const std::scoped_lock lock(file_);
  const IndexChanges dropped = gone_.drop(gone);
  if (!dropped.gone.empty() || !dropped.subjects_gone.empty()) {
    lost_ = gone.up_to > 0 ? std::max(lost_.load(), gone.up_to) : seen_.load();
    VULTUS_CHECK(memory_.index->change(dropped));
  }
  if (gone_.settled())
    settled_ = seen_.load();
  else
    settled_ = std::max(settled_.load(), gone.up_to);
  return {};
}

Result<std::optional<std::string>> LocalGallery::name_key_of_undo(std::int64_t number) {
  return read([&] { return steps_.name_key_back(number); });
}

Result<bool> LocalGallery::destroy_key(SubjectId id) {
  const std::scoped_lock lock(file_);
  if (!guard_->sealed()) return false;
  Keyring& keys = *guard_->keyring();
  VULTUS_CHECK(keys.refresh());
  if (!keys.has(id.number())) return false;
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_CHECK(codec().forget(id));
  const std::string fingerprint = keys.destroyed().at(id.number()).fingerprint;
  VULTUS_CHECK(guard_->note(
      *store_, {.what = "forget", .subjects = {id}, .detail = "key " + fingerprint + " destroyed"}, AuditKind::change));
  VULTUS_CHECK(commit(*transaction));
  return true;
}

Result<std::string> LocalGallery::name_key(const std::string& name) {
  const std::scoped_lock lock(file_);
  return codec().name_key(name);
}

}  // namespace vultus::gallery
