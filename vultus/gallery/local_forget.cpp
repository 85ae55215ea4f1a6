// Forgetting a subject with proof, and removing what is past its time.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include <vultus/gallery/byte_search.hpp>
#include <vultus/gallery/index/snapshot_eraser.hpp>
#include <vultus/gallery/local_gallery.hpp>
#include <vultus/gallery/record_rows.hpp>
#include <vultus/postgres/connection.hpp>

namespace vultus::gallery {
namespace {

constexpr std::size_t kExpiredAtOnce = 1000;

void add_texts(ByteSearch& search, const SubjectRow& row, const std::string& how) {
  search.add(how + "name", row.name);
  search.add(how + "external id", row.external_id);
  search.add(how + "tags", row.tags);
  search.add(how + "consent", row.consent);
  search.add(how + "purpose", row.purpose);
  search.add(how + "notes", row.notes);
}

/// What will be looked for: as a reader sees it, and as it lies in the store.
Status collect_traces(Store& store, Guard& guard, const SubjectRow& stored, ByteSearch& search) {
  const Codec& codec = guard.codec();
  SubjectRow plain = stored;
  const bool opens = codec.open(plain).has_value();
  if (opens) add_texts(search, plain, "");
  if (guard.sealed()) add_texts(search, stored, "encrypted ");
  VULTUS_TRY(const std::vector<FaceRow> faces, store.faces_of(stored.id));
  VULTUS_TRY(const std::vector<ModelRow> models, store.models());
  for (const FaceRow& face : faces) {
    const std::string of = " of face " + std::to_string(face.id.number());
    FaceRow shown = face;
    if (codec.open(shown)) {
      search.add("source" + of, shown.source);
      search.add("SHA-256 of the source" + of, shown.source_sha256);
    }
    for (const ModelRow& model : models) {
      VULTUS_TRY(const std::optional<TemplateRow> row, store.face_template(face.id, model.id));
      if (!row) continue;
      TemplateRow open = *row;
      if (guard.sealed()) search.add("encrypted template" + of, row->bytes);
      if (codec.open(open, stored.id)) search.add("template" + of, open.bytes);
    }
    VULTUS_TRY(const std::optional<ThumbnailRow> picture, store.thumbnail(face.id));
    if (!picture) continue;
    // Pictures of one camera begin alike: a part behind the headers tells them apart.
    const auto inside = [](const Bytes& bytes) {
      return std::span(bytes).subspan(bytes.size() > 2 * ByteSearch::kMaxPattern ? bytes.size() / 2 : 0);
    };
    ThumbnailRow open = *picture;
    if (guard.sealed()) search.add("encrypted thumbnail" + of, inside(picture->bytes));
    if (codec.open(open, stored.id)) search.add("thumbnail" + of, inside(open.bytes));
  }
  return {};
}

/// Looks through a file that is no part of the store.
/// @return false if there is none
bool search_file(const std::filesystem::path& path, ByteSearch& search) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  search.next_file();
  std::vector<char> bytes(std::size_t{1} << 20U);
  while (file) {
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    search.take(std::as_bytes(std::span(bytes).first(static_cast<std::size_t>(file.gcount()))));
  }
  return true;
}

/// Whether any value of a subject opens. Damage that the store finds itself is no answer.
Result<bool> opens_anywhere(Store& store, const Codec& codec, const SubjectRow& row,
                            const std::vector<ModelRow>& models) {
  for (const auto text : {&SubjectRow::name, &SubjectRow::external_id, &SubjectRow::tags, &SubjectRow::consent,
                          &SubjectRow::purpose, &SubjectRow::notes}) {
    SubjectRow alone{.id = row.id};
    alone.*text = row.*text;
    if (!(alone.*text).empty() && codec.open(alone)) return true;
  }
  VULTUS_TRY(const std::vector<FaceRow> faces, store.faces_of(row.id));
  for (const FaceRow& face : faces)
    for (const ModelRow& model : models) {
      VULTUS_TRY(std::optional<TemplateRow> one, store.face_template(face.id, model.id));
      if (one && codec.open(*one, row.id)) return true;
    }
  return false;
}

bool any_found(const ByteSearch& search) {
  return std::ranges::any_of(search.results(), [](const ForgetSearch& one) { return one.found > 0; });
}

/// Looks through what the store keeps on the disk.
/// @param files  becomes what was looked through; empty where the store has no files here
Status search_store(Store& store, ByteSearch& search, std::vector<std::string>& files) {
  files.clear();
  const Status searched = store.raw_bytes([&](const std::string& file, std::span<const std::byte> bytes) {
    if (files.empty() || files.back() != file) {
      files.push_back(file);
      search.next_file();
    }
    search.take(bytes);
  });
  return !searched && searched.error().code == ErrorCode::unsupported ? Status() : searched;
}

}  // namespace

