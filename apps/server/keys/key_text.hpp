// The text of a key, as its owner gets it once: "vultus_<id>_<256 random bits in base64url>".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vultus::server {

struct KeyText {
  std::string id;    ///< 16 hex digits, also part of the text
  std::string text;  ///< all of it
};

/// A new key. @thread any; random bytes of the system
[[nodiscard]] KeyText make_key_text();

/// The id of a text that has the form of a key; nothing for every other text.
[[nodiscard]] std::optional<std::string_view> id_of_key_text(std::string_view text);

}  // namespace vultus::server
