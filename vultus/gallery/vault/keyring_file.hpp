// What the sources of the keyring share. Private to them.
#pragma once

#include <vultus/gallery/vault/keyring_layout.hpp>
#include <vultus/gallery/vault/keyring_place.hpp>

namespace vultus::gallery {

/// An open keyring keeps nothing secret.
[[nodiscard]] inline Guarding guarding_of(KeyringKind kind) {
  return kind == KeyringKind::open ? Guarding::light : Guarding::full;
}

/// What a wrapped key is bound to.
[[nodiscard]] SealedPlace place_of_gallery_key(const GalleryId& gallery);
[[nodiscard]] SealedPlace place_of_record(const GalleryId& gallery, RecordKind kind, std::int64_t id);

/// The header that counts.
struct FoundHeader {
  KeyringHeader header;
  bool both = true;  ///< false: the other one is older or damaged
};
/// @error corrupt_data  neither is sound
[[nodiscard]] Result<FoundHeader> read_header(KeyringPlace& place, const KeyringAt& at);
/// Writes both, one after the other.
[[nodiscard]] Status write_headers(KeyringPlace& place, const KeyringHeader& header);

}  // namespace vultus::gallery
