#include <vultus/gallery/guard.hpp>

#include <array>
#include <vector>

#include <pwd.h>
#include <sodium.h>
#include <unistd.h>

#include <vultus/gallery/vault/sealed_codec.hpp>

namespace vultus::gallery {
namespace {

/// The login name of who runs the program.
std::string login_name() {
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr) return found->pw_name;
  return "user " + std::to_string(geteuid());
}

/// Who deletes a plain gallery leaves its keyring behind, which holds no more than the keys of a log: it is kept under
/// another name. One of an encrypted gallery is never touched, but in a database, where a name is all that it loses.
Status move_left_over_aside(const KeyringAt& at, const GalleryId& mine) {
  VULTUS_TRY(const bool there, at.exists());
  if (!there) return {};
  VULTUS_TRY(const KeyringHeader header, look_at_keyring(at));
  if (header.gallery == mine || (header.kind != KeyringKind::open && !at.in_database())) return {};
  const std::string end = ".of-" + text_of(header.gallery).substr(0, 8);
  if (at.in_database()) return rename_ring(at, at.ring + end);
  std::filesystem::path aside = at.path;
  aside += end;
  std::error_code failed;
  std::filesystem::rename(at.path, aside, failed);
  if (failed)
    return vultus::fail(ErrorCode::resource_limit, at.path.string() + " cannot be moved to " + aside.string());
  return {};
}

AuditLevel first_level(const GalleryOptions& options) {
  const bool sealed = options.encryption == GalleryEncryption::sealed;
  return options.audit.value_or(sealed ? AuditLevel::all : AuditLevel::changes);
}

}  // namespace

KeyringAt place_of_keyring(const GalleryOptions& options, const ShardKeys& shard) {
  KeyringAt at(options.keyring.empty() ? keyring_path(options.path) : options.keyring, shard.shard,
               options.server_deadline);
  if (!shard.shard.empty() && !at.in_database()) at.path += "." + shard.shard;
  return at;
}

Result<NewStore> Guard::new_store(const GalleryOptions& options, const ShardKeys& shard) {
  VULTUS_CHECK(start_sodium());
  GalleryId id{};
  randombytes_buf(id.data(), id.size());
  if (!shard.shard.empty()) {
    VULTUS_TRY(id, gallery_id_from(shard.gallery));
  }
  const KeyringAt at = place_of_keyring(options, shard);
  const bool sealed = options.encryption == GalleryEncryption::sealed;
  VULTUS_CHECK(move_left_over_aside(at, id));
  if (sealed && !options.key)
    return vultus::fail(ErrorCode::invalid_argument, options.path.string() + ": an encrypted gallery needs a key");
  // A shard has its keyring from the beginning, so that all have the same keys in common.
  const bool keeps_log = !shard.shard.empty() && first_level(options) != AuditLevel::off;
  NewStore made{.model = *options.model,
                .created = options.now(),
                .meta = {{std::string(kMetaEncryption), std::string(sealed ? kSealedEncryption : "none")},
                         {std::string(kMetaGallery), text_of(id)},
                         {std::string(kMetaAudit), std::string(name_of(first_level(options)))}}};
  if (sealed || keeps_log) {
    VULTUS_TRY(const Keyring keys, Keyring::create({.at = at,
                                                    .gallery = id,
                                                    .common = shard.common.get(),
                                                    .master = sealed ? options.key : std::nullopt,
                                                    .cost = options.passphrase_cost,
                                                    .now = options.now()}));
    made.meta.emplace_back(kMetaAuditHead, AuditLog(keys, shard.shard).first_head());
  }
  return made;
}

