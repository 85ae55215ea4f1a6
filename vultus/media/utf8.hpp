// Characters of UTF-8 text. Internal to the room.
#pragma once

#include <string>
#include <string_view>

namespace vultus::media {

/// Stands for a byte that belongs to no character: kStrayByte + the byte. Lies among the surrogates, which valid text
/// cannot hold, so that a file name of any bytes keeps its identity.
inline constexpr char32_t kStrayByte = 0xDC00;

/// @return one element for each character, or for each byte that belongs to none
[[nodiscard]] std::u32string characters_of(std::string_view utf8);

/// @return whether the text is UTF-8 throughout: no stray bytes, overlong forms or surrogates
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace vultus::media
