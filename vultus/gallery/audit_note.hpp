// What the audit log of a gallery tells: who did what, when and why, without names and templates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/gallery/utc_time.hpp>

namespace vultus {

/// What a gallery writes into its audit log.
enum class AuditLevel : std::uint8_t {
  off,      ///< nothing
  changes,  ///< what changes the gallery or takes data out of it
  all,      ///< also every search and decision; one that cannot be written is refused
};

/// "off", "changes", "all".
[[nodiscard]] std::string_view name_of(AuditLevel level);
/// @return nothing for a name that is none of them
[[nodiscard]] std::optional<AuditLevel> audit_level_from(std::string_view name);

/// Who acts, and why.
struct AuditActor {
  std::string who;      ///< at most kMaxNameBytes
  std::string purpose;  ///< empty = not told
};

/// An act to be written into the log. Subjects and faces appear under pseudonyms: keyed hashes of their ids.
struct AuditNote {
  std::string what;                      ///< "enrol", "search", "decision", "export", "remove", ...
  std::vector<SubjectId> subjects = {};  ///< whom it concerns; the log keeps pseudonyms
  std::vector<FaceId> faces = {};
  std::optional<std::int64_t> count = std::nullopt;  ///< of faces, probes, ...
  std::string detail = {};                           ///< e.g. "match", "unknown"; never a name
};

/// A record as it is read back.
struct AuditEntry {
  std::int64_t number = 0;  ///< 1, 2, 3, ...
  UtcTime at{};
  std::string who;      ///< as the caller named themselves
  std::string purpose;  ///< as the caller told it; empty = not told
  std::string what;
  std::vector<std::string> subjects;  ///< pseudonyms, 16 hex digits
  std::vector<std::string> faces;
  std::optional<std::int64_t> count;
  std::string detail;
  std::string shard = {};  ///< in whose log it stands; empty for a gallery in one store
  bool operator==(const AuditEntry&) const = default;
};

/// Where the log ended at a moment, signed with the gallery's key. Kept elsewhere, it shows later that nothing before
/// it was changed or taken away.
struct AuditHead {
  std::string gallery;      ///< id of the gallery, 32 hex digits
  std::int64_t number = 0;  ///< of the last record; 0 = there is none
  UtcTime at{};             ///< when the head was taken
  std::string mac;          ///< of the last record, 64 hex digits
  std::string public_key;   ///< Ed25519, 64 hex digits
  std::string signature;    ///< Ed25519 over text_of(head) without it, 128 hex digits
  std::string shard = {};   ///< whose log it is; empty for a gallery in one store, and for one of shards
  /// Of a gallery of shards: one for each. `number` is then their sum, and `mac` a hash of what is signed in them.
  std::vector<AuditHead> shards = {};
  bool operator==(const AuditHead&) const = default;
};

/// One JSON object.
[[nodiscard]] std::string audit_head_to_json(const AuditHead& head);
/// @error corrupt_data  no such object, a value of another form, or a signature that does not belong to it
[[nodiscard]] Result<AuditHead> audit_head_from_json(std::string_view text);

/// What a look through the log found.
struct AuditVerdict {
  std::int64_t records = 0;
  std::vector<std::string> findings;  ///< one sentence each; empty = nothing was found
  std::vector<std::string> proven;    ///< what is shown by this
  std::vector<std::string> not_proven;
  /// The record that the present keyring began with, 0 = there is none. Those before it cannot be verified, which is
  /// the first of the findings.
  std::int64_t first_of_keyring = 0;
  [[nodiscard]] bool sound() const { return findings.empty(); }
};

}  // namespace vultus
