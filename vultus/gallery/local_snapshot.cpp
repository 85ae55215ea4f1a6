// The snapshot of the index beside a gallery: used at opening, written when enough has changed.
#include <vultus/gallery/local_gallery.hpp>

#include <algorithm>
#include <array>

#include <sys/stat.h>

#include <vultus/gallery/index/snapshot_eraser.hpp>
#include <vultus/postgres/connection.hpp>

namespace vultus::gallery {
namespace {

// Written again when so many of the faces are not in it: it is written the less often the larger it is.
constexpr std::int64_t kShareChanged = 16;

/// The key of the options in memory of its own: the keyring may renew its key while a snapshot is written.
Result<std::shared_ptr<const Secret>> held_key(SnapshotOptions& options) {
  if (!options.key) return std::shared_ptr<const Secret>();
  VULTUS_TRY(Secret copy, Secret::copy_of(*options.key));
  auto held = std::make_shared<const Secret>(std::move(copy));
  options.key = held->key();
  return std::shared_ptr<const Secret>(std::move(held));
}

}  // namespace

/// Never a plain one of a gallery that is sealed; beside a database only where its place is told.
bool LocalGallery::keeps_snapshot() const {
  if (shard_.holding == Holding::nothing) return false;
  if (options_.snapshot.empty() && postgres::is_url(options_.path.native())) return false;
  return options_.snapshot_from > 0 && (codec().encryption() == "none" || codec().snapshot_key());
}

Result<SnapshotOptions> LocalGallery::snapshot_options(const GalleryModel& model) {
  SnapshotOptions options{
      .path = snapshot_path(options_.path, options_.snapshot), .sequence = seen_, .key = codec().snapshot_key()};
  VULTUS_TRY(const std::optional<std::string> id, store_->meta(kMetaGallery));
  options.identity = {
      .gallery = id.value_or(""), .model = model.id, .dimension = static_cast<std::size_t>(model.dimension)};
  struct stat status {};
  // Who may read the gallery may read the snapshot.
  if (::stat(options_.path.c_str(), &status) == 0) options.mode = status.st_mode & 0666U;
  return options;
}

/// A snapshot is of this gallery as it is now, and not of one that was put in its place, if the gallery itself says
/// that it was written from it: then everything up to the snapshot's sequence is the same in both.
std::optional<Memory> LocalGallery::from_snapshot(const ModelRow& model, const SnapshotFile* except) {
  if (!keeps_snapshot()) return std::nullopt;
  const auto options = snapshot_options(model.model);
  const auto ours = store_->meta(kMetaSnapshot);
  const auto newest = store_->sequence();
  if (!options || !ours || !*ours || !newest) return std::nullopt;
  const auto file = SnapshotFile::open(options->path, options->identity, options->key);
  // Left by a process that was killed while it overwrote somebody in it: of no use, and the check would call it damage.
  const auto throw_away = [&](const Error& error) {
    if (error.code == ErrorCode::corrupt_data && options_.access != GalleryAccess::read_only) drop_snapshot();
  };
  if (!file) throw_away(file.error());
  if (!file) return std::nullopt;
  const SnapshotHeader& header = (*file)->header();
  if (salt_of(header) != **ours || header.sequence > *newest) return std::nullopt;
  if (header.erased > *newest) {
    // An older copy of the gallery was put back: it has people who were taken out of the snapshot since. Before the
    // copy goes on to that number, the snapshot must not be there any more.
    if (options_.access != GalleryAccess::read_only) drop_snapshot();
    return std::nullopt;
  }
  if (except != nullptr && header.sum == except->header().sum) return std::nullopt;
  auto index = TemplateIndex::on(*file, model.model.id);
  if (!index) throw_away(index.error());
  if (!index) return std::nullopt;
  const Memory memory{.model = model, .index = std::make_shared<TemplateIndex>(*std::move(index))};
  const auto before = memory.index->view();
  const auto changes = store_->changes_after(header.sequence);
  if (!changes || changes->model || !take_in(*changes, memory)) return std::nullopt;
  seen_ = changes->up_to;
  erase_gone(memory, before.get());  // what others removed who do not know of snapshots
  return memory;
}

void LocalGallery::after_change(const std::shared_ptr<const TemplateView>& before) {
  erase_gone(memory_, before.get());
  tend_index();
}

/// What cannot be overwritten must not be left: then there is no snapshot.
void LocalGallery::erase_gone(const Memory& memory, const TemplateView* before) {
  if (options_.access == GalleryAccess::read_only || !keeps_snapshot()) return;
  const auto view = memory.index->view();
  if (view->snapshot() == nullptr) return;
  if (!view->erase_in_snapshot(snapshot_path(options_.path, options_.snapshot), before, seen_)) drop_snapshot();
}

bool LocalGallery::drop_snapshot(std::chrono::milliseconds wait) const {
  return remove_snapshot(snapshot_path(options_.path, options_.snapshot), wait);
}

Result<bool> LocalGallery::leave_snapshot() {
  if (memory_.index->view()->snapshot() != nullptr) {
    VULTUS_TRY(const auto view, store_->begin(Store::Kind::read));
    VULTUS_CHECK(fill_memory(memory_.model, nullptr));
    VULTUS_CHECK(view->commit());
  }
  return drop_snapshot(kLongestSearch);
}

/// Removals and forgetting give snapshots of an encrypted gallery another key.
Status LocalGallery::require_key_of(const SnapshotOptions& options) const {
  const auto key = codec().snapshot_key();
  if (key.has_value() == options.key.has_value() && (!key || std::ranges::equal(*key, *options.key))) return {};
  return store_->fail(ErrorCode::cancelled, "its keys were changed while a snapshot was being written");
}

void LocalGallery::snapshot_if_due() {
  if (!keeps_snapshot() || options_.access == GalleryAccess::read_only || snapshotting_) return;
  const auto view = memory_.index->view();
  const auto live = static_cast<std::int64_t>(view->live());
  const auto beyond = static_cast<std::int64_t>(view->beyond_snapshot());
  if (live < options_.snapshot_from || beyond < std::max(options_.snapshot_from, live / kShareChanged)) return;
  snapshotting_ = true;
  // The one before it has ended: joining does not wait.
  snapshot_writer_ = std::jthread([this] {
    // It is a cache: what cannot be written is missed at the next opening, and then tried again.
    static_cast<void>(guarded("snapshot", [this] { return snapshot(); }));
    snapshotting_ = false;
  });
}

Result<std::int64_t> LocalGallery::snapshot() {
  const std::scoped_lock one_at_a_time(snapshot_);
  std::shared_ptr<const TemplateView> view;
  std::shared_ptr<TemplateIndex> index;
  std::shared_ptr<const Secret> key;
  SnapshotOptions options;
  {
    // What is there now, and not when it was asked for: the gallery may have been encrypted, or somebody forgotten.
    const std::scoped_lock lock(file_);
    VULTUS_TRY(options, snapshot_options(memory_.model.model));
    VULTUS_TRY(key, held_key(options));
    index = memory_.index;
    view = index->view();
  }
  VULTUS_TRY(const auto file, index->write_snapshot(*view, options));
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, store_->begin(Store::Kind::write));
  Status same = guard_->require_same_rows(*store_);
  if (same) same = require_key_of(options);
  if (!same) {
    drop_snapshot();
    return same.error();
  }
  VULTUS_CHECK(store_->set_meta(kMetaSnapshot, salt_of(file->header())));
  VULTUS_CHECK(transaction->commit());
  // What went while it was written is in it.
  erase_gone(memory_, nullptr);
  cells_if_due();  // what lies on the snapshot now has none
  return static_cast<std::int64_t>(file->header().file_bytes);
}

