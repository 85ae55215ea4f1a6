#include <vultus/gallery/protection_check.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <vultus/gallery/store/findings.hpp>

namespace vultus::gallery {
namespace {

/// Each once: what the store found already is not told again.
void add_finding(GalleryCheck& found, std::string finding) {
  if (found.findings.size() < static_cast<std::size_t>(kMaxFindings) &&
      std::ranges::find(found.findings, finding) == found.findings.end())
    found.findings.push_back(std::move(finding));
}

Status add_log(Store& store, const AuditLog& log, GalleryCheck& found) {
  const auto last = store.last_audit();
  const auto head = store.meta(kMetaAuditHead);
  // Nothing was ever written: neither by this gallery nor, at that level, by one that an older version made.
  if (last && !*last && head && !*head) return {};
  const Result<AuditVerdict> verdict = log.verify(store, std::nullopt);
  if (!verdict) {
    if (verdict.error().code != ErrorCode::corrupt_data) return verdict.error();
    add_finding(found, verdict.error().message);
    return {};
  }
  auto finding = verdict->findings.begin();
  if (verdict->first_of_keyring > 1 && finding != verdict->findings.end())
    found.notes.push_back("audit log: " + *finding++);
  for (; finding != verdict->findings.end(); ++finding) add_finding(found, "audit log: " + *finding);
  return {};
}

}  // namespace

Status check_keyring_and_log(Store& store, const Keyring& keys, const AuditLog& log, GalleryCheck& found) {
  VULTUS_TRY(const KeyringCheck checked, keys.check());
  for (const std::string& finding : checked.findings) add_finding(found, finding);
  return add_log(store, log, found);
}

Status check_plain_protection(Store& store, const GalleryOptions& options, const ShardKeys& shard,
                              GalleryCheck& found) {
  const auto text = store.meta(kMetaGallery);
  const Result<GalleryId> id = text && *text ? gallery_id_from(**text) : fail(ErrorCode::corrupt_data, "");
  if (!id) return {};  // a finding already
  const KeyringAt at = place_of_keyring(options, shard);
  const Result<bool> there = at.exists();
  if (!there) return there.error();
  const Result<Keyring> keys =
      *there ? Keyring::open(at, *id, std::nullopt) : Result<Keyring>(fail(ErrorCode::not_found, ""));
  if (keys) return check_keyring_and_log(store, *keys, AuditLog(*keys, shard.shard), found);
  const auto last = store.last_audit();
  switch (keys.error().code) {
    case ErrorCode::not_found:
      if (last && *last)
        found.notes.push_back("keyring " + at.shown() + " is not there: the audit log of " +
                              std::to_string((*last)->number) + " records is not verified");
      return {};
    case ErrorCode::invalid_argument:
      found.notes.push_back("keyring " + at.shown() +
                            " cannot be read, so the audit log is not verified. Where it is locked, an encryption was "
                            "interrupted: encrypt the gallery again with the same key, or change anything with it, "
                            "which undoes that (" +
                            keys.error().message + ")");
      return {};
    case ErrorCode::resource_limit:  // somebody else's: who may read a gallery need not be able to read its keyring
      found.notes.push_back("the audit log is not verified: " + keys.error().message);
      return {};
    case ErrorCode::corrupt_data: add_finding(found, keys.error().message); return {};
    default: return keys.error();
  }
}

}  // namespace vultus::gallery
