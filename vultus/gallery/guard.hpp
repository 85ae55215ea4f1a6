// What protects a gallery in one store: its keyring, its codec and its audit log. Private to this room.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <vultus/gallery/audit/audit_log.hpp>
#include <vultus/gallery/codec.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/store/store.hpp>
#include <vultus/gallery/vault/keyring.hpp>

namespace vultus::gallery {

/// Meta key: "allowed" where everybody may be exported at once.
inline constexpr std::string_view kMetaBulkExport = "bulk_export";

/// Whether an act is written at AuditLevel::changes too.
enum class AuditKind : std::uint8_t { change, look };

/// What the guard of a shard needs beside the options of its gallery.
struct ShardKeys {
  std::string shard;         ///< its name: of its keyring, and of the chain of its log; empty = a gallery in one store
  std::string gallery = {};  ///< id of the whole gallery, for a shard that is made
  std::shared_ptr<const Secret> common = nullptr;  ///< kCommonBytes for a keyring that is made
};

/// Where the keyring of a gallery, or of one of its shards, lies.
[[nodiscard]] KeyringAt place_of_keyring(const GalleryOptions& options, const ShardKeys& shard);

/// Thread-compatible: used under the lock of the gallery's file, but for sealed() and level(), which any thread may
/// ask.
class Guard {
 public:
  /// What a new gallery is filled with; makes the keyring of an encrypted one first.
  static Result<NewStore> new_store(const GalleryOptions& options, const ShardKeys& shard = {});
  /// @error as Keyring::open; unsupported  another encryption
  static Result<std::unique_ptr<Guard>> open(Store& store, const GalleryOptions& options, ShardKeys shard = {});

  /// Of the rows as they lie in the store now.
  [[nodiscard]] Codec& codec() { return *codec_; }
  [[nodiscard]] bool sealed() const { return sealed_; }
  /// Nothing for a plain gallery that has written no log yet.
  [[nodiscard]] Keyring* keyring() { return keyring_ ? &*keyring_ : nullptr; }
  [[nodiscard]] const GalleryId& id() const { return id_; }
  /// Where its keyring lies, for messages: never a password.
  [[nodiscard]] std::string keyring_name() const;
  /// As if it were encrypted, also where it is not.
  [[nodiscard]] KeyringIn keyring_in() const;

  [[nodiscard]] AuditLevel level() const { return level_; }
  /// Reads again what another process may have set, also the keys.
  Status refresh(Store& store);
  /// Asked before rows are read or written: this object opens and seals them as they lie in the store now.
  /// @error cancelled  another program has encrypted the gallery since, or has opened it for good
  [[nodiscard]] Status require_same_rows(Store& store) const;
  Status set_level(Store& store, AuditLevel level);
  /// Writes into the log inside a write transaction, if the level says so.
  Status note(Store& store, const AuditNote& note, AuditKind kind);
  /// The log, for reading. Makes the keyring of a plain gallery where `may_make`, inside a write transaction.
  Result<AuditLog> log(Store& store, bool may_make);

  /// True where the key of a subject was destroyed: rows that are still there belong to an interrupted forgetting.
  [[nodiscard]] bool is_forgotten(SubjectId id) const {
    return sealed_ && keyring_ && keyring_->destroyed().contains(id.number());
  }
  /// The pseudonym of a subject, if there is a log.
  [[nodiscard]] std::string pseudonym(SubjectId id) const;

  // ---- Of a shard
  /// What a keyring that is made from now on has in common with those of the other shards.
  void share_keys(std::shared_ptr<const Secret> common) { shard_.common = std::move(common); }
  /// What its keyring has in common with them; nothing where there is none yet, which it looks for.
  Result<std::shared_ptr<const Secret>> common_keys();

  /// Overwrites the keys of subjects that lie in another shard now.
  Status drop_keys(std::span<const std::int64_t> subjects);
  /// As Keyring::scrub; nothing happens where the gallery is not encrypted.
  Status scrub_keys();

  /// Another codec, for rows that are written again.
  Result<std::unique_ptr<Codec>> sealing_codec();
  /// Makes or opens the keyring that rows will be sealed with.
  Status prepare_sealing(Store& store, const KeySource& key, const PassphraseCost& cost);
  /// Undoes it after a failure: the keyring of the gallery, which has stayed plain, is open again. In a write
  /// transaction of its own, behind the one that was rolled back.
  /// @error invalid_argument  the gallery is encrypted after all
  Status undo_sealing(Store& store);
  /// Opens a keyring that is locked though the gallery is plain: what an interrupted decryption leaves.
  Status open_keyring(const KeySource& key);
  /// After the commit that wrote all rows anew.
  Status become(bool sealed);

 private:
  Guard(KeyringAt at, const GalleryId& id, const GalleryOptions& options, ShardKeys shard)
      : at_(std::move(at)), id_(id), options_(options), shard_(std::move(shard)) {}
  Status open_sealed();
  [[nodiscard]] AuditActor actor() const;
  /// Whether a keyring that is locked, though the gallery is plain, is opened for good: inside a write transaction
  /// alone.
  enum class IfLocked : std::uint8_t { refuse, unlock };
  Status ensure_keyring(Store& store, IfLocked if_locked = IfLocked::unlock);
  /// Opens for good the locked keyring of a plain gallery.
  Status unlock(Store& store, Keyring& locked) const;
  Status make_keyring(const std::optional<KeySource>& master, const PassphraseCost& cost) const;
  [[nodiscard]] AuditLog log_of(const Keyring& keyring) const { return AuditLog(keyring, shard_.shard); }

  KeyringAt at_;
  GalleryId id_{};
  GalleryOptions options_;
  ShardKeys shard_;
  std::atomic<bool> sealed_ = false;
  std::atomic<AuditLevel> level_ = AuditLevel::changes;
  std::optional<Keyring> keyring_;
  std::unique_ptr<Codec> codec_;
};

}  // namespace vultus::gallery