Result<std::unique_ptr<Guard>> Guard::open(Store& store, const GalleryOptions& options, ShardKeys shard) {
  VULTUS_TRY(const std::optional<std::string> encryption, store.meta(kMetaEncryption));
  VULTUS_TRY(const std::optional<std::string> id_text, store.meta(kMetaGallery));
  if (!encryption || !id_text)
    return store.fail(ErrorCode::corrupt_data, "damaged gallery: meta has no row \"encryption\" or \"gallery\"");
  const Result<GalleryId> id = gallery_id_from(*id_text);
  if (!id) return store.fail(id.error().code, "damaged gallery: " + id.error().message);
  if (*encryption != "none" && *encryption != kSealedEncryption)
    return store.fail(ErrorCode::unsupported, "its encryption is '" + *encryption +
                                                  "', this program knows 'none' and '" +
                                                  std::string(kSealedEncryption) + "'");
  KeyringAt at = place_of_keyring(options, shard);
  std::unique_ptr<Guard> guard(new Guard(std::move(at), *id, options, std::move(shard)));
  guard->sealed_ = *encryption == kSealedEncryption;
  if (guard->options_.who.empty()) guard->options_.who = login_name();
  VULTUS_CHECK(guard->refresh(store));
  if (guard->sealed_)
    VULTUS_CHECK(guard->open_sealed().with_context(store.name()));
  else
    guard->codec_ = plain_codec();
  return guard;
}

/// A gallery that is no shard has a keyring without a name.
std::string Guard::keyring_name() const {
  return at_.in_database() && at_.ring.empty() ? gallery_name(at_.path) : at_.shown();
}

KeyringIn Guard::keyring_in() const {
  if (!at_.in_database()) return KeyringIn::file;
  return gallery_name(at_.path) == gallery_name(options_.path) ? KeyringIn::gallery_database
                                                               : KeyringIn::other_database;
}

Status Guard::open_sealed() {
  auto opened = Keyring::open(at_, id_, options_.key);
  // A change of the key of several shards that was interrupted leaves some under the key before.
  if (!opened && opened.error().code == ErrorCode::invalid_argument && options_.other_key)
    if (auto other = Keyring::open(at_, id_, options_.other_key)) opened = std::move(other);
  VULTUS_TRY(keyring_, std::move(opened));
  if (keyring_->kind() == KeyringKind::open)
    return vultus::fail(ErrorCode::corrupt_data, "keyring " + keyring_name() + " is not that of an encrypted gallery");
  VULTUS_TRY(codec_, sealing_codec());
  return {};
}

Result<std::unique_ptr<Codec>> Guard::sealing_codec() { return sealed_codec(*keyring_, options_.now); }

Status Guard::require_same_rows(Store& store) const {
  VULTUS_TRY(const std::optional<std::string> now, store.meta(kMetaEncryption));
  if (now && *now == codec_->encryption()) return {};
  return store.fail(ErrorCode::cancelled,
                    now == "none" ? "its encryption was taken away by another program; open the gallery again"
                                  : "was encrypted by another program; open the gallery again");
}

Status Guard::refresh(Store& store) {
  if (sealed_ && keyring_) {
    VULTUS_CHECK(keyring_->refresh());
    // The codec may hold a key that a renewal by another program is about to destroy: nothing is sealed with it.
    if (keyring_->has_old_generation()) {
      VULTUS_TRY(codec_, sealing_codec());
    }
  }
  VULTUS_TRY(const std::optional<std::string> level, store.meta(kMetaAudit));
  if (!level) return {};  // made by an older version: the default
  const std::optional<AuditLevel> known = audit_level_from(*level);
  if (!known)
    return store.fail(ErrorCode::corrupt_data, "damaged gallery: \"" + *level + "\" is no level of its audit log");
  level_ = *known;
  return {};
}

