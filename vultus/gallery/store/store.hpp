// Where a gallery lies: rows as they are on the disk, and nothing of keys, of what a template means or of search.
// SQLite and PostgreSQL implement it; store_conformance_test.cpp says what every store has to do. Private to this room.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/records.hpp>
#include <vultus/gallery/store/meta.hpp>
#include <vultus/gallery/store/rows.hpp>

namespace vultus::gallery {

/// All or nothing: what was not committed is rolled back when the object goes, and the store must outlive it.
class StoreTransaction {
 public:
  virtual ~StoreTransaction() = default;
  /// After success the changes survive the end of the process and of the machine's power.
  virtual Status commit() = 0;
};

/// The first of the ids that were asked for; the others follow it without a gap.
struct ReservedIds {
  SubjectId subject;
  FaceId face;
};

struct BackupOptions {
  std::filesystem::path to;  ///< a new file; one that is there is an error
  std::stop_token stop = {};
  int pages_a_step = 256;  ///< at least 1
};

/// Rows read one after the other. An error that the callback gives ends the reading and is given on.
template <class Row>
using Take = std::function<Status(const Row&)>;

/// Looks at a row in check(), beside what the store itself finds wrong with it.
struct CheckVisitor {
  std::function<void(const SubjectRow&)> subject;
  std::function<void(const FaceRow&)> face;
  std::function<void(const TemplateRow&, SubjectId owner)> face_template;
  std::function<void(const ThumbnailRow&, SubjectId owner)> thumbnail;
};

/// Thread-compatible: one user at a time. Members that change need a write transaction around them, members that read
/// may stand in either kind or in none. Every row carries a checksum (row_sum.hpp) that is verified when it is read.
/// Errors of all members beside those they name: corrupt_data (a damaged row or page), resource_limit (read-only, disk
/// full, locked or not reached for longer than allowed, out of memory).
class Store {
 public:
  enum class Kind : std::uint8_t { read, write };

  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // ---- The store itself
  [[nodiscard]] virtual const std::string& name() const = 0;  ///< for messages: path, or server and database
  [[nodiscard]] virtual int version() const = 0;              ///< of the schema
  [[nodiscard]] virtual bool writable() const = 0;
  [[nodiscard]] virtual bool frozen() const = 0;  ///< changes by others are not seen
  /// An error of this store: "<name>: <message>".
  [[nodiscard]] Error fail(ErrorCode code, std::string_view message) const {
    return vultus::fail(code, name() + ": " + std::string(message));
  }

  /// @param kind  read: one view of everything until commit; write: keeps other writers away at once, so that
  ///              changes_after inside tells all that was written before, and commit finds nobody in the way
  virtual Result<std::unique_ptr<StoreTransaction>> begin(Kind kind) = 0;
  /// The newest committed transaction; inside a write transaction that has changed something, its own number.
  virtual Result<Sequence> sequence() = 0;
  virtual Result<Changes> changes_after(Sequence seen) = 0;

  virtual Result<std::optional<std::string>> meta(std::string_view key) = 0;
  /// Setting kMetaModel also sets kMetaSwitched.
  virtual Status set_meta(std::string_view key, std::string_view value) = 0;

  // ---- Models: the one that is searched (meta 'model'), and beside it one that is moved to
  virtual Result<std::vector<ModelRow>> models() = 0;
  /// @error invalid_argument  a model of that name is there
  virtual Result<ModelRowId> add_model(const GalleryModel& model, UtcTime now) = 0;
  /// With its templates and calibrations.
  virtual Status remove_model(ModelRowId id) = 0;

  // ---- Subjects
  /// Ids that no row has had before. Ids of a transaction that was rolled back may be given again.
  virtual Result<ReservedIds> reserve_ids(std::int64_t subjects, std::int64_t faces) = 0;
  /// @error invalid_argument  a name_key or id that is there
  virtual Status add_subjects(std::span<const SubjectRow> rows) = 0;
  /// Writes all columns of a subject that is there.
  /// @error not_found, invalid_argument  no such subject; its name_key belongs to another one
  virtual Status update_subject(const SubjectRow& row) = 0;
  /// The subject, its faces and all that belongs to them: templates, thumbnails, links. Bytes are overwritten where the
  /// store can do that.
  /// @return the number of faces that went
  /// @error not_found  no such subject
  virtual Result<std::int64_t> remove_subject(SubjectId id) = 0;
  /// @return nothing if there is none
  virtual Result<std::optional<SubjectRow>> subject(SubjectId id) = 0;
  /// One answer for each key.
  virtual Result<std::vector<std::optional<SubjectRow>>> find_subjects(std::span<const std::string> name_keys) = 0;
  /// In the order of the bytes of name_key, those behind `after`.
  virtual Result<std::vector<SubjectRow>> subjects(std::string_view after, std::size_t limit) = 0;
  /// All of them, by id, without counting their faces.
  virtual Status each_subject(const Take<SubjectRow>& take) = 0;

