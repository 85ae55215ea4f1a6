// The audit log of a gallery in one store.
#include <algorithm>

#include <vultus/gallery/local_gallery.hpp>

namespace vultus::gallery {

Result<std::unique_ptr<StoreTransaction>> LocalGallery::begin_record() {
  VULTUS_TRY(auto transaction, store_->begin(Store::Kind::write));
  if (const Result<bool> changed = take_in_changes(); !changed) return changed.error();
  return transaction;
}

Status LocalGallery::note(const AuditNote& note) {
  if (!logs_all_) return {};
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_record());
  VULTUS_CHECK(guard_->note(*store_, note, AuditKind::look));
  return commit(*transaction);
}

Status LocalGallery::note_change(const AuditNote& note) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_record());
  VULTUS_CHECK(guard_->note(*store_, note, AuditKind::change));
  return commit(*transaction);
}

/// Writes down who was searched for, before anybody is told.
Status LocalGallery::note_search(const std::vector<std::vector<Candidate>>& answers) {
  AuditNote act{.what = "search", .count = static_cast<std::int64_t>(answers.size())};
  for (const auto& candidates : answers)
    if (!candidates.empty() && std::ranges::find(act.subjects, candidates.front().subject) == act.subjects.end())
      act.subjects.push_back(candidates.front().subject);
  return note(act).with_context("the search cannot be written into the audit log, so it is refused");
}

Status LocalGallery::set_audit(AuditLevel level) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_CHECK(guard_->set_level(*store_, level));
  VULTUS_CHECK(commit(*transaction));
  logs_all_ = level == AuditLevel::all;
  return {};
}

Status LocalGallery::each_audit(std::int64_t after, const std::function<Status(const AuditEntry&)>& take) {
  return read([&]() -> Status {
    VULTUS_TRY(const std::optional<AuditRow> last, store_->last_audit());
    if (!last) return {};
    VULTUS_TRY(const AuditLog log, guard_->log(*store_, false));
    return log.each(*store_, after, take);
  });
}

Result<AuditHead> LocalGallery::audit_head() {
  if (options_.access != GalleryAccess::read_only) {
    const std::scoped_lock lock(file_);
    if (guard_->keyring() == nullptr) {
      // The keyring of a plain gallery is made with the beginning of its log.
      VULTUS_TRY(const auto transaction, begin_record());
      if (const auto log = guard_->log(*store_, true); !log) return log.error();
      VULTUS_CHECK(commit(*transaction));
    }
  }
  return read([&]() -> Result<AuditHead> {
    VULTUS_TRY(const AuditLog log, guard_->log(*store_, false));
    VULTUS_TRY(const UtcTime time, now());
    return log.head(*store_, time);
  });
}

Result<AuditVerdict> LocalGallery::verify_audit(const std::optional<AuditHead>& known) {
  return read([&]() -> Result<AuditVerdict> {
    VULTUS_TRY(const AuditLog log, guard_->log(*store_, false));
    return log.verify(*store_, known);
  });
}

Result<bool> LocalGallery::allows_bulk_export() {
  return read([&]() -> Result<bool> {
    VULTUS_TRY(const std::optional<std::string> value, store_->meta(kMetaBulkExport));
    return value == "allowed";
  });
}

Status LocalGallery::allow_bulk_export(BulkExport allowed) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  const char* const value = allowed == BulkExport::allowed ? "allowed" : "refused";
  VULTUS_CHECK(store_->set_meta(kMetaBulkExport, value));
  VULTUS_CHECK(guard_->note(*store_, {.what = "set-bulk-export", .detail = value}, AuditKind::change));
  return commit(*transaction);
}

std::string LocalGallery::pseudonym(SubjectId id) {
  const std::scoped_lock lock(file_);
  if (const Result<AuditLog> log = guard_->log(*store_, false); !log) return {};
  return guard_->pseudonym(id);
}

}  // namespace vultus::gallery
