// Opening a gallery, loading it, and taking in what others have changed.
#include <vultus/gallery/local_gallery.hpp>

#include <vultus/gallery/input_checks.hpp>
#include <vultus/gallery/record_rows.hpp>
#include <vultus/gallery/row_check.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>
#include <vultus/gallery/subject_name.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {
namespace {

sqlite::Access access_of(GalleryAccess access) {
  switch (access) {
    case GalleryAccess::read_only: return sqlite::Access::read_only;
    case GalleryAccess::read_write: return sqlite::Access::read_write;
    case GalleryAccess::create_or_open: return sqlite::Access::create_or_open;
  }
  return sqlite::Access::read_only;
}

Status check_options(const GalleryOptions& options) {
  if (options.busy_wait.count() < 0 || options.busy_wait > std::chrono::hours(1))
    return vultus::fail(
        ErrorCode::invalid_argument,
        "gallery busy_wait of " + std::to_string(options.busy_wait.count()) + " ms, 0 to 3600000 is allowed");
  if (options.max_bytes < 0)
    return vultus::fail(ErrorCode::invalid_argument,
                        "gallery max_bytes of " + std::to_string(options.max_bytes) + ", 0 or more is allowed");
  if (options.model) VULTUS_CHECK(check_model(*options.model));
  if (options.access == GalleryAccess::create_or_open && !options.model)
    return vultus::fail(ErrorCode::invalid_argument,
                        options.path.string() + ": a gallery cannot be made without a model");
  return {};
}

/// What a new gallery is made with.
NewStore new_store(const GalleryOptions& options) {
  return {.model = *options.model,
          .created = options.now(),
          .meta = {{std::string(kMetaEncryption), "none"}, {std::string(kMetaGallery), new_gallery_id()}}};
}

Status require_model(const Store& store, const GalleryModel& mine, const GalleryModel& wanted) {
  const auto mismatch = [&](const std::string& made, const std::string& other) {
    return store.fail(ErrorCode::model_mismatch, "made with model " + made + ", opened with model " + other);
  };
  if (wanted.id != mine.id) return mismatch(mine.id.text(), wanted.id.text());
  if (wanted.dimension != mine.dimension)
    return mismatch(mine.id.text() + " of dimension " + std::to_string(mine.dimension),
                    wanted.id.text() + " of dimension " + std::to_string(wanted.dimension));
  if (!wanted.sha256.empty() && !mine.sha256.empty() && wanted.sha256 != mine.sha256)
    return mismatch(mine.id.text() + " (SHA-256 " + mine.sha256 + ")",
                    wanted.id.text() + " (SHA-256 " + wanted.sha256 + ")");
  return {};
}

Result<std::string> required_meta(Store& store, std::string_view key) {
  VULTUS_TRY(std::optional<std::string> value, store.meta(key));
  if (!value)
    return store.fail(ErrorCode::corrupt_data, "damaged gallery: no row \"" + std::string(key) + "\" in meta");
  return *std::move(value);
}

/// The model that the gallery is searched with.
Result<ModelRow> searched_model(Store& store) {
  VULTUS_TRY(const std::string wanted, required_meta(store, kMetaModel));
  VULTUS_TRY(const std::vector<ModelRow> models, store.models());
  for (const ModelRow& one : models)
    if (std::to_string(one.id) == wanted) return one;
  return store.fail(ErrorCode::corrupt_data, "damaged gallery: its model \"" + wanted + "\" is not there");
}

}  // namespace