  // ---- Faces
  /// @error invalid_argument  an id that is there, a subject or model that is not
  virtual Status add_faces(std::span<const WholeFace> faces) = 0;
  /// Writes faces again that are there, with the templates and thumbnails they now have: the others are taken away.
  virtual Status update_faces(std::span<const WholeFace> faces) = 0;
  /// Gives faces to another subject, and nothing else of them changes.
  virtual Status move_faces(std::span<const FaceId> faces, SubjectId to) = 0;
  /// @error not_found  no such face
  virtual Status remove_face(FaceId id) = 0;
  /// Who has which face: all of them, by face, without anything else of them.
  using TakeOwner = std::function<Status(FaceId face, SubjectId owner)>;
  virtual Status each_owner(const TakeOwner& take) = 0;
  virtual Result<std::optional<FaceRow>> face(FaceId id) = 0;
  /// Oldest first; none for a subject that is not there.
  virtual Result<std::vector<FaceRow>> faces_of(SubjectId id) = 0;
  /// One list for each key, by id.
  virtual Result<std::vector<std::vector<FaceRow>>> faces_of_sources(std::span<const std::string> source_keys) = 0;
  virtual Result<std::optional<ThumbnailRow>> thumbnail(FaceId id) = 0;

  // ---- Templates
  /// Templates of faces that are there; one by the same model is replaced.
  virtual Status add_templates(std::span<const TemplateRow> rows) = 0;
  virtual Result<std::optional<TemplateRow>> face_template(FaceId face, ModelRowId model) = 0;
  using TakeTemplate = std::function<Status(SubjectId owner, const TemplateRow&)>;
  /// All templates of a model behind a face, by face.
  virtual Status each_template(ModelRowId model, FaceId after, const TakeTemplate& take) = 0;
  /// Faces that have none by the model, by id: what is still to be embedded again, or is damaged.
  virtual Result<std::vector<FaceId>> faces_without_template(ModelRowId model, FaceId after, std::size_t limit) = 0;
  /// How many there are of them.
  virtual Result<std::int64_t> count_without_template(ModelRowId model) = 0;

  // ---- Retention: what is to be removed at `now`, at most `limit`, by id
  virtual Result<std::vector<SubjectId>> expired_subjects(UtcTime now, std::size_t limit) = 0;
  virtual Result<std::vector<FaceId>> expired_faces(UtcTime now, std::size_t limit) = 0;

  // ---- Links, undo, audit
  /// Nothing happens if it is there. @error invalid_argument  a face or subject that is not there
  virtual Status add_link(const LinkRow& link) = 0;
  /// Nothing happens if it is not there.
  virtual Status remove_link(const LinkRow& link) = 0;
  virtual Result<std::vector<LinkRow>> links() = 0;  ///< in the order of LinkRow

  /// @param row  its number is not looked at
  virtual Result<std::int64_t> add_undo(const UndoRow& row) = 0;
  virtual Result<std::vector<UndoRow>> undo_rows() = 0;  ///< newest first
  virtual Status remove_undo(std::int64_t number) = 0;

  /// @error invalid_argument  its number does not follow the last one
  virtual Status append_audit(std::span<const AuditRow> rows) = 0;
  virtual Result<std::optional<AuditRow>> last_audit() = 0;
  virtual Status each_audit(std::int64_t after, const Take<AuditRow>& take) = 0;  ///< by number

  // ---- Calibrations: `subjects` and `made` are written by the store
  virtual Status add_calibration(ModelRowId model, const Calibration& measured, UtcTime now) = 0;
  virtual Result<std::vector<Calibration>> calibrations(ModelRowId model) = 0;  ///< oldest first

  // ---- The whole
  /// Looks through everything as it lies on the disk. Damage is a finding, not an error.
  virtual Result<GalleryCheck> check(const CheckVisitor& look) = 0;
  /// Moves what is still in a log into its place, so that overwritten bytes are nowhere.
  /// @return false if another user is in the way, or the store cannot promise it
  virtual Result<bool> empty_log() = 0;
  /// Hands over what lies on the disk, byte by byte, with the names of the files: for the proof that something is gone.
  /// @error unsupported  the store has no files here
  virtual Status raw_bytes(const std::function<void(const std::string& file, std::span<const std::byte>)>& /*take*/) {
    return fail(ErrorCode::unsupported, "has no files that can be looked through");
  }
  /// Writes everything anew, so that nothing is left of rows that lay elsewhere in the files before. Takes about as
  /// long as a copy. Not within a transaction.
  /// @return false if another user is in the way, or the store cannot promise it
  virtual Result<bool> write_anew() { return false; }
  /// A copy that is consistent in itself while others read and write.
  /// @error unsupported  the store is copied by its own tools  @error cancelled  stopped; nothing is left behind
  virtual Status backup(const BackupOptions& options) = 0;
};

}  // namespace vultus::gallery