/// The key first: from then on no copy opens, whatever happens to this process.
Result<std::int64_t> LocalGallery::destroy_subject(SubjectId id, const char* what, ForgetProof* proof) {
  VULTUS_CHECK(codec().forget(id));
  if (guard_->sealed()) {
    VULTUS_TRY(const UtcTime time, now());
    drop_snapshot();  // before its key: what nobody can open would look like damage after a crash
    VULTUS_CHECK(guard_->keyring()->renew(KeyUse::snapshot, time));
  }
  VULTUS_TRY(const std::int64_t steps, steps_.drop_of(id));
  // Subjects that were merged into this one have left their keys for those steps: copies from before open with them.
  VULTUS_CHECK(steps_.forget_unused());
  VULTUS_TRY(const std::int64_t faces, store_->remove_subject(id));
  AuditNote act{.what = what, .subjects = {id}, .count = faces};
  std::string fingerprint;
  if (guard_->is_forgotten(id)) fingerprint = guard_->keyring()->destroyed().at(id.number()).fingerprint;
  if (!fingerprint.empty()) act.detail = "key " + fingerprint + " destroyed";
  VULTUS_CHECK(guard_->note(*store_, act, AuditKind::change));
  if (proof == nullptr) return faces;
  proof->undo_steps = steps;
  proof->pseudonym = guard_->pseudonym(id);
  proof->key_fingerprint = std::move(fingerprint);
  return faces;
}

Status LocalGallery::drop_from_memory(const IndexChanges& gone) {
  const auto before = memory_.index->view();
  lost_ = seen_.load();
  VULTUS_CHECK(memory_.index->change(gone));
  // The snapshot of an encrypted gallery cannot be read any more: its key was renewed.
  if (guard_->sealed() && !gone.subjects_gone.empty()) drop_snapshot();
  after_change(before);
  reload_negatives();
  return {};
}

Result<ForgetProof> LocalGallery::forget(SubjectId id) {
  // A snapshot that is being written shows the subject until it is finished.
  const std::scoped_lock lock(snapshot_, file_);
  ForgetProof proof{.subject = id};
  proof.on_server = postgres::is_url(options_.path.native());
  VULTUS_TRY(proof.at, now());
  ByteSearch search;
  {
    VULTUS_TRY(const auto transaction, begin_change());
    VULTUS_TRY(const std::optional<SubjectRow> row, store_->subject(id));
    if (!row) return store_->fail(ErrorCode::not_found, "no subject " + std::to_string(id.number()));
    VULTUS_CHECK(collect_traces(*store_, *guard_, *row, search));
    VULTUS_TRY(proof.faces, destroy_subject(id, "forget", &proof));
    VULTUS_CHECK(commit(*transaction));
  }
  VULTUS_CHECK(drop_from_memory({.subjects_gone = {id}}));
  if (guard_->sealed()) {
    VULTUS_CHECK(guard_->keyring()->scrub());
    proof.keyring = guard_->keyring_name();
    proof.keyring_in = guard_->keyring_in();
  }
  proof.log_emptied = store_->empty_log().value_or(false);
  // One that is not searched in here, of another process or of a copy that was put back, may still show the subject.
  const std::filesystem::path snapshot = snapshot_path(options_.path, options_.snapshot);
  ByteSearch in_snapshot = search;
  const bool searched_already = search_file(snapshot, in_snapshot) && !any_found(in_snapshot);
  if (any_found(in_snapshot)) proof.log_emptied = drop_snapshot(kLongestSearch) && proof.log_emptied;
  VULTUS_CHECK(search_store(*store_, search, proof.files));
  // Copies of rows that the store has moved from page to page go when it is written anew. Where that is not possible,
  // for want of room or because somebody reads, the proof says what is left.
  if (any_found(search) && store_->write_anew().value_or(false)) {
    search.begin_again();
    VULTUS_CHECK(search_store(*store_, search, proof.files));
  }
  // One that another process is writing may show the subject, too.
  remove_unfinished_snapshot(snapshot);
  const std::string unfinished = unfinished_snapshot(snapshot).string();
  if (searched_already || search_file(snapshot, search)) proof.files.push_back(snapshot.string());
  if (search_file(unfinished, search)) proof.files.push_back(unfinished);
  if (!proof.files.empty()) proof.searched = search.results();
  return proof;
}

