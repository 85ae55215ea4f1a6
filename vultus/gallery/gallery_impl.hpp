// What stands behind a Gallery: one store here, or several elsewhere. Private to this room.
#pragma once

#include <vultus/gallery/gallery.hpp>

namespace vultus {

/// The members of Gallery, which has checked all input before: names, texts, templates and limits are in their ranges.
/// Thread-safe. Errors as Gallery says.
class Gallery::Impl {
 public:
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  virtual ~Impl() = default;

  /// An error of this gallery: "<path>: <message>".
  [[nodiscard]] virtual Error fail(ErrorCode code, std::string_view message) const = 0;
  [[nodiscard]] virtual GalleryInfo info() const = 0;
  [[nodiscard]] virtual GalleryModel model() const = 0;

  virtual Result<std::vector<EnrolOutcome>> enrol(std::span<const NewFace> faces) = 0;
  virtual Result<SubjectOutcome> add_subject(const std::string& name) = 0;
  virtual Result<std::vector<Subject>> subjects(const ListOptions& options) = 0;
  virtual Result<std::optional<Subject>> find_subject(const std::string& name) = 0;
  virtual Result<Subject> subject(SubjectId id) = 0;
  virtual Result<std::vector<EnrolledFace>> faces(SubjectId id) = 0;
  virtual Result<EnrolledFace> face(FaceId id) = 0;
  virtual Result<std::vector<EnrolledFace>> faces_of_source(std::string_view sha256) = 0;
  virtual Result<std::vector<Embedding>> templates(SubjectId id) = 0;
  virtual Result<std::optional<Thumbnail>> thumbnail(FaceId id) = 0;

  virtual Result<SubjectId> rename(SubjectId id, const std::string& to, IfNameTaken if_taken) = 0;
  virtual Status describe(SubjectId id, const SubjectDetails& details) = 0;
  virtual Result<Removal> remove(SubjectId id) = 0;
  virtual Result<Removal> remove(FaceId id) = 0;

  virtual Status merge(SubjectId from, SubjectId into) = 0;
  virtual Result<SubjectId> split(std::span<const FaceId> faces, const std::string& name) = 0;
  virtual Status not_this_person(FaceId face, SubjectId subject, Say say) = 0;
  virtual Status not_same_person(FaceId a, FaceId b, Say say) = 0;
  virtual Result<std::vector<NotSame>> not_same() = 0;
  virtual Result<std::vector<UndoEntry>> undoable() = 0;
  virtual Result<UndoEntry> undo(std::optional<std::int64_t> number) = 0;
  virtual Status forget_undo() = 0;

  virtual Result<std::vector<std::vector<Candidate>>> search(std::span<const Embedding> probes,
                                                             const SearchOptions& options) = 0;
  virtual Result<std::int64_t> write_snapshot() = 0;
  virtual Result<bool> refresh() = 0;
  virtual Status add_calibration(const Calibration& measured) = 0;
  virtual Result<std::vector<Calibration>> calibrations() = 0;
  virtual Status begin_model_move(const GalleryModel& to) = 0;
  virtual Result<std::optional<ModelMove>> model_move() = 0;
  virtual Result<std::vector<EnrolledFace>> faces_to_move(FaceId after, std::size_t limit) = 0;
  virtual Result<std::int64_t> add_moved_templates(std::span<const MovedTemplate> templates) = 0;
  virtual Result<ModelSwitch> switch_model(IfNotMoved if_not_moved) = 0;
  virtual Status drop_model_move() = 0;
  virtual Result<GalleryCheck> check() = 0;

  virtual Status note(const AuditNote& note) = 0;
  virtual Status note_change(const AuditNote& note) = 0;
  virtual Status set_audit(AuditLevel level) = 0;
  virtual Status each_audit(std::int64_t after, const std::function<Status(const AuditEntry&)>& take) = 0;
  virtual Result<AuditHead> audit_head() = 0;
  virtual Result<AuditVerdict> verify_audit(const std::optional<AuditHead>& known) = 0;
  virtual std::string pseudonym(SubjectId id) = 0;
  virtual Status encrypt(const KeySource& key, const PassphraseCost& cost) = 0;
  virtual Status decrypt() = 0;
  virtual Status rotate_key(const KeySource& to, const PassphraseCost& cost, RenewKeys which) = 0;
  virtual Result<ForgetProof> forget(SubjectId id) = 0;
  virtual Result<Expired> expire(ExpiryRun run) = 0;
  virtual Result<bool> allows_bulk_export() = 0;
  virtual Status allow_bulk_export(BulkExport allowed) = 0;
};

}  // namespace vultus