Status Guard::set_level(Store& store, AuditLevel level) {
  std::vector<AuditNote> acts;
  VULTUS_TRY(const std::optional<AuditRow> last, store.last_audit());
  if (last) {
    // A level that was changed past the log is told by the log itself from here on.
    VULTUS_CHECK(ensure_keyring(store));
    VULTUS_TRY(std::string differs, log_of(*keyring_).level_against(store, level_));
    if (!differs.empty()) acts.push_back({.what = std::string(kLogBroken), .detail = std::move(differs)});
  }
  // What ends a log is its last record, what begins one its first.
  const bool written = level_ != AuditLevel::off || level != AuditLevel::off || !acts.empty();
  VULTUS_CHECK(store.set_meta(kMetaAudit, name_of(level)));
  level_ = level;
  if (!written) return {};
  acts.push_back({.what = std::string(kSetAudit), .detail = std::string(name_of(level))});
  VULTUS_CHECK(ensure_keyring(store));
  return log_of(*keyring_).append(store, acts, actor(), options_.now());
}

Status Guard::ensure_keyring(Store& store, IfLocked if_locked) {
  if (keyring_) return {};
  VULTUS_CHECK(move_left_over_aside(at_, id_));
  VULTUS_TRY(const bool there, at_.exists());
  const bool fresh = !there;
  if (fresh) VULTUS_CHECK(make_keyring(std::nullopt, {}));
  Result<Keyring> opened = Keyring::open(at_, id_, std::nullopt);
  const bool locked = !opened && opened.error().code == ErrorCode::invalid_argument;
  // The lock of writers is held here, so no other program is encrypting the gallery now: that was interrupted.
  for (const auto* const key : {&options_.key, &options_.other_key}) {
    if (!locked || !*key || if_locked == IfLocked::refuse) continue;
    if (auto with_key = Keyring::open(at_, id_, *key)) {
      VULTUS_CHECK(unlock(store, *with_key));
      keyring_ = *std::move(with_key);
      return {};
    }
  }
  if (locked)
    return vultus::fail(
        ErrorCode::invalid_argument,
        "keyring " + keyring_name() +
            " is locked, though the gallery is not encrypted: its encryption was interrupted (encrypt it again with "
            "the same key; any change with that key undoes it) or this is an old copy (move the keyring away)");
  VULTUS_TRY(keyring_, std::move(opened));
  VULTUS_TRY(const std::optional<AuditRow> last, store.last_audit());
  if (!fresh) return {};
  if (!last) return store.set_meta(kMetaAuditHead, log_of(*keyring_).first_head());
  // The log goes on with other keys, and says so.
  const AuditNote act{.what = std::string(kNewKeyring), .detail = "the keyring was missing"};
  return log_of(*keyring_).append(store, {&act, 1}, actor(), options_.now());
}

Status Guard::make_keyring(const std::optional<KeySource>& master, const PassphraseCost& cost) const {
  return Keyring::make({.at = at_,
                        .gallery = id_,
                        .common = shard_.common.get(),
                        .master = master,
                        .cost = cost,
                        .now = options_.now()});
}

Result<std::shared_ptr<const Secret>> Guard::common_keys() {
  if (!keyring_) {
    VULTUS_TRY(const bool there, at_.exists());
    if (!there) return std::shared_ptr<const Secret>();
    VULTUS_TRY(keyring_, Keyring::open(at_, id_, std::nullopt));
  }
  VULTUS_TRY(Secret common, keyring_->common_keys());
  return std::make_shared<const Secret>(std::move(common));
}

Status Guard::drop_keys(std::span<const std::int64_t> subjects) {
  VULTUS_CHECK(keyring_->drop(subjects));
  VULTUS_TRY(codec_, sealing_codec());  // it may hold one of them
  return {};
}

Status Guard::scrub_keys() { return sealed_ ? keyring_->scrub() : Status(); }

AuditActor Guard::actor() const {
  return options_.actor ? options_.actor() : AuditActor{.who = options_.who, .purpose = options_.purpose};
}

Status Guard::note(Store& store, const AuditNote& note, AuditKind kind) {
  if (level_ == AuditLevel::off || (kind == AuditKind::look && level_ != AuditLevel::all)) return {};
  VULTUS_CHECK(ensure_keyring(store));
  return log_of(*keyring_).append(store, {&note, 1}, actor(), options_.now());
}

