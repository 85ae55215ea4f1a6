// The bytes of a keyring: two headers, of which the sound one with the higher number counts, then records of 128 bytes.
// docs/gallery-format.md describes them. Private to this room.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include <vultus/gallery/vault/master_key.hpp>
#include <vultus/gallery/vault/sealing.hpp>

namespace vultus::gallery {

inline constexpr std::size_t kHeaderBytes = 512;
inline constexpr std::size_t kRecordsAt = 2 * kHeaderBytes;
// A record never crosses a sector of the disk, so it is written whole or not at all.
inline constexpr std::size_t kRecordBytes = 128;
inline constexpr std::size_t kWrappedBytes = kKeyBytes + kSealedOverhead;
inline constexpr std::uint32_t kKeyringVersion = 1;

using WrappedKey = std::array<std::byte, kWrappedBytes>;

/// How the key of the gallery lies in the keyring.
enum class KeyringKind : std::uint32_t {
  open = 0,        ///< in plain: the gallery is not encrypted, the keyring is there for its audit log
  key = 1,         ///< wrapped with a key of 32 bytes
  passphrase = 2,  ///< wrapped with a key that Argon2id makes of a passphrase
};

struct KeyringHeader {
  KeyringKind kind = KeyringKind::open;
  std::uint64_t number = 1;  ///< grows with each header that is written
  GalleryId gallery{};
  PassphraseRule rule;   ///< where kind is passphrase
  WrappedKey wrapped{};  ///< the key of the gallery; where kind is open its first 32 bytes are the key itself
  bool operator==(const KeyringHeader&) const = default;
};

/// What a record is. The numbers are part of the format.
enum class RecordKind : std::uint32_t {
  empty = 0,    ///< all bytes 0: nothing, or a key that was overwritten
  subject = 1,  ///< the key of a subject
  fixed = 2,    ///< a key of the gallery: `id` is its KeyUse
  destroyed =
      3,  ///< the key of subject `id` was destroyed: `wrapped` begins with a proof that a keyring's owner wrote it
};

struct KeyringRecord {
  RecordKind kind = RecordKind::empty;
  std::int64_t id = 0;
  std::int64_t time = 0;  ///< when it was made or destroyed, seconds from 1970
  WrappedKey wrapped{};
  std::array<std::uint8_t, 8> mark{};  ///< of a destroyed key: its fingerprint
  bool operator==(const KeyringRecord&) const = default;
};

using HeaderBytes = std::array<std::uint8_t, kHeaderBytes>;
using RecordBytes = std::array<std::uint8_t, kRecordBytes>;

[[nodiscard]] HeaderBytes to_bytes(const KeyringHeader& header);
/// @return nothing for bytes that are no header of this version, or damaged
[[nodiscard]] std::optional<KeyringHeader> header_from(std::span<const std::uint8_t, kHeaderBytes> bytes);
[[nodiscard]] RecordBytes to_bytes(const KeyringRecord& record);
/// @return nothing for a damaged record
[[nodiscard]] std::optional<KeyringRecord> record_from(std::span<const std::uint8_t, kRecordBytes> bytes);

}  // namespace vultus::gallery
