#include <vultus/gallery/gallery.hpp>

#include <algorithm>
#include <utility>

#include <vultus/gallery/gallery_impl.hpp>
#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/input_checks.hpp>
#include <vultus/gallery/local_gallery.hpp>
#include <vultus/gallery/protection_check.hpp>
#include <vultus/gallery/row_check.hpp>
#include <vultus/gallery/shards/asked_once.hpp>
#include <vultus/gallery/shards/shard_map.hpp>
#include <vultus/gallery/shards/sharded_gallery.hpp>
#include <vultus/gallery/store/calibration_check.hpp>
#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>
#include <vultus/gallery/subject_name.hpp>
#include <vultus/postgres/connection.hpp>

namespace vultus {

Gallery::Gallery(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gallery::Gallery(Gallery&&) noexcept = default;
Gallery& Gallery::operator=(Gallery&&) noexcept = default;
Gallery::~Gallery() = default;

Result<Gallery> Gallery::open(GalleryOptions options) {
  if (!options.now)
    options.now = [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); };
  if (gallery_kind(options.path) == GalleryKind::shards) {
    VULTUS_TRY(std::unique_ptr<Impl> impl, gallery::ShardedGallery::open(std::move(options)));
    return Gallery(std::move(impl));
  }
  VULTUS_TRY(std::unique_ptr<Impl> impl, gallery::LocalGallery::open(std::move(options)));
  return Gallery(std::move(impl));
}

GalleryKind gallery_kind(const std::filesystem::path& path) {
  if (postgres::is_url(path.native())) return GalleryKind::database;
  return gallery::looks_like_shards(path) ? GalleryKind::shards : GalleryKind::file;
}

std::string gallery_name(const std::filesystem::path& path) {
  if (!postgres::is_url(path.native())) return path.string();
  return postgres::shown_url(path.native()).value_or("a URL of PostgreSQL");
}

GalleryInfo Gallery::info() const { return impl_->info(); }

Result<std::vector<EnrolOutcome>> Gallery::enrol(std::span<const NewFace> faces) {
  const GalleryModel model = impl_->model();
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const std::string which = "face " + std::to_string(i + 1) + " of " + std::to_string(faces.size());
    if (const Status fits = gallery::check_new_face(faces[i], model); !fits)
      return impl_->fail(fits.error().code, which + ": " + fits.error().message);
  }
  return impl_->enrol(faces);
}

Result<SubjectOutcome> Gallery::add_subject(std::string_view name) {
  VULTUS_TRY(const std::string checked, gallery::checked_name(name));
  return impl_->add_subject(checked);
}

Result<EnrolledFace> Gallery::face(FaceId id) const { return impl_->face(id); }

Result<std::vector<Subject>> Gallery::subjects(const ListOptions& options) const {
  if (options.limit < 1 || options.limit > ListOptions::kMaxLimit)
    return fail(ErrorCode::invalid_argument, "a list of " + std::to_string(options.limit) + " subjects, 1 to " +
                                                 std::to_string(ListOptions::kMaxLimit) + " is allowed");
  return impl_->subjects(options);
}

Result<std::optional<Subject>> Gallery::find_subject(std::string_view name) const {
  VULTUS_TRY(const std::string checked, gallery::checked_name(name));
  return impl_->find_subject(checked);
}