Result<std::unique_ptr<LocalGallery>> LocalGallery::open(GalleryOptions options) {
  VULTUS_CHECK(check_options(options));
  VULTUS_TRY(auto store, SqliteStore::open({.path = options.path,
                                            .access = access_of(options.access),
                                            .busy_wait = options.busy_wait,
                                            .max_bytes = options.max_bytes,
                                            .fill = [&options]() -> Result<NewStore> { return new_store(options); }}));
  VULTUS_TRY(const std::string encryption, required_meta(*store, kMetaEncryption));
  std::unique_ptr<Codec> codec = plain_codec();
  if (encryption != codec->encryption())
    return store->fail(ErrorCode::unsupported,
                       "its encryption is '" + encryption + "', this program knows only 'none'");
  std::unique_ptr<LocalGallery> made(new LocalGallery(std::move(store), std::move(codec), std::move(options)));
  VULTUS_CHECK(made->load());
  return made;
}

Status LocalGallery::load() {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto view, store_->begin(Store::Kind::read));
  VULTUS_TRY(const std::string created, required_meta(*store_, kMetaCreated));
  const std::optional<UtcTime> time = from_iso8601(created);
  if (!time) return damaged("it was created at \"" + created + "\", which is no time");
  created_ = *time;
  VULTUS_TRY(const ModelRow model, searched_model(*store_));
  if (options_.model) VULTUS_CHECK(require_model(*store_, model.model, *options_.model));
  if (auto memory = from_snapshot(model)) {
    publish(*std::move(memory));
  } else {
    VULTUS_TRY(seen_, store_->sequence());
    VULTUS_TRY(Memory all, loaded());
    publish(std::move(all));
  }
  VULTUS_CHECK(view->commit());
  snapshot_if_due();
  return {};
}

void LocalGallery::publish(Memory memory) {
  memory_ = std::move(memory);
  searched_.put(std::make_shared<const Memory>(memory_));
}

Result<LocalGallery::Memory> LocalGallery::loaded() {
  Memory made;
  VULTUS_TRY(made.model, searched_model(*store_));
  made.index =
      std::make_shared<TemplateIndex>(made.model.model.id, static_cast<std::size_t>(made.model.model.dimension));
  // Many at once: each change of an index costs something.
  constexpr std::size_t kAtOnce = 4096;
  IndexChanges some;
  std::vector<std::vector<float>> templates;
  const auto flush = [&]() -> Status {
    VULTUS_CHECK(made.index->change(some));
    some = {};
    templates.clear();
    return {};
  };
  const auto take_subject = [&](const SubjectRow& row) -> Status {
    SubjectRow plain = row;
    VULTUS_CHECK(codec_->open(plain));
    if (const Result<std::string> name = checked_name(plain.name); !name)
      return damaged("subject " + std::to_string(row.id.number()) + ": " + name.error().message);
    some.named.emplace_back(row.id, std::move(plain.name));
    return some.named.size() < kAtOnce ? Status() : flush();
  };
  const auto take_template = [&](SubjectId owner, const TemplateRow& row) -> Status {
    if (!made.index->view()->name_of(owner))
      return damaged("face " + std::to_string(row.face.number()) + " belongs to subject " +
                     std::to_string(owner.number()) + ", who is not there");
    VULTUS_TRY(std::vector<float> values, values_of(row, owner, made.model.model));
    templates.push_back(std::move(values));
    some.added.push_back({row.face, owner, templates.back()});
    return some.added.size() < kAtOnce ? Status() : flush();
  };
  VULTUS_CHECK(store_->each_subject(take_subject));
  VULTUS_CHECK(flush());
  VULTUS_CHECK(store_->each_template(made.model.id, FaceId(0), take_template));
  VULTUS_CHECK(flush());
  VULTUS_TRY(const auto without, store_->faces_without_template(made.model.id, FaceId(0), 1));
  if (!without.empty())
    return damaged("face " + std::to_string(without.front().number()) + " has no template of model " +
                   made.model.model.id.text());
  return made;
}

Result<UtcTime> LocalGallery::now() const {
  const UtcTime time = options_.now();
  VULTUS_CHECK(check_time("the clock of the gallery says", time));
  return time;
}

