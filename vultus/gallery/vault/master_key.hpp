// From a KeySource to the 32 bytes that wrap the key of a gallery. Private to this room.
#pragma once

#include <array>
#include <cstdint>

#include <vultus/gallery/key_source.hpp>
#include <vultus/gallery/vault/secret.hpp>

namespace vultus::gallery {

using Salt = std::array<std::uint8_t, 16>;

/// How a passphrase becomes a key: stored in the keyring.
struct PassphraseRule {
  PassphraseCost cost;
  Salt salt{};
  bool operator==(const PassphraseRule&) const = default;
};

[[nodiscard]] Result<PassphraseRule> new_passphrase_rule(const PassphraseCost& cost);

/// Refuses a cost outside its range, before anything is allocated for it.
/// @error invalid_argument  the message names the limit
[[nodiscard]] Status check_cost(const PassphraseCost& cost);

/// @param rule  used where the source is a passphrase
/// @error not_found         no such file or variable
/// @error invalid_argument  not a key, an empty passphrase, or a file that others may read
/// @error resource_limit    the file or the memory for Argon2id cannot be had
/// @cost for a passphrase what `rule` says: half a second and 256 MiB by default
[[nodiscard]] Result<Secret> read_master_key(const KeySource& source, const PassphraseRule& rule);

/// Argon2id as RFC 9106 has it, with one lane.
[[nodiscard]] Result<Secret> key_from_passphrase(std::span<const std::uint8_t> passphrase, const PassphraseRule& rule);

}  // namespace vultus::gallery
