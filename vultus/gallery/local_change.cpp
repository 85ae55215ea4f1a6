// What changes a gallery beside enrolment.
#include <vultus/gallery/local_gallery.hpp>
#include <vultus/gallery/record_rows.hpp>

namespace vultus::gallery {

Result<SubjectId> LocalGallery::rename(SubjectId id, const std::string& to, IfNameTaken if_taken) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_TRY(SubjectRow known, rows_.require_subject(id));
  if (known.name == to) return id;
  VULTUS_TRY(const std::string key, codec().name_key(to));
  VULTUS_TRY(const auto found, store_->find_subjects({&key, 1}));
  const std::optional<SubjectRow>& taken = found.front();
  if (taken && if_taken == IfNameTaken::refuse)
    return store_->fail(ErrorCode::invalid_argument, "\"" + known.name + "\" cannot be renamed to \"" + to +
                                                         "\": somebody has that name, and merging was not asked for");
  if (taken) {
    VULTUS_TRY(const UtcTime time, now());
    VULTUS_CHECK(whom_.merge(id, taken->id, time));
  } else {
    known.name = to;
    VULTUS_CHECK(codec().seal(known));
    VULTUS_CHECK(store_->update_subject(known));
  }
  AuditNote act{.what = taken ? "merge" : "rename", .subjects = {id}};
  if (taken) act.subjects.push_back(taken->id);
  VULTUS_CHECK(guard_->note(*store_, act, AuditKind::change));
  if (taken) {
    VULTUS_CHECK(commit_and_show(*transaction));
    return taken->id;
  }
  VULTUS_CHECK(commit(*transaction));
  const auto before = memory_.index->view();
  VULTUS_CHECK(memory_.index->change({.named = {{id, to}}}));
  after_change(before);
  return id;
}

Result<SubjectOutcome> LocalGallery::add_subject(const std::string& name) {
  VULTUS_TRY(const UtcTime time, now());
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_TRY(const std::string key, codec().name_key(name));
  VULTUS_TRY(const auto found, store_->find_subjects({&key, 1}));
  if (found.front()) return SubjectOutcome{.subject = found.front()->id, .already_there = true};
  VULTUS_TRY(const ReservedIds first, rows_.reserve_ids(1, 0));
  VULTUS_CHECK(codec().add_subjects({&first.subject, 1}));
  SubjectRow row{.id = first.subject, .name = name, .created = time};
  VULTUS_CHECK(codec().seal(row));
  VULTUS_CHECK(store_->add_subjects({&row, 1}));
  VULTUS_CHECK(guard_->note(*store_, {.what = "add-subject", .subjects = {first.subject}}, AuditKind::change));
  VULTUS_CHECK(commit(*transaction));
  const auto before = memory_.index->view();
  VULTUS_CHECK(memory_.index->change({.named = {{first.subject, name}}}));
  after_change(before);
  return SubjectOutcome{.subject = first.subject};
}

Status LocalGallery::describe(SubjectId id, const SubjectDetails& details) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_TRY(SubjectRow row, rows_.require_subject(id));
  put_details(row, details);
  VULTUS_CHECK(codec().seal(row));
  VULTUS_CHECK(store_->update_subject(row));
  VULTUS_CHECK(guard_->note(*store_, {.what = "describe", .subjects = {id}}, AuditKind::change));
  return commit(*transaction);
}

Result<Removal> LocalGallery::remove(SubjectId id) {
  const std::scoped_lock lock(file_);
  Removal removal;
  {
    VULTUS_TRY(const auto transaction, begin_change());
    VULTUS_TRY(const std::optional<SubjectRow> known, store_->subject(id));
    if (!known) return store_->fail(ErrorCode::not_found, "no subject " + std::to_string(id.number()));
    VULTUS_TRY(removal.faces, destroy_subject(id, "remove", nullptr));
    VULTUS_CHECK(commit(*transaction));
  }
  VULTUS_CHECK(drop_from_memory({.subjects_gone = {id}}));
  // The removal itself is done; a log that cannot be emptied now is told, not an error.
  removal.bytes_gone = store_->empty_log().value_or(false);
  return removal;
}

Result<Removal> LocalGallery::remove(FaceId id) {
  const std::scoped_lock lock(file_);
  Removal removal{.faces = 1};
  {
    VULTUS_TRY(const auto transaction, begin_change());
    VULTUS_CHECK(store_->remove_face(id));
    VULTUS_CHECK(guard_->note(*store_, {.what = "remove-face", .faces = {id}}, AuditKind::change));
    VULTUS_CHECK(commit(*transaction));
  }
  VULTUS_CHECK(drop_from_memory({.gone = {id}}));
  removal.bytes_gone = store_->empty_log().value_or(false);
  return removal;
}

Status LocalGallery::add_calibration(const Calibration& measured) {
  VULTUS_TRY(const UtcTime time, now());
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_CHECK(store_->add_calibration(memory_.model.id, measured, time));
  VULTUS_CHECK(guard_->note(*store_, {.what = "calibrate"}, AuditKind::change));
  return commit(*transaction);
}

}  // namespace vultus::gallery