Result<Subject> Gallery::subject(SubjectId id) const { return impl_->subject(id); }
Result<std::vector<SubjectId>> Gallery::tagged(std::span<const std::string> tags) const {
  std::vector<SubjectId> found;
  for (ListOptions page{.after = {}, .limit = ListOptions::kMaxLimit};;) {
    VULTUS_TRY(const std::vector<Subject> some, impl_->subjects(page));
    for (const Subject& one : some)
      if (std::ranges::find_first_of(one.details.tags, tags) != one.details.tags.end()) found.push_back(one.id);
    if (some.size() < page.limit) break;
    page.after = some.back().name;
  }
  std::ranges::sort(found);
  return found;
}
Result<std::vector<EnrolledFace>> Gallery::faces(SubjectId id) const { return impl_->faces(id); }
Result<std::vector<EnrolledFace>> Gallery::faces_of_source(std::string_view sha256) const {
  return impl_->faces_of_source(sha256);
}
Result<std::vector<Embedding>> Gallery::templates(SubjectId id) const { return impl_->templates(id); }
Result<std::optional<Thumbnail>> Gallery::thumbnail(FaceId id) const { return impl_->thumbnail(id); }

Result<SubjectId> Gallery::rename(SubjectId id, std::string_view to, IfNameTaken if_taken) {
  VULTUS_TRY(const std::string name, gallery::checked_name(to));
  return impl_->rename(id, name, if_taken);
}

Status Gallery::describe(SubjectId id, const SubjectDetails& details) {
  VULTUS_CHECK(gallery::check_details(details));
  return impl_->describe(id, details);
}

Result<Removal> Gallery::remove(SubjectId id) { return impl_->remove(id); }
Result<Removal> Gallery::remove(FaceId id) { return impl_->remove(id); }

Status Gallery::merge(SubjectId from, SubjectId into) { return impl_->merge(from, into); }

Result<SubjectId> Gallery::split(std::span<const FaceId> faces, std::string_view name) {
  VULTUS_TRY(const std::string checked, gallery::checked_name(name));
  if (faces.empty()) return fail(ErrorCode::invalid_argument, "no faces to be split off");
  return impl_->split(faces, checked);
}

Status Gallery::not_this_person(FaceId face, SubjectId subject, Say say) {
  return impl_->not_this_person(face, subject, say);
}

Status Gallery::not_same_person(FaceId a, FaceId b, Say say) {
  if (a == b) return fail(ErrorCode::invalid_argument, "face " + std::to_string(a.number()) + " twice");
  return impl_->not_same_person(std::min(a, b), std::max(a, b), say);
}

Result<std::vector<NotSame>> Gallery::not_same() const { return impl_->not_same(); }
Result<std::vector<UndoEntry>> Gallery::undoable() const { return impl_->undoable(); }
Result<UndoEntry> Gallery::undo(std::optional<std::int64_t> number) { return impl_->undo(number); }
Status Gallery::forget_undo() { return impl_->forget_undo(); }

Result<std::vector<Candidate>> Gallery::search(const Embedding& probe, const SearchOptions& options) const {
  VULTUS_TRY(auto answers, impl_->search({&probe, 1}, options));
  return std::move(answers.front());
}

Result<std::vector<std::vector<Candidate>>> Gallery::search(std::span<const Embedding> probes,
                                                            const SearchOptions& options) const {
  return impl_->search(probes, options);
}

Result<std::int64_t> Gallery::write_snapshot() { return impl_->write_snapshot(); }
Result<bool> Gallery::refresh() { return impl_->refresh(); }

Status Gallery::add_calibration(const Calibration& measured) {
  VULTUS_CHECK(gallery::check_calibration(measured));
  return impl_->add_calibration(measured);
}

Result<std::vector<Calibration>> Gallery::calibrations() const { return impl_->calibrations(); }

Status Gallery::begin_model_move(const GalleryModel& to) {
  VULTUS_CHECK(gallery::check_model(to));
  return impl_->begin_model_move(to);
}

Result<std::optional<ModelMove>> Gallery::model_move() const { return impl_->model_move(); }

Result<std::vector<EnrolledFace>> Gallery::faces_to_move(FaceId after, std::size_t limit) const {
  if (limit < 1 || limit > ListOptions::kMaxLimit)
    return fail(ErrorCode::invalid_argument, "a list of " + std::to_string(limit) + " faces, 1 to " +
                                                 std::to_string(ListOptions::kMaxLimit) + " is allowed");
  return impl_->faces_to_move(after, limit);
}

