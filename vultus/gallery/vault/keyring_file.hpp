// What the sources of the keyring share. Private to them.
#pragma once

#include <filesystem>

#include <vultus/gallery/vault/keyring_layout.hpp>
#include <vultus/gallery/vault/private_file.hpp>

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
[[nodiscard]] Result<FoundHeader> read_header(const FileHandle& file, const std::filesystem::path& path);
/// Writes both, one after the other.
[[nodiscard]] Status write_headers(const FileHandle& file, const KeyringHeader& header);

}  // namespace vultus::gallery
