// The keys of a gallery, in a file of their own beside it or in a schema of their own of a database: destroying a key
// there makes every copy of the gallery unreadable for that subject. Private to this room.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <vultus/gallery/key_source.hpp>
#include <vultus/gallery/utc_time.hpp>
#include <vultus/gallery/vault/keyring_layout.hpp>
#include <vultus/gallery/vault/keyring_place.hpp>
#include <vultus/gallery/vault/secret.hpp>

namespace vultus::gallery {

/// The keys that a gallery has beside those of its subjects. The numbers are part of the format.
enum class KeyUse : std::int64_t {
  names = 1,     ///< equality of names
  sources = 2,   ///< equality of sources
  audit = 3,     ///< the chain of the audit log, and the pseudonyms in it
  signing = 4,   ///< seed of the Ed25519 key that signs heads of the log
  texts = 5,     ///< what belongs to no subject: records of the log, undo
  snapshot = 6,  ///< the snapshot of the index
};
inline constexpr std::size_t kKeyUses = 6;

/// "<gallery>.keys", beside the gallery itself where a link names it.
[[nodiscard]] std::filesystem::path keyring_path(const std::filesystem::path& gallery);

/// The header of a keyring, without any key.
/// @error as open_private; corrupt_data
[[nodiscard]] Result<KeyringHeader> look_at_keyring(const KeyringAt& at);

/// The keys that the shards of one gallery have in common, one behind the other: a name, a source and a pseudonym are
/// then the same in each, and one key signs all their logs.
inline constexpr std::array kCommonUses{KeyUse::names, KeyUse::sources, KeyUse::audit, KeyUse::signing};
inline constexpr std::size_t kCommonBytes = std::size(kCommonUses) * kKeyBytes;
/// New random ones, for a gallery whose shards are made.
[[nodiscard]] Result<Secret> new_common_keys(Guarding guarding);

struct NewKeyring {
  KeyringAt at;
  GalleryId gallery{};
  const Secret* common = nullptr;  ///< kCommonBytes that it shares with other shards; empty = random ones
  std::optional<KeySource> master = std::nullopt;  ///< empty = open: for the audit log of a plain gallery
  PassphraseCost cost;
  UtcTime now{};
};

/// The proof of a destruction.
struct DestroyedKey {
  std::int64_t subject = 0;
  std::string fingerprint;  ///< of the key, as it was told before
  UtcTime at{};
  bool operator==(const DestroyedKey&) const = default;
};

/// What a look at the whole file found.
struct KeyringCheck {
  std::int64_t subjects = 0;
  std::int64_t destroyed = 0;
  std::vector<std::string> findings;
};

/// An open keyring. Thread-compatible. Several processes may have it open; those that change it must hold the gallery's
/// lock of writers, and every change is on the disk when the call returns.
class Keyring {
 public:
  /// @error as make_private and read_master_key
  static Status make(const NewKeyring& how);
  /// The same, and opens it.
  static Result<Keyring> create(const NewKeyring& how);

  /// @param master  empty for a keyring that is open
  /// @error not_found         no keyring, or the source of the key is not there
  /// @error invalid_argument  the wrong key; a key is wanted and none is given; others may read the file
  /// @error corrupt_data      damaged, or of another gallery
  static Result<Keyring> open(const KeyringAt& at, const GalleryId& gallery, const std::optional<KeySource>& master);

  [[nodiscard]] KeyringKind kind() const { return header_.kind; }
  /// For messages.
  [[nodiscard]] std::string shown() const { return at_.shown(); }
  /// What its shards have in common, for one that is made beside it.
  [[nodiscard]] Result<Secret> common_keys() const;
  [[nodiscard]] const GalleryId& gallery() const { return header_.gallery; }
  /// Valid until the keyring goes or renews the key.
  [[nodiscard]] KeyView key(KeyUse use) const { return fixed_.key(static_cast<std::size_t>(use) - 1); }

