// The collection of known faces: one file, bound to one model, searched in memory.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/result.hpp>
#include <vultus/gallery/gallery_changes.hpp>
#include <vultus/gallery/gallery_options.hpp>
#include <vultus/gallery/maintenance.hpp>
#include <vultus/gallery/model_move.hpp>
#include <vultus/gallery/records.hpp>
#include <vultus/gallery/search_index.hpp>

namespace vultus {

/// An open gallery. Move-only; thread-safe: any member from any thread, a search never waits for the disk.
/// A change that was answered with success survives the end of the process and of the power.
/// Do not read or copy the file by other means in a process that has it open: POSIX drops the locks of a file when any
/// handle on it is closed. Errors of every member that reads or writes the file, beside those it names: corrupt_data
/// (damaged pages), resource_limit (read-only, disk full, locked for longer than busy_wait, out of memory).
class Gallery {
 public:
  /// Opens a gallery, or makes it, and loads its templates. One of an older version is brought up to date first, also
  /// for reading only.
  /// @error not_found         no such file; with create_or_open, no such folder; no keyring of an encrypted gallery
  /// @error invalid_argument  no file; an option outside its range; new, without a model; encrypted, without its key
  /// @error model_mismatch    the gallery belongs to another model: the message names both
  /// @error unsupported       made by a newer version, or by an older one and not to be written: the message names both
  /// @error corrupt_data      not a gallery, or damaged; resource_limit  no permission, locked, disk full
  /// @cost with a snapshot (see GalleryOptions): reads about 120 bytes a face of it, and what has changed since it was
  ///       written; without one reads the whole file once
  static Result<Gallery> open(GalleryOptions options);

  Gallery(Gallery&&) noexcept;
  Gallery& operator=(Gallery&&) noexcept;
  ~Gallery();

  /// What this gallery is, and how much it holds as this object last saw it.
  [[nodiscard]] GalleryInfo info() const;
  /// Adds faces, all or none. A face whose subject, source_sha256 and box (or, without a box or with another one, whose
  /// template to the bit) are there already is not added again, so that an interrupted enrolment can be repeated.
  /// @param faces  one transaction; batches of 100 and more are fast, one by one costs a disk synchronisation each
  /// @return one outcome per face, in order, when all are on the disk
  /// @error model_mismatch    an embedding of another model or dimension
  /// @error invalid_argument  a name, text, number or thumbnail outside its limits: the message names the face
  Result<std::vector<EnrolOutcome>> enrol(std::span<const NewFace> faces);

  /// Adds a subject that has no face yet. Where somebody has the name already, nothing happens.
  /// @error invalid_argument  the name is no name
  Result<SubjectOutcome> add_subject(std::string_view name);

  /// Subjects in the order of the bytes of their names. @error invalid_argument  limit outside its range
  [[nodiscard]] Result<std::vector<Subject>> subjects(const ListOptions& options = {}) const;
  /// @return nothing if no subject has the name
  [[nodiscard]] Result<std::optional<Subject>> find_subject(std::string_view name) const;
  /// @error not_found  no such subject
  [[nodiscard]] Result<Subject> subject(SubjectId id) const;
  /// Who has at least one of these tags, by id, for SearchOptions::subjects. @cost reads all subjects
  [[nodiscard]] Result<std::vector<SubjectId>> tagged(std::span<const std::string> tags) const;

  /// The faces of a subject, oldest first. @error not_found  no such subject
  [[nodiscard]] Result<std::vector<EnrolledFace>> faces(SubjectId id) const;
  /// @error not_found  no such face
  [[nodiscard]] Result<EnrolledFace> face(FaceId id) const;
  /// The faces that were enrolled from a file of this SHA-256 (64 lower-case hex digits).
  [[nodiscard]] Result<std::vector<EnrolledFace>> faces_of_source(std::string_view sha256) const;
  /// The templates of a subject, in the order of faces(). @error not_found  no such subject
  [[nodiscard]] Result<std::vector<Embedding>> templates(SubjectId id) const;
  /// @return nothing if the face has no thumbnail  @error not_found  no such face
  [[nodiscard]] Result<std::optional<Thumbnail>> thumbnail(FaceId id) const;

