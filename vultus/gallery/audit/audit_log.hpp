// Records of the audit log, chained by keyed hashes. Private to this room.
#pragma once

#include <span>
#include <string>
#include <utility>

#include <vultus/gallery/audit_note.hpp>
#include <vultus/gallery/store/store.hpp>
#include <vultus/gallery/vault/keyring.hpp>

namespace vultus::gallery {

/// Meta keys of the log. The head is "<number> <mac> <keyed hash of both>".
inline constexpr std::string_view kMetaAudit = "audit";  // name of an AuditLevel
inline constexpr std::string_view kMetaAuditHead = "audit_head";

/// The act that tells that the log goes on with other keys.
inline constexpr std::string_view kNewKeyring = "new-keyring";
/// The act that sets the level; its detail is the name of an AuditLevel.
inline constexpr std::string_view kSetAudit = "set-audit";
/// The act that is written at AuditLevel::all alone, and whenever somebody is searched for.
inline constexpr std::string_view kSearchAct = "search";
/// The act that tells that the log was not there as the head said when it went on; the detail says how.
inline constexpr std::string_view kLogBroken = "log-broken";

/// Sixteen hex digits that stand for a subject or face in the log.
[[nodiscard]] std::string pseudonym_of(SubjectId id, KeyView audit_key);
[[nodiscard]] std::string pseudonym_of(FaceId id, KeyView audit_key);

/// The hash that chains a record to the one before.
/// @param before  hash of the record before; for the first all 0, or a hash of the name of the shard
[[nodiscard]] Hash mac_of(const AuditRow& row, const Hash& before, KeyView audit_key);

/// What the records of a log tell of its level.
struct RecordedLevel {
  std::optional<AuditLevel> set;  ///< the last one that a record sets
  std::int64_t number = 0;        ///< of that record; where none sets one, of the last that tells of a level
  std::optional<AuditLevel> least = std::nullopt;  ///< where no record sets one: the least that writes what is there

  /// Takes in the next record.
  void take(const AuditEntry& entry);
  /// What they say against a level; empty where they agree, or do not tell.
  [[nodiscard]] std::string against(AuditLevel level) const;
};

/// Writes and reads the log of one gallery. Thread-compatible; the caller holds the transaction.
class AuditLog {
 public:
  /// @param keyring  of the gallery; must outlive the log. An encrypted one also seals the records.
  /// @param shard  the name of the shard whose log it is, which its chain begins with: the log of one shard is none of
  ///               another, though all have the same key. Empty for a gallery in one store.
  explicit AuditLog(const Keyring& keyring, std::string shard = {}) : keyring_(keyring), shard_(std::move(shard)) {}

  /// Appends records inside the write transaction of the act itself. An act with very many subjects takes several.
  Status append(Store& store, std::span<const AuditNote> notes, const AuditActor& actor, UtcTime now) const;
  /// @error corrupt_data  a record that does not open or is no record
  [[nodiscard]] Result<AuditEntry> entry(const AuditRow& row) const;
  /// Hands over the records behind `after`.
  Status each(Store& store, std::int64_t after, const std::function<Status(const AuditEntry&)>& take) const;

  /// What the records say against the level that the gallery keeps, which lies there without a key; empty where they
  /// agree. Records that cannot be read are passed over. @cost reads the whole log
  [[nodiscard]] Result<std::string> level_against(Store& store, AuditLevel level) const;

  /// The head of a log that has no record yet. It is kept from the beginning, so that a log without one is known to
  /// have been taken out.
  [[nodiscard]] std::string first_head() const { return head_text(0, hex_of(beginning())); }

  /// The end of the log, signed.
  [[nodiscard]] Result<AuditHead> head(Store& store, UtcTime now) const;
  /// Looks through all of the log.
  /// @param known  a head that was exported before
  [[nodiscard]] Result<AuditVerdict> verify(Store& store, const std::optional<AuditHead>& known) const;

 private:
  [[nodiscard]] Hash seal_of_head(std::int64_t number, std::string_view mac) const;
  /// The head as the gallery keeps it.
  [[nodiscard]] std::string head_text(std::int64_t number, const std::string& mac) const {
    return std::to_string(number) + " " + mac + " " + hex_of(seal_of_head(number, mac));
  }
  /// What the head that the gallery keeps says against the end of the log; empty where they agree.
  Result<std::string> broken_head(Store& store, const std::optional<AuditRow>& last) const;
  void verify_known_head(const AuditHead& known, const std::optional<AuditRow>& there, std::int64_t last,
                         AuditVerdict& verdict) const;

  /// What stands for the hash of the record before the first.
  [[nodiscard]] Hash beginning() const;

  const Keyring& keyring_;
  std::string shard_;
};

/// What is signed.
[[nodiscard]] std::string text_of(const AuditHead& head);
/// What a head that stands for several has as its hash.
[[nodiscard]] std::string mac_of_shards(const AuditHead& head);
/// Signs a head, which gets the public key and the signature.
[[nodiscard]] Status sign(AuditHead& head, KeyView seed);
/// True where the signature belongs to the head and its public key, also in the heads of shards in it.
[[nodiscard]] bool is_signed(const AuditHead& head);
}  // namespace vultus::gallery
