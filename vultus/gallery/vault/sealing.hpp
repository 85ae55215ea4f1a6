// Values that only their key opens, bound to the place they lie in. Private to this room.
// XChaCha20-Poly1305 with a random nonce: nonce (24 bytes), ciphertext, tag (16 bytes).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/vault/secret.hpp>

namespace vultus::gallery {

/// A random number that a gallery keeps for life.
using GalleryId = std::array<std::uint8_t, 16>;

/// 32 lower-case hex digits.
[[nodiscard]] std::string text_of(const GalleryId& id);
/// @error corrupt_data  not 32 lower-case hex digits
[[nodiscard]] Result<GalleryId> gallery_id_from(std::string_view text);

/// What is sealed. The numbers are part of the format.
enum class SealedColumn : std::uint8_t {
  subject_name = 1,
  subject_external_id = 2,
  subject_tags = 3,
  subject_consent = 4,
  subject_purpose = 5,
  subject_notes = 6,
  face_template = 16,
  face_source = 17,
  face_source_sha256 = 18,
  thumbnail = 32,
  audit_record = 48,
  undo_body = 49,
  link = 50,
  wrapped_key = 64,
};

/// A value sealed for one place opens in no other: not in another gallery, row or column.
struct SealedPlace {
  GalleryId gallery{};
  SealedColumn column = SealedColumn::subject_name;
  std::int64_t row = 0;
  std::uint32_t part = 0;  ///< of a row that has several of a kind: the model of a template
};

inline constexpr std::size_t kSealedOverhead = 24 + 16;

/// @return `bytes` with kSealedOverhead more
[[nodiscard]] std::vector<std::byte> seal(std::span<const std::byte> bytes, KeyView key, const SealedPlace& place);
/// @error corrupt_data  altered, cut, of another place, or sealed with another key
[[nodiscard]] Result<std::vector<std::byte>> unseal(std::span<const std::byte> sealed, KeyView key,
                                                    const SealedPlace& place);
/// The same into memory of the caller.
/// @param into  as long as `sealed` less kSealedOverhead
/// @return false for what unseal refuses
[[nodiscard]] bool unseal_into(std::span<const std::byte> sealed, KeyView key, const SealedPlace& place,
                               std::span<std::byte> into);

/// "s1:" and base64 of the sealed text, whose length is padded to a multiple of 32 so that little is told of it.
[[nodiscard]] std::string seal_text(std::string_view text, KeyView key, const SealedPlace& place);
/// @error corrupt_data  as unseal, or not of this form
[[nodiscard]] Result<std::string> unseal_text(std::string_view sealed, KeyView key, const SealedPlace& place);

/// Keyed BLAKE2b of 32 bytes.
using Hash = std::array<std::uint8_t, 32>;
[[nodiscard]] Hash keyed_hash(std::string_view text, KeyView key);
/// BLAKE2b of 32 bytes without a key.
[[nodiscard]] Hash plain_hash(std::span<const std::uint8_t> bytes);

[[nodiscard]] std::string hex_of(std::span<const std::uint8_t> bytes);
/// @return false unless `text` is 2 lower-case hex digits for each byte
[[nodiscard]] bool bytes_from_hex(std::string_view text, std::span<std::uint8_t> bytes);
[[nodiscard]] std::string base64_of(std::span<const std::uint8_t> bytes);
/// @return nothing for what is no base64 with its padding
[[nodiscard]] std::optional<std::vector<std::byte>> bytes_from_base64(std::string_view text);

/// Sixteen hex digits by which people compare keys; nobody finds the key with them.
[[nodiscard]] std::string fingerprint(KeyView key);

}  // namespace vultus::gallery
