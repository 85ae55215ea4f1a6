// The text of a key, as its owner gets it once: "vultus_<id>_<256 random bits in base64url>".
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vultus::server {

struct KeyText {
  std::string id;    ///< 16 hex digits, also part of the text
  std::string text;  ///< all of it
};

/// A new key. @thread any; random bytes of the system
[[nodiscard]] KeyText make_key_text();

/// A new UUID of version 4 (RFC 9562), 122 random bits, lower case: the key of a service of the CompreFace interface.
[[nodiscard]] std::string make_uuid();
/// 16 bytes as a UUID: 8-4-4-4-12 hex digits.
[[nodiscard]] std::string uuid_text(std::span<const std::byte, 16> bytes);
/// The reverse. @return nothing for another form
[[nodiscard]] std::optional<std::array<std::byte, 16>> uuid_bytes(std::string_view text);
[[nodiscard]] std::string hex_of(std::span<const std::byte> bytes);  ///< lower case

/// The id of a text that has the form of a key; nothing for every other text.
[[nodiscard]] std::optional<std::string_view> id_of_key_text(std::string_view text);

}  // namespace vultus::server