Result<AuditLog> Guard::log(Store& store, bool may_make) {
  if (!keyring_) {
    VULTUS_TRY(const bool there, at_.exists());
    if (!may_make && !there)
      return store.fail(ErrorCode::not_found,
                        "its keyring " + keyring_name() + " is not there, so its log cannot be read");
    VULTUS_CHECK(ensure_keyring(store, may_make ? IfLocked::unlock : IfLocked::refuse));
  }
  return log_of(*keyring_);
}

std::string Guard::pseudonym(SubjectId id) const {
  return keyring_ ? pseudonym_of(id, keyring_->key(KeyUse::audit)) : std::string();
}

Status Guard::prepare_sealing(Store& store, const KeySource& key, const PassphraseCost& cost) {
  const std::array known{options_.key, options_.other_key};
  options_.key = key;
  options_.passphrase_cost = cost;
  VULTUS_CHECK(move_left_over_aside(at_, id_));
  VULTUS_TRY(const std::optional<AuditRow> last, store.last_audit());
  VULTUS_TRY(bool there, at_.exists());
  // A log whose keyring is gone goes on with another one, and says so.
  if (!keyring_ && last && !there) {
    VULTUS_CHECK(ensure_keyring(store));
    there = true;
  }
  const bool fresh = !keyring_ && !there;
  if (fresh) VULTUS_CHECK(make_keyring(key, cost));
  if (!keyring_) {
    // An open keyring asks for no key; one that is locked belongs to an encryption that was interrupted.
    Result<Keyring> opened = Keyring::open(at_, id_, key);
    for (const std::optional<KeySource>& other : known) {
      if (opened || opened.error().code != ErrorCode::invalid_argument || !other) continue;
      if (auto with_other = Keyring::open(at_, id_, other)) {
        VULTUS_CHECK(unlock(store, *with_other));
        opened = std::move(with_other);
      }
    }
    VULTUS_TRY(keyring_, std::move(opened));
  }
  const bool was_locked = !fresh && keyring_->kind() != KeyringKind::open;
  if (keyring_->kind() == KeyringKind::open) VULTUS_CHECK(keyring_->renew_gallery_key(key, cost));
  if (fresh) return store.set_meta(kMetaAuditHead, log_of(*keyring_).first_head());
  // What was to begin the log went with an encryption that was interrupted.
  VULTUS_TRY(const std::optional<std::string> head, store.meta(kMetaAuditHead));
  return was_locked && !last && !head ? store.set_meta(kMetaAuditHead, log_of(*keyring_).first_head()) : Status();
}

Status Guard::unlock(Store& store, Keyring& locked) const {
  VULTUS_TRY(const std::optional<std::string> encryption, store.meta(kMetaEncryption));
  if (encryption != "none") return store.fail(ErrorCode::invalid_argument, "is encrypted: its keyring stays locked");
  VULTUS_CHECK(locked.drop_subjects());
  VULTUS_CHECK(locked.renew_gallery_key(std::nullopt, {}));
  VULTUS_TRY(const std::optional<AuditRow> last, store.last_audit());
  VULTUS_TRY(const std::optional<std::string> head, store.meta(kMetaAuditHead));
  // A keyring that was made for the encryption: what was to begin its log went with the transaction.
  return last || head ? Status() : store.set_meta(kMetaAuditHead, log_of(locked).first_head());
}

Status Guard::undo_sealing(Store& store) {
  if (!keyring_ || keyring_->kind() == KeyringKind::open) return {};
  return unlock(store, *keyring_);
}

Status Guard::open_keyring(const KeySource& key) {
  VULTUS_TRY(keyring_, Keyring::open(at_, id_, key));
  return {};
}

Status Guard::become(bool sealed) {
  sealed_ = sealed;
  if (!sealed) {
    codec_ = plain_codec();
    VULTUS_CHECK(keyring_->drop_subjects());
    return keyring_->renew_gallery_key(std::nullopt, {});
  }
  VULTUS_TRY(codec_, sealing_codec());
  return {};
}

}  // namespace vultus::gallery