Result<std::vector<float>> LocalGallery::values_of(TemplateRow row, SubjectId owner, const GalleryModel& model) const {
  VULTUS_CHECK(codec_->open(row, owner));
  std::vector<float> values;
  if (const auto wrong = from_bytes(row.bytes, static_cast<std::size_t>(model.dimension), values))
    return damaged("face " + std::to_string(row.face.number()) + " " + *wrong);
  return values;
}

GalleryInfo LocalGallery::info() const {
  // What is asked of the store does not change while it is open, so this waits for no disk.
  const auto memory = searched_.get();
  const auto view = memory->index->view();
  return {.path = store_->name(),
          .model = memory->model.model,
          .version = store_->version(),
          .created = created_,
          .subjects = static_cast<std::int64_t>(view->subjects()),
          .faces = static_cast<std::int64_t>(view->live()),
          .writable = options_.access != GalleryAccess::read_only,
          .frozen = store_->frozen()};
}

GalleryModel LocalGallery::model() const { return searched_.get()->model.model; }

Result<std::unique_ptr<StoreTransaction>> LocalGallery::begin_change() {
  if (options_.access == GalleryAccess::read_only)
    return store_->fail(ErrorCode::invalid_argument, "opened for reading only");
  VULTUS_TRY(auto transaction, store_->begin(Store::Kind::write));
  if (const Result<bool> changed = take_in_changes(); !changed) return changed.error();
  return transaction;
}

Status LocalGallery::commit(StoreTransaction& transaction) {
  VULTUS_TRY(const Sequence number, store_->sequence());
  VULTUS_CHECK(transaction.commit());
  seen_ = number;
  return {};
}

Result<bool> LocalGallery::take_in_changes() {
  VULTUS_TRY(const Sequence newest, store_->sequence());
  if (newest == seen_) return false;
  VULTUS_TRY(const Changes changes, store_->changes_after(seen_));
  if (changes.model) {
    VULTUS_TRY(Memory again, loaded());
    publish(std::move(again));
    seen_ = changes.up_to;
    return true;
  }
  const auto before = memory_.index->view();
  VULTUS_CHECK(take_in(changes, memory_));
  seen_ = changes.up_to;
  erase_gone(memory_, before.get());
  return true;
}

/// file_ keeps every other writer of memory away, so the index does not change while it is only read here.
Status LocalGallery::take_in(const Changes& changes, const Memory& memory) {
  IndexChanges some{.gone = changes.gone_faces, .moved = changes.faces, .subjects_gone = changes.gone_subjects};
  for (SubjectRow row : changes.subjects) {
    VULTUS_CHECK(codec_->open(row));
    some.named.emplace_back(row.id, std::move(row.name));
  }
  std::vector<std::vector<float>> values;
  const auto view = memory.index->view();
  for (const auto& [face, owner] : changes.faces) {
    if (view->subject_of(face)) continue;
    VULTUS_TRY(const std::optional<TemplateRow> row, store_->face_template(face, memory.model.id));
    if (!row) return damaged("face " + std::to_string(face.number()) + " has no template");
    VULTUS_TRY(auto one, values_of(*row, owner, memory.model.model));
    values.push_back(std::move(one));
    some.added.push_back({face, owner, values.back()});
  }
  return memory.index->change(some);
}

Result<bool> LocalGallery::refresh() {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto view, store_->begin(Store::Kind::read));
  VULTUS_TRY(const bool changed, take_in_changes());
  VULTUS_CHECK(view->commit());
  return changed;
}

Result<GalleryCheck> LocalGallery::check() {
  return read([&]() -> Result<GalleryCheck> {
    VULTUS_TRY(GalleryCheck found, check_rows(*store_, codec_.get()));
    if (!keeps_snapshot()) return found;
    VULTUS_TRY(const SnapshotOptions options, snapshot_options(memory_.model.model));
    if (auto finding = finding_in_snapshot(options)) found.findings.push_back(*std::move(finding));
    return found;
  });
}

}  // namespace vultus::gallery