  /// Gives a subject another name.
  /// @param if_taken  merge: the faces go to the subject that has the name, whose details stay
  /// @return the subject that has the faces now
  /// @error not_found  no such subject; invalid_argument  the name is no name, or taken and merging not asked for
  Result<SubjectId> rename(SubjectId id, std::string_view to, IfNameTaken if_taken);
  /// Replaces the details of a subject. @error not_found  no such subject; invalid_argument  a text outside its limit
  Status describe(SubjectId id, const SubjectDetails& details);
  /// Removes a subject with all its faces, and overwrites their bytes. @error not_found  no such subject
  Result<Removal> remove(SubjectId id);
  /// Removes one face, and overwrites its bytes. The subject stays. @error not_found  no such face
  Result<Removal> remove(FaceId id);

  /// Gives all faces of a subject to another one, whose name and details stay. Can be taken back.
  /// @error not_found         no such subject
  /// @error invalid_argument  the same subject twice; or it was said that they are two people: the message says how
  Status merge(SubjectId from, SubjectId into);
  /// Makes a subject of some faces of another one, and notes that they do not show that one. Can be taken back.
  /// @param faces  of one subject, not all of them
  /// @error not_found         no such face
  /// @error invalid_argument  no faces, or of several subjects, or all; a name outside its limits, or taken
  Result<SubjectId> split(std::span<const FaceId> faces, std::string_view name);
  /// Notes that a face does not show a subject: a search leaves the subject out for a probe that is more similar to
  /// this face than to any of the subject's, and the two are not merged. Can be taken back.
  /// @error not_found         no such face or subject
  /// @error invalid_argument  the face is one of the subject's: split it off first
  Status not_this_person(FaceId face, SubjectId subject, Say say = Say::yes);
  /// Notes that two faces show two people, who are then not merged. Can be taken back.
  /// @error not_found         no such face
  /// @error invalid_argument  twice the same face; both are of one subject: split one off first
  Status not_same_person(FaceId a, FaceId b, Say say = Say::yes);
  [[nodiscard]] Result<std::vector<NotSame>> not_same() const;  ///< all that was said

  /// The changes that can be taken back, newest first: at most the last kMaxUndo.
  [[nodiscard]] Result<std::vector<UndoEntry>> undoable() const;
  /// Takes a change back, as far as its faces are still where it put them.
  /// @param number  of undoable(); the newest if empty
  /// @error not_found  no such change, or a subject of it is gone; invalid_argument  a name to give back is taken
  Result<UndoEntry> undo(std::optional<std::int64_t> number = std::nullopt);
  /// Forgets what could be taken back, and overwrites it.
  Status forget_undo();
  static constexpr std::size_t kMaxUndo = 100;

  /// The subjects most similar to a probe, each once, best first; of equals the lower id first.
  /// @return at most top_k; an empty gallery answers an empty list
  /// @error model_mismatch    a probe of another model; invalid_argument  top_k outside its range
  [[nodiscard]] Result<std::vector<Candidate>> search(const Embedding& probe, const SearchOptions& options = {}) const;
  /// The same for many probes in one pass, with the same answers.
  [[nodiscard]] Result<std::vector<std::vector<Candidate>>> search(std::span<const Embedding> probes,
                                                                   const SearchOptions& options = {}) const;

  /// Writes the snapshot of the index now (docs/index-format.md), whatever the number of faces.
  /// @return its size in bytes  @error invalid_argument  opened for reading only, or with snapshot_from = 0
  Result<std::int64_t> write_snapshot();

  /// Takes in what other processes have changed since the last call. @return true if there was something
  Result<bool> refresh();

  /// Records an operating point that was measured on this gallery. Its `subjects` and `made` are filled in here.
  /// @error invalid_argument  a threshold, rate or row outside its range
  Status add_calibration(const Calibration& measured);
  /// All of them, oldest first.
  [[nodiscard]] Result<std::vector<Calibration>> calibrations() const;

