#include <vultus/gallery/guard.hpp>

#include <array>

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

std::filesystem::path path_of_keyring(const GalleryOptions& options) {
  return options.keyring.empty() ? keyring_path(options.path) : options.keyring;
}

/// Who deletes a plain gallery leaves its keyring behind, which holds no more than the keys of a log: it is kept under
/// another name. One of an encrypted gallery is never touched.
Status move_left_over_aside(const std::filesystem::path& path, const GalleryId& mine) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) return {};
  VULTUS_TRY(const KeyringHeader header, look_at_keyring(path));
  if (header.gallery == mine || header.kind != KeyringKind::open) return {};
  std::filesystem::path aside = path;
  aside += ".of-" + text_of(header.gallery).substr(0, 8);
  std::filesystem::rename(path, aside, failed);
  if (failed) return vultus::fail(ErrorCode::resource_limit, path.string() + " cannot be moved to " + aside.string());
  return {};
}

AuditLevel first_level(const GalleryOptions& options) {
  const bool sealed = options.encryption == GalleryEncryption::sealed;
  return options.audit.value_or(sealed ? AuditLevel::all : AuditLevel::changes);
}

}  // namespace

Result<NewStore> Guard::new_store(const GalleryOptions& options) {
  VULTUS_CHECK(start_sodium());
  GalleryId id{};
  randombytes_buf(id.data(), id.size());
  const bool sealed = options.encryption == GalleryEncryption::sealed;
  VULTUS_CHECK(move_left_over_aside(path_of_keyring(options), id));
  if (sealed) {
    if (!options.key)
      return vultus::fail(ErrorCode::invalid_argument, options.path.string() + ": an encrypted gallery needs a key");
    VULTUS_CHECK(Keyring::make({.path = path_of_keyring(options),
                                .gallery = id,
                                .master = options.key,
                                .cost = options.passphrase_cost,
                                .now = options.now()}));
  }
  return NewStore{.model = *options.model,
                  .created = options.now(),
                  .meta = {{std::string(kMetaEncryption), std::string(sealed ? kSealedEncryption : "none")},
                           {std::string(kMetaGallery), text_of(id)},
                           {std::string(kMetaAudit), std::string(name_of(first_level(options)))}}};
}

Result<std::unique_ptr<Guard>> Guard::open(Store& store, const GalleryOptions& options) {
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
  std::unique_ptr<Guard> guard(new Guard(path_of_keyring(options), *id, options));
  guard->sealed_ = *encryption == kSealedEncryption;
  if (guard->options_.who.empty()) guard->options_.who = login_name();
  VULTUS_CHECK(guard->refresh(store));
  if (guard->sealed_)
    VULTUS_CHECK(guard->open_sealed().with_context(store.name()));
  else
    guard->codec_ = plain_codec();
  return guard;
}

Status Guard::open_sealed() {
  VULTUS_TRY(keyring_, Keyring::open(path_, id_, options_.key));
  if (keyring_->kind() == KeyringKind::open)
    return vultus::fail(ErrorCode::corrupt_data, "keyring " + path_.string() + " is not that of an encrypted gallery");
  VULTUS_TRY(codec_, sealing_codec());
  return {};
}

Result<std::unique_ptr<Codec>> Guard::sealing_codec() { return sealed_codec(*keyring_, options_.now); }

Status Guard::refresh(Store& store) {
  VULTUS_TRY(const std::optional<std::string> level, store.meta(kMetaAudit));
  if (!level) return {};  // made by an older version: the default
  const std::optional<AuditLevel> known = audit_level_from(*level);
  if (!known)
    return store.fail(ErrorCode::corrupt_data, "damaged gallery: \"" + *level + "\" is no level of its audit log");
  level_ = *known;
  return {};
}

