// Characters of UTF-8 text. Not installed.
#pragma once

#include <string>
#include <string_view>

namespace vultus {

/// Stands for a byte that belongs to no character: kStrayByte + the byte. Lies among the surrogates, which valid text
/// cannot hold, so that a file name of any bytes keeps its identity.
inline constexpr char32_t kStrayByte = 0xDC00;

/// @return one element for each character, or for each byte that belongs to none
[[nodiscard]] std::u32string characters_of(std::string_view utf8);

/// @return whether the text is UTF-8 as RFC 3629 has it: shortest forms alone, no surrogates, at most U+10FFFF
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace vultus