  // ---- Moving to another model (model_move.hpp). All but the first two: @error not_found  no move is under way
  /// Begins a move. Until the switch everything goes on with the present model. Begun already: nothing happens.
  /// @error invalid_argument  the present model; a model outside its limits; another move is under way
  Status begin_model_move(const GalleryModel& to);
  /// @return nothing if no move is under way
  [[nodiscard]] Result<std::optional<ModelMove>> model_move() const;
  /// Faces without a template of the new model, by id, behind `after`.
  /// @error invalid_argument  limit outside [1, ListOptions::kMaxLimit]
  [[nodiscard]] Result<std::vector<EnrolledFace>> faces_to_move(FaceId after, std::size_t limit) const;
  /// Adds templates of the new model, in one transaction. Faces that are gone are passed over.
  /// @return how many were added  @error model_mismatch  a template of another model or dimension
  Result<std::int64_t> add_moved_templates(std::span<const MovedTemplate> templates);
  /// From now on the gallery is searched with the new model, in all processes; templates and calibrations of the old
  /// one are removed. All or nothing. @error invalid_argument  faces are missing, and removing was not asked for
  Result<ModelSwitch> switch_model(IfNotMoved if_not_moved);
  /// Gives a move up; templates of the new model are removed.
  Status drop_model_move();

  /// Looks through the whole file as it lies on the disk.
  [[nodiscard]] Result<GalleryCheck> check() const;

  // ---- The audit log (audit_note.hpp)
  /// Writes an act of the caller, such as a decision, where the level is `all`.
  Status note(const AuditNote& note) const;
  /// Writes an act that takes data out of the gallery or changes what is done with it, where the level is not `off`.
  Status note_change(const AuditNote& note);
  /// What the log keeps from now on; the change itself is written into it.
  Status set_audit(AuditLevel level);
  /// Hands over the records behind `after`, by number.
  Status each_audit(std::int64_t after, const std::function<Status(const AuditEntry&)>& take) const;
  /// The end of the log, signed, to be kept elsewhere.
  [[nodiscard]] Result<AuditHead> audit_head() const;
  /// @param known  a head that was taken before
  [[nodiscard]] Result<AuditVerdict> verify_audit(const std::optional<AuditHead>& known) const;
  /// What stands for a subject in the log; empty where there is none yet.
  [[nodiscard]] std::string pseudonym(SubjectId id) const;

  // ---- Encryption, forgetting, retention (protection.hpp)
  /// Encrypts a plain gallery in its place.
  /// Whoever else has the gallery open is refused from then on (cancelled), until it is opened again.
  /// @error invalid_argument  encrypted already; resource_limit  done, but old bytes are still in the log of the file,
  /// or where the snapshot of the index lay, since another program uses them
  Status encrypt(const KeySource& key, const PassphraseCost& cost = {});
  /// The reverse; others who have it open are refused too. @error invalid_argument  not encrypted
  Status decrypt();
  /// Gives the gallery another master key, and where asked every subject another key.
  /// @error invalid_argument  not encrypted
  Status rotate_key(const KeySource& to, const PassphraseCost& cost, RenewKeys which);
  /// Destroys the key of a subject, so that copies cannot be read either, then everything that is kept of the subject.
  /// What was interrupted is finished when the gallery is opened for writing the next time.
  /// @error not_found  no such subject
  Result<ForgetProof> forget(SubjectId id);
  /// What is past its retain_until, and removes it where asked.
  Result<Expired> expire(ExpiryRun run);
  /// Whether everybody may be exported at once. A new gallery does not allow it.
  [[nodiscard]] Result<bool> allows_bulk_export() const;
  /// Allows or forbids it; the change is written into the log.
  Status allow_bulk_export(BulkExport allowed);

  class Impl;  ///< what stands behind it; private to the room

 private:
  explicit Gallery(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vultus
