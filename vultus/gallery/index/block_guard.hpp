// What tells that a block of a snapshot is as it was written: a checksum, or a seal. Internal to the room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/index/snapshot_format.hpp>

namespace vultus::gallery {

/// Plain: XXH3 (64 bits) of each block with the number of the block as seed. It finds damage, not intent.
/// Sealed: XChaCha20-Poly1305 of each block under a key of this file alone (BLAKE2b of the caller's key and the salt of
/// the header), with the number of the block as nonce, bound to the beginning of the header. Each block is sealed once.
/// Immutable.
class BlockGuard {
 public:
  /// @param header  its first kSnapshotIdentityBytes are looked at
  /// @param key     for a sealed file
  /// @error resource_limit  no locked memory for the key
  static Result<BlockGuard> make(const SnapshotHeader& header, const std::optional<SnapshotKey>& key);

  [[nodiscard]] bool seals() const { return key_ != nullptr; }
  /// Bytes that are kept for each block in the table.
  [[nodiscard]] std::size_t entry_bytes() const { return seals() ? 16 : 8; }

  /// @param block  kSnapshotBlock bytes
  /// @param out    as many, for a sealed file: what is to be written; else not looked at
  /// @param entry  entry_bytes() bytes
  void close(std::uint64_t number, const std::byte* block, std::byte* out, std::byte* entry) const;
  /// @param block  as it lies in the file
  /// @param out    the same place for a plain file; else where the plain bytes go, which may be the same place
  /// @return false if it is not what was written
  [[nodiscard]] bool open(std::uint64_t number, const std::byte* block, std::byte* out, const std::byte* entry) const;
  /// Of the header or the table.
  [[nodiscard]] std::array<unsigned char, 32> sum_of(std::span<const std::byte> bytes) const;

 private:
  std::shared_ptr<const unsigned char> key_;  // null: not sealed
  std::array<unsigned char, 32> bound_to_{};
};

}  // namespace vultus::gallery