Result<std::int64_t> Gallery::add_moved_templates(std::span<const MovedTemplate> templates) {
  return impl_->add_moved_templates(templates);
}

Result<ModelSwitch> Gallery::switch_model(IfNotMoved if_not_moved) { return impl_->switch_model(if_not_moved); }
Status Gallery::drop_model_move() { return impl_->drop_model_move(); }

Result<GalleryCheck> Gallery::check() const { return impl_->check(); }

Status Gallery::note(const AuditNote& note) const { return impl_->note(note); }
Status Gallery::note_change(const AuditNote& note) { return impl_->note_change(note); }
Status Gallery::set_audit(AuditLevel level) { return impl_->set_audit(level); }
Status Gallery::each_audit(std::int64_t after, const std::function<Status(const AuditEntry&)>& take) const {
  return impl_->each_audit(after, take);
}
Result<AuditHead> Gallery::audit_head() const { return impl_->audit_head(); }
Result<AuditVerdict> Gallery::verify_audit(const std::optional<AuditHead>& known) const {
  return impl_->verify_audit(known);
}
std::string Gallery::pseudonym(SubjectId id) const { return impl_->pseudonym(id); }

Status Gallery::encrypt(const KeySource& key, const PassphraseCost& cost) { return impl_->encrypt(key, cost); }
Status Gallery::decrypt() { return impl_->decrypt(); }
Status Gallery::rotate_key(const KeySource& to, const PassphraseCost& cost, RenewKeys which) {
  return impl_->rotate_key(to, cost, which);
}
Result<ForgetProof> Gallery::forget(SubjectId id) { return impl_->forget(id); }
Result<Expired> Gallery::expire(ExpiryRun run) { return impl_->expire(run); }
Result<bool> Gallery::allows_bulk_export() const { return impl_->allows_bulk_export(); }
Status Gallery::allow_bulk_export(BulkExport allowed) { return impl_->allow_bulk_export(allowed); }

Result<GalleryCheck> check_gallery(const std::filesystem::path& path) {
  return check_gallery(GalleryOptions{.path = path});
}

