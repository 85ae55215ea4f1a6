// Records of the audit log, chained by keyed hashes. Private to this room.
#pragma once

#include <span>
#include <string>

#include <vultus/gallery/audit_note.hpp>
#include <vultus/gallery/store/store.hpp>
#include <vultus/gallery/vault/keyring.hpp>

namespace vultus::gallery {

/// Meta keys of the log. The head is "<number> <mac> <keyed hash of both>".
inline constexpr std::string_view kMetaAudit = "audit";  // name of an AuditLevel
inline constexpr std::string_view kMetaAuditHead = "audit_head";

/// The act that tells that the log goes on with other keys.
inline constexpr std::string_view kNewKeyring = "new-keyring";

/// Sixteen hex digits that stand for a subject or face in the log.
[[nodiscard]] std::string pseudonym_of(SubjectId id, KeyView audit_key);
[[nodiscard]] std::string pseudonym_of(FaceId id, KeyView audit_key);

/// The hash that chains a record to the one before.
/// @param before  hash of the record before; all 0 for the first
[[nodiscard]] Hash mac_of(const AuditRow& row, const Hash& before, KeyView audit_key);

/// Writes and reads the log of one gallery. Thread-compatible; the caller holds the transaction.
class AuditLog {
 public:
  /// @param keyring  of the gallery; must outlive the log. An encrypted one also seals the records.
  explicit AuditLog(const Keyring& keyring) : keyring_(keyring) {}

  /// Appends records inside the write transaction of the act itself. An act with very many subjects takes several.
  Status append(Store& store, std::span<const AuditNote> notes, const AuditActor& actor, UtcTime now) const;
  /// @error corrupt_data  a record that does not open or is no record
  [[nodiscard]] Result<AuditEntry> entry(const AuditRow& row) const;
  /// Hands over the records behind `after`.
  Status each(Store& store, std::int64_t after, const std::function<Status(const AuditEntry&)>& take) const;

  /// The end of the log, signed.
  [[nodiscard]] Result<AuditHead> head(Store& store, UtcTime now) const;
  /// Looks through all of the log.
  /// @param known  a head that was exported before
  [[nodiscard]] Result<AuditVerdict> verify(Store& store, const std::optional<AuditHead>& known) const;

 private:
  [[nodiscard]] Hash seal_of_head(std::int64_t number, std::string_view mac) const;
  void verify_stored_head(const std::optional<std::string>& stored, const std::optional<AuditRow>& last,
                          AuditVerdict& verdict) const;
  void verify_known_head(const AuditHead& known, const std::optional<AuditRow>& there, std::int64_t last,
                         AuditVerdict& verdict) const;

  const Keyring& keyring_;
};

/// What is signed.
[[nodiscard]] std::string text_of(const AuditHead& head);
/// True where the signature belongs to the head and its public key.
[[nodiscard]] bool is_signed(const AuditHead& head);
}  // namespace vultus::gallery