Result<std::int64_t> LocalGallery::write_snapshot() {
  {
    const std::scoped_lock lock(file_);
    if (options_.access == GalleryAccess::read_only || !keeps_snapshot())
      return store_->fail(ErrorCode::invalid_argument, "opened without a snapshot, or for reading only");
    VULTUS_TRY(const auto current, store_->begin(Store::Kind::read));
    if (const Result<bool> changed = take_in_changes(); !changed) return changed.error();
    VULTUS_CHECK(current->commit());
  }
  return snapshot();
}

Status LocalGallery::recover() {
  const std::scoped_lock lock(file_);
  const auto bad = memory_.index->view();
  if (!bad->damaged()) return {};  // another search did it
  VULTUS_TRY(const auto transaction, store_->begin(Store::Kind::read));
  VULTUS_CHECK(guard_->require_same_rows(*store_));
  VULTUS_CHECK(fill_memory(memory_.model, bad->snapshot()));
  VULTUS_CHECK(transaction->commit());
  tend_index();
  return {};
}

Status LocalGallery::fill_memory(const ModelRow& model, const SnapshotFile* except) {
  if (auto memory = from_snapshot(model, except)) {
    publish(*std::move(memory), seen_);
    return {};
  }
  VULTUS_TRY(const Sequence number, store_->sequence());
  VULTUS_TRY(Memory all, load_memory(*store_, rows_, shard_.holding));
  publish(std::move(all), number);
  return {};
}

}  // namespace vultus::gallery