  /// Makes keys for subjects. One that has a key keeps it: its enrolment was rolled back.
  /// @error internal  the key of a subject was destroyed
  Status add(std::span<const std::int64_t> subjects, UtcTime now);
  /// @param into  at least kKeyBytes
  /// @error not_found     there is no key: it was destroyed, or belongs to a keyring that is newer
  /// @error corrupt_data  the record is damaged
  Status unwrap(std::int64_t subject, Secret& into) const;
  /// The key that the subject had before add_new_generation.
  /// @error as unwrap
  Status unwrap_old(std::int64_t subject, Secret& into) const;
  [[nodiscard]] bool has(std::int64_t subject) const { return subjects_.contains(subject); }
  [[nodiscard]] std::vector<std::int64_t> subjects() const;
  /// True where a subject has a key or had one.
  [[nodiscard]] bool knows(std::int64_t subject) const { return has(subject) || destroyed_.contains(subject); }
  /// The highest of the ids from `first` and below `end` that it knows; nothing if it knows none. Looks at all keys.
  [[nodiscard]] std::optional<std::int64_t> highest_known(std::int64_t first, std::int64_t end) const;
  /// Overwrites the key of a subject in its place, and then the older one, if it has two. From the first write on the
  /// key counts as destroyed; what a process that was killed has left is overwritten at the next opening of a file, and
  /// by the next change.
  /// @return nothing if there was none
  Result<std::optional<DestroyedKey>> destroy(std::int64_t subject, UtcTime now);
  /// True where the older of two keys of a subject may be gone, and the newer one is there: a destruction by a version
  /// that overwrote the older one first, and was killed; or the end of a renewal. Which of them, only the rows tell.
  /// @param created  when the subject was enrolled
  [[nodiscard]] bool may_lack_older_key(std::int64_t subject, UtcTime created) const;
  /// Takes the key of a subject for destroyed, in memory alone: for who may not write.
  void presume_destroyed(std::int64_t subject);
  [[nodiscard]] const std::unordered_map<std::int64_t, DestroyedKey>& destroyed() const { return destroyed_; }

  /// Overwrites the keys of subjects that have gone elsewhere, and leaves no mark: they may come back.
  Status drop(std::span<const std::int64_t> subjects);
  /// Makes what was overwritten unreadable where the keyring lies in a database, which keeps older versions of its rows
  /// for a while. Outside of the gallery's transaction.
  Status scrub() { return place_->scrub(); }

  /// Takes in what other processes have added and destroyed.
  /// @error invalid_argument  the master key was changed: open again
  Status refresh();
  /// Gives the use another random key; the old one is overwritten.
  Status renew(KeyUse use, UtcTime now);

  /// Gives every subject a second, newer key, which unwrap answers from now on; unwrap_old answers the one before. Who
  /// has two already, since a renewal was interrupted, keeps them.
  Status add_new_generation(UtcTime now);
  /// Overwrites the keys of the generation before.
  Status drop_old_generation();
  /// Forgets the keys of all subjects: the gallery holds them no longer encrypted.
  Status drop_subjects();
  [[nodiscard]] bool has_old_generation() const { return !old_.empty(); }
  [[nodiscard]] bool has_old(std::int64_t subject) const { return old_.contains(subject); }

  /// Wraps the key of the gallery with another master key, and overwrites the old wrapping.
  Status change_master(const KeySource& master, const PassphraseCost& cost);
  /// Writes the file again with another key of the gallery, under the given master key (empty = open). The file before
  /// is overwritten and removed.
  Status renew_gallery_key(const std::optional<KeySource>& master, const PassphraseCost& cost);

  /// Looks at every record as it lies on the disk.
  [[nodiscard]] Result<KeyringCheck> check() const;

 private:
  Keyring(KeyringAt at, std::unique_ptr<KeyringPlace> place, KeyringHeader header, Secret key, Secret fixed)
      : at_(std::move(at)), place_(std::move(place)), header_(header), key_(std::move(key)), fixed_(std::move(fixed)) {}
  [[nodiscard]] Error renewed_elsewhere() const;
  Status read_records();
  /// Everything again, as it lies there now: marks that others have written over known records too.
  Status read_all_records();
  enum class Read : std::uint8_t { added, all };
  /// As refresh(), once through the records.
  Status refresh(Read what);
  /// Overwrites what is left of destroyed keys.
  Status finish_destroying();
  Status take(const KeyringRecord& record, std::uint32_t slot);
  Status append(std::span<const KeyringRecord> records);
  Status overwrite(std::uint32_t slot, const KeyringRecord& record);
  Result<KeyringRecord> record(std::uint32_t slot) const;
  Status unwrap_slot(std::uint32_t slot, std::int64_t subject, Secret& into) const;
  [[nodiscard]] KeyringRecord wrap(RecordKind kind, std::int64_t id, KeyView key, UtcTime now) const;
  [[nodiscard]] Hash proof_of(const KeyringRecord& destroyed) const;
  [[nodiscard]] Error damaged(const std::string& what) const;

  KeyringAt at_;
  std::unique_ptr<KeyringPlace> place_;
  KeyringHeader header_;
  Secret key_;    // of the gallery
  Secret fixed_;  // one key for each KeyUse
  std::uint32_t slots_ = 0;
  std::unordered_map<std::int64_t, std::uint32_t> subjects_;  // subject -> slot
  std::unordered_map<std::int64_t, std::uint32_t> old_;       // of the generation before
  std::unordered_map<std::int64_t, std::uint32_t> fixed_slots_;
  std::unordered_map<std::int64_t, DestroyedKey> destroyed_;
  std::vector<std::uint32_t> left_;           // slots with keys of subjects that are destroyed
  std::optional<std::uint32_t> first_empty_;  // slot of the first record that was overwritten
};

}  // namespace vultus::gallery