Status Guard::set_level(Store& store, AuditLevel level) {
  // What ends a log is its last record, what begins one its first.
  const AuditNote act{.what = "set-audit", .detail = std::string(name_of(level))};
  if (level_ != AuditLevel::off) VULTUS_CHECK(note(store, act, AuditKind::change));
  const bool begins = level_ == AuditLevel::off;
  VULTUS_CHECK(store.set_meta(kMetaAudit, name_of(level)));
  level_ = level;
  return begins ? note(store, act, AuditKind::change) : Status();
}

Status Guard::ensure_keyring(Store& store) {
  if (keyring_) return {};
  VULTUS_CHECK(move_left_over_aside(path_, id_));
  std::error_code failed;
  const bool fresh = !std::filesystem::exists(path_, failed);
  if (fresh) VULTUS_CHECK(Keyring::make({.path = path_, .gallery = id_, .cost = {}, .now = options_.now()}));
  Result<Keyring> opened = Keyring::open(path_, id_, std::nullopt);
  if (!opened && opened.error().code == ErrorCode::invalid_argument)
    return vultus::fail(
        ErrorCode::invalid_argument,
        "keyring " + path_.string() +
            " is locked, though the gallery is not encrypted: its encryption was interrupted (do it again) "
            "or this is an old copy (move the keyring away)");
  VULTUS_TRY(keyring_, std::move(opened));
  VULTUS_TRY(const std::optional<AuditRow> last, store.last_audit());
  if (!fresh || !last) return {};
  // The log goes on with other keys, and says so.
  const AuditNote act{.what = std::string(kNewKeyring), .detail = "the keyring was missing"};
  return AuditLog(*keyring_).append(store, {&act, 1}, actor(), options_.now());
}

AuditActor Guard::actor() const {
  return options_.actor ? options_.actor() : AuditActor{.who = options_.who, .purpose = options_.purpose};
}

Status Guard::note(Store& store, const AuditNote& note, AuditKind kind) {
  if (level_ == AuditLevel::off || (kind == AuditKind::look && level_ != AuditLevel::all)) return {};
  VULTUS_CHECK(ensure_keyring(store));
  return AuditLog(*keyring_).append(store, {&note, 1}, actor(), options_.now());
}

Result<AuditLog> Guard::log(Store& store, bool may_make) {
  if (!keyring_) {
    std::error_code failed;
    if (!may_make && !std::filesystem::exists(path_, failed))
      return store.fail(ErrorCode::not_found,
                        "its keyring " + path_.string() + " is not there, so its log cannot be read");
    VULTUS_CHECK(ensure_keyring(store));
  }
  return AuditLog(*keyring_);
}

std::string Guard::pseudonym(SubjectId id) const {
  return keyring_ ? pseudonym_of(id, keyring_->key(KeyUse::audit)) : std::string();
}

Status Guard::prepare_sealing(Store& store, const KeySource& key, const PassphraseCost& cost) {
  options_.key = key;
  options_.passphrase_cost = cost;
  VULTUS_CHECK(move_left_over_aside(path_, id_));
  std::error_code failed;
  VULTUS_TRY(const std::optional<AuditRow> last, store.last_audit());
  // A log whose keyring is gone goes on with another one, and says so.
  if (!keyring_ && last && !std::filesystem::exists(path_, failed)) VULTUS_CHECK(ensure_keyring(store));
  if (!keyring_ && !std::filesystem::exists(path_, failed))
    VULTUS_CHECK(Keyring::make({.path = path_, .gallery = id_, .master = key, .cost = cost, .now = options_.now()}));
  if (!keyring_) {
    // An open keyring asks for no key; one that is locked belongs to an encryption that was interrupted.
    VULTUS_TRY(keyring_, Keyring::open(path_, id_, key));
  }
  if (keyring_->kind() == KeyringKind::open) VULTUS_CHECK(keyring_->renew_gallery_key(key, cost));
  return {};
}

Status Guard::open_keyring(const KeySource& key) {
  VULTUS_TRY(keyring_, Keyring::open(path_, id_, key));
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