namespace {

using gallery::Guard;
using gallery::Store;

/// @param key  of what is sealed; nothing for a plain snapshot
Status check_snapshot(Store& store, const GalleryOptions& options, const std::optional<gallery::SnapshotKey>& key,
                      GalleryCheck& found) {
  // Beside a database it is kept only where its place is told.
  if (options.snapshot.empty() && gallery_kind(options.path) != GalleryKind::file) return {};
  const auto searched = store.meta(gallery::kMetaModel);
  const auto id = store.meta(gallery::kMetaGallery);
  const auto models = store.models();
  const auto ours = store.meta(gallery::kMetaSnapshot);
  if (!searched || !id || !models || !ours) return {};  // a finding already
  for (const gallery::ModelRow& row : *models) {
    if (*searched != std::to_string(row.id)) continue;
    const gallery::SnapshotIdentity identity{
        .gallery = id->value_or(""), .model = row.model.id, .dimension = static_cast<std::size_t>(row.model.dimension)};
    auto finding =
        gallery::finding_in_snapshot(gallery::snapshot_path(options.path, options.snapshot), identity, key, *ours);
    if (finding) found.findings.push_back(*std::move(finding));
  }
  return {};
}

/// Loads no index: one row that is not as it was written must not hide what else is wrong.
Result<GalleryCheck> check_store(Store& store, const GalleryOptions& options, gallery::ShardKeys shard = {}) {
  const auto plain = gallery::plain_codec();
  const auto encryption = store.meta(gallery::kMetaEncryption);
  if (!encryption || *encryption == std::string(plain->encryption())) {
    VULTUS_TRY(GalleryCheck found, gallery::check_rows(store, {.codec = encryption ? plain.get() : nullptr}));
    if (encryption) VULTUS_CHECK(check_snapshot(store, options, {}, found));
    if (encryption) VULTUS_CHECK(gallery::check_plain_protection(store, options, shard, found));
    return found;
  }
  if (!options.key) {
    // What is sealed can only be looked at as it lies there.
    VULTUS_TRY(GalleryCheck found, gallery::check_rows(store, {}));
    found.sealed_values_checked = false;
    return found;
  }
  VULTUS_TRY(const auto guard, Guard::open(store, options, std::move(shard)));
  VULTUS_TRY(GalleryCheck found, gallery::check_rows(store, {.codec = &guard->codec(), .is_going = [&](SubjectId id) {
                                                               return guard->is_forgotten(id);
                                                             }}));
  found.sealed_values_checked = true;
  if (const auto key = guard->codec().snapshot_key()) VULTUS_CHECK(check_snapshot(store, options, key, found));
  VULTUS_TRY(const gallery::AuditLog log, guard->log(store, false));
  VULTUS_CHECK(gallery::check_keyring_and_log(store, *guard->keyring(), log, found));
  return found;
}

/// @param options  path is the URL
Result<GalleryCheck> check_database(GalleryOptions options, gallery::ShardKeys shard = {}) {
  VULTUS_TRY(const auto store,
             gallery::PostgresStore::open(
                 {.url = options.path.native(), .deadline = options.server_deadline, .busy_wait = options.busy_wait}));
  if (options.keyring.empty()) options.keyring = options.path;
  // All of it as it is at one moment, whatever others write meanwhile.
  VULTUS_TRY(const auto view, store->begin(Store::Kind::read));
  return check_store(*store, options, std::move(shard));
}

Result<GalleryCheck> check_shards(GalleryOptions options) {
  VULTUS_TRY(const gallery::ShardMap map, gallery::read_shards(options.path));
  if (options.key) options.key = gallery::asked_once(*options.key);
  if (options.other_key) options.other_key = gallery::asked_once(*options.other_key);
  GalleryCheck sum;
  for (const gallery::Shard& shard : map.shards) {
    GalleryOptions mine = options;
    VULTUS_TRY(mine.path, gallery::joined_url(shard));
    if (!mine.snapshot.empty()) mine.snapshot += "." + std::to_string(shard.number);
    const auto one = check_database(std::move(mine), {.shard = shard.name});
    const std::string name = "shard " + shard.name + ": ";
    if (!one && one.error().code == ErrorCode::corrupt_data) {
      sum.findings.push_back(name + one.error().message);
    } else if (!one) {
      if (one.error().code == ErrorCode::resource_limit && options.partial == PartialAnswers::allow) continue;
      return fail(one.error().code, options.path.string() + ": shard \"" + shard.name + "\": " + one.error().message);
    } else {
      sum.subjects += one->subjects;
      sum.faces += one->faces;
      if (one->sealed_values_checked) sum.sealed_values_checked = one->sealed_values_checked;
      for (const std::string& finding : one->findings) sum.findings.push_back(name + finding);
      for (const std::string& note : one->notes) sum.notes.push_back(name + note);
    }
  }
  // Whether they belong together is seen by opening them, which needs the key, and rows that can be read.
  if (!sum.sound() || sum.sealed_values_checked == false) return sum;
  VULTUS_TRY(const Gallery whole, Gallery::open(std::move(options)));
  return sum;
}

}  // namespace

Result<GalleryCheck> check_gallery(GalleryOptions options) {
  if (!options.now) options.now = [] { return UtcTime(); };  // nothing is written
  switch (gallery_kind(options.path)) {
    case GalleryKind::shards: return check_shards(std::move(options));
    case GalleryKind::database: return check_database(std::move(options));
    case GalleryKind::file: break;
  }
  VULTUS_TRY(const auto store, gallery::SqliteStore::open({.path = options.path}));
  return check_store(*store, options);
}

}  // namespace vultus
