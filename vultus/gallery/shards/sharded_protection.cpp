// Encryption, the audit log and retention of a gallery of shards.
#include <vultus/gallery/shards/sharded_gallery.hpp>

namespace vultus::gallery {

Error ShardedGallery::unprotected() const {
  return fail(ErrorCode::unsupported, "a gallery of shards is kept in plain and without an audit log");
}

// The level of every shard is `off`, at which nothing is to be written.
Status ShardedGallery::note(const AuditNote& /*note*/) { return {}; }
Status ShardedGallery::note_change(const AuditNote& /*note*/) { return {}; }
Status ShardedGallery::set_audit(AuditLevel level) {
  return level == AuditLevel::off ? Status() : Status(unprotected());
}
Status ShardedGallery::each_audit(std::int64_t /*after*/, const std::function<Status(const AuditEntry&)>& /*take*/) {
  return {};
}
Result<AuditHead> ShardedGallery::audit_head() { return unprotected(); }
Result<AuditVerdict> ShardedGallery::verify_audit(const std::optional<AuditHead>& /*known*/) { return unprotected(); }
std::string ShardedGallery::pseudonym(SubjectId /*id*/) { return {}; }
Status ShardedGallery::encrypt(const KeySource& /*key*/, const PassphraseCost& /*cost*/) { return unprotected(); }
Status ShardedGallery::decrypt() { return unprotected(); }
Status ShardedGallery::rotate_key(const KeySource& /*to*/, const PassphraseCost& /*cost*/, RenewKeys /*which*/) {
  return unprotected();
}

Result<ForgetProof> ShardedGallery::forget(SubjectId id) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  VULTUS_TRY(const std::size_t at, settled(*now, id));
  return now->all[at].gallery->forget(id);
}

Result<Expired> ShardedGallery::expire(ExpiryRun run) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  Expired sum;
  for (const Part& part : now->all) {
    VULTUS_TRY(const Expired one, part.gallery->expire(run));
    sum.subjects.insert(sum.subjects.end(), one.subjects.begin(), one.subjects.end());
    sum.faces.insert(sum.faces.end(), one.faces.begin(), one.faces.end());
  }
  return sum;
}

Result<bool> ShardedGallery::allows_bulk_export() {
  VULTUS_TRY(const Shared now, whole());
  for (const Part& part : now->all) {
    VULTUS_TRY(const bool allowed, part.gallery->allows_bulk_export());
    if (!allowed) return false;
  }
  return true;
}

Status ShardedGallery::allow_bulk_export(BulkExport allowed) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  for (const Part& part : now->all) VULTUS_CHECK(part.gallery->allow_bulk_export(allowed));
  return {};
}

}  // namespace vultus::gallery
