// Encrypting a gallery, opening it for good, and giving it other keys.
#include <vultus/gallery/local_gallery.hpp>
#include <vultus/gallery/vault/sealed_codec.hpp>

namespace vultus::gallery {

/// @param committing  true from where it may be done
Status LocalGallery::seal_all(const KeySource& key, const PassphraseCost& cost, bool& committing) {
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_CHECK(guard_->prepare_sealing(*store_, key, cost));
  VULTUS_TRY(const auto codec, guard_->sealing_codec());
  VULTUS_CHECK(rows_.write_all_again(*codec));
  VULTUS_CHECK(store_->set_meta(kMetaEncryption, kSealedEncryption));
  VULTUS_CHECK(guard_->note(*store_, {.what = "encrypt"}, AuditKind::change));
  committing = true;
  return commit(*transaction);
}

Status LocalGallery::undo_sealing() {
  const Keyring* const keys = guard_->keyring();
  if (keys == nullptr || keys->kind() == KeyringKind::open) return {};
  VULTUS_TRY(const auto transaction, store_->begin(Store::Kind::write));
  VULTUS_CHECK(guard_->undo_sealing(*store_));
  return transaction->commit();
}

Status LocalGallery::encrypt(const KeySource& key, const PassphraseCost& cost) {
  const std::scoped_lock lock(snapshot_, file_);  // a plain snapshot that is being written is finished, and then goes
  if (guard_->sealed())
    return store_->fail(ErrorCode::invalid_argument, "is encrypted already; rotate-key gives it another key");
  if (sql_searchable_)
    return store_->fail(ErrorCode::unsupported,
                        "is searched by SQL clients, for whom its templates stay in plain: it cannot be encrypted; "
                        "export it, and import it into a new one that is");
  bool committing = false;
  if (const Status sealed = seal_all(key, cost, committing); !sealed) {
    // Whether a commit that failed is done is not known: then the keys stay.
    const Status undone = committing ? sealed : undo_sealing();
    return undone
               ? sealed.error()
               : Error{sealed.error().code,
                       sealed.error().message + "; its keyring is locked already: encrypt it again with the same key"};
  }
  VULTUS_CHECK(guard_->become(true));
  VULTUS_TRY(const bool overwritten, leave_snapshot());
  VULTUS_TRY(const bool emptied, store_->empty_log());
  if (emptied && overwritten) return {};
  return store_->fail(ErrorCode::resource_limit,
                      emptied ? "is encrypted, but its snapshot was removed without being overwritten, since another "
                                "program uses it: old bytes may stay on the disk"
                              : "is encrypted, but another program has it open: old bytes stay in its log until that "
                                "ends");
}

Status LocalGallery::decrypt() {
  const std::scoped_lock lock(snapshot_, file_);
  if (!guard_->sealed()) {
    // The keyring may still be locked: a decryption that was interrupted after its commit.
    if (!options_.key || guard_->keyring() != nullptr)
      return store_->fail(ErrorCode::invalid_argument, "is not encrypted");
    VULTUS_CHECK(guard_->open_keyring(*options_.key));
    VULTUS_CHECK(guard_->become(false));
    return {};
  }
  const auto plain = plain_codec();
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_CHECK(rows_.write_all_again(*plain));
  VULTUS_CHECK(store_->set_meta(kMetaEncryption, "none"));
  VULTUS_CHECK(guard_->note(*store_, {.what = "decrypt"}, AuditKind::change));
  VULTUS_CHECK(commit(*transaction));
  drop_snapshot();
  VULTUS_CHECK(guard_->become(false));
  return {};
}

Status LocalGallery::renew_all_keys(const KeySource& to, const PassphraseCost& cost) {
  Keyring& keys = *guard_->keyring();
  VULTUS_TRY(const UtcTime time, now());
  {
    VULTUS_TRY(const auto transaction, begin_change());
    VULTUS_CHECK(keys.refresh());
    VULTUS_CHECK(keys.add_new_generation(time));
    VULTUS_CHECK(guard_->become(true));  // its codec may hold a key that goes below
    VULTUS_TRY(const auto codec, guard_->sealing_codec());
    VULTUS_CHECK(rows_.write_all_again(*codec));
    VULTUS_CHECK(guard_->note(*store_, {.what = "rotate-key", .detail = "all"}, AuditKind::change));
    VULTUS_CHECK(commit(*transaction));
  }
  {
    // Other writers wait: the key of somebody who is enrolled meanwhile would be in the old keyring alone.
    VULTUS_TRY(const auto writers, store_->begin(Store::Kind::write));
    VULTUS_CHECK(keys.refresh());
    VULTUS_CHECK(keys.drop_old_generation());
    drop_snapshot();  // before its key: what nobody can open would look like damage after a crash
    VULTUS_CHECK(keys.renew(KeyUse::snapshot, time));
    VULTUS_CHECK(keys.renew_gallery_key(to, cost));
  }
  VULTUS_CHECK(guard_->scrub_keys());  // a database keeps what was overwritten until that transaction has ended
  (void)store_->empty_log();
  return {};
}

Status LocalGallery::rotate_key(const KeySource& to, const PassphraseCost& cost, RenewKeys which) {
  const std::scoped_lock lock(snapshot_, file_);
  if (!guard_->sealed()) return store_->fail(ErrorCode::invalid_argument, "is not encrypted; encrypt gives it a key");
  if (which == RenewKeys::all) return renew_all_keys(to, cost);
  Keyring& keys = *guard_->keyring();
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_CHECK(guard_->note(*store_, {.what = "rotate-key", .detail = "master"}, AuditKind::change));
  VULTUS_CHECK(keys.change_master(to, cost));
  return commit(*transaction);
}

}  // namespace vultus::gallery