/// A forgetting whose process ended between the key and the rows.
Status LocalGallery::finish_forgetting() {
  if (!guard_->sealed() || options_.access == GalleryAccess::read_only) return {};
  std::vector<SubjectId> left;
  for (const auto& [number, gone] : guard_->keyring()->destroyed()) {
    VULTUS_TRY(const std::optional<SubjectRow> row, store_->subject(SubjectId(number)));
    if (row) left.emplace_back(number);
  }
  if (left.empty()) return {};
  VULTUS_TRY(const auto transaction, store_->begin(Store::Kind::write));
  for (const SubjectId id : left) {
    const auto removed = destroy_subject(id, "forget", nullptr);
    if (!removed && removed.error().code != ErrorCode::not_found) return removed.error();
  }
  VULTUS_CHECK(transaction->commit());
  VULTUS_CHECK(guard_->scrub_keys());
  (void)store_->empty_log();
  return {};
}

Result<bool> LocalGallery::take_up_forgetting() {
  const bool reading = options_.access == GalleryAccess::read_only;
  VULTUS_TRY(const auto transaction, store_->begin(reading ? Store::Kind::read : Store::Kind::write));
  VULTUS_CHECK(guard_->refresh(*store_));
  std::vector<SubjectRow> closed;
  VULTUS_CHECK(store_->each_subject([&](const SubjectRow& row) -> Status {
    SubjectRow plain = row;
    if (!guard_->is_forgotten(row.id) && !codec().open(plain)) closed.push_back(row);
    return {};
  }));
  // Everybody else opens: this is neither another gallery's keyring nor an older copy of it.
  if (closed.size() != 1 || !guard_->keyring()->may_lack_older_key(closed[0].id.number(), closed[0].created))
    return false;
  VULTUS_TRY(const std::vector<ModelRow> models, store_->models());
  VULTUS_TRY(const bool opens, opens_anywhere(*store_, codec(), closed[0], models));
  if (opens) return false;
  if (reading)
    guard_->keyring()->presume_destroyed(closed[0].id.number());
  else
    VULTUS_CHECK(codec().forget(closed[0].id));
  return true;  // finish_forgetting removes the rows
}

Result<Expired> LocalGallery::expire(ExpiryRun run) {
  VULTUS_TRY(const UtcTime time, now());
  const std::scoped_lock lock(file_);
  Expired all;
  for (;;) {
    Expired part;
    VULTUS_TRY(const auto transaction, run == ExpiryRun::look ? store_->begin(Store::Kind::read) : begin_change());
    VULTUS_TRY(part.subjects, store_->expired_subjects(time, run == ExpiryRun::look ? SIZE_MAX / 2 : kExpiredAtOnce));
    const std::unordered_set<SubjectId> going(part.subjects.begin(), part.subjects.end());
    VULTUS_TRY(const auto faces, store_->expired_faces(time, run == ExpiryRun::look ? SIZE_MAX / 2 : kExpiredAtOnce));
    for (const FaceId face : faces) {
      VULTUS_TRY(const std::optional<FaceRow> row, store_->face(face));
      if (row && !going.contains(row->subject)) part.faces.push_back(face);
    }
    if (run == ExpiryRun::remove) {
      for (const SubjectId id : part.subjects)
        if (const auto gone = destroy_subject(id, "expire", nullptr); !gone) return gone.error();
      for (const FaceId face : part.faces) VULTUS_CHECK(store_->remove_face(face));
      if (!part.faces.empty())
        VULTUS_CHECK(guard_->note(*store_, {.what = "expire", .faces = part.faces}, AuditKind::change));
      VULTUS_CHECK(commit(*transaction));
      VULTUS_CHECK(drop_from_memory({.gone = part.faces, .subjects_gone = part.subjects}));
    }
    all.subjects.insert(all.subjects.end(), part.subjects.begin(), part.subjects.end());
    all.faces.insert(all.faces.end(), part.faces.begin(), part.faces.end());
    if (run == ExpiryRun::look || (part.subjects.empty() && part.faces.empty())) break;
  }
  if (run == ExpiryRun::remove && !(all == Expired())) {
    VULTUS_CHECK(guard_->scrub_keys());
    (void)store_->empty_log();
  }
  return all;
}

}  // namespace vultus::gallery
