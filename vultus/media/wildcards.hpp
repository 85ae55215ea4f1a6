// Names with * ? and [..]. Internal to the room.
#pragma once

#include <string_view>

namespace vultus::media {

/// @return whether the text holds a character that makes it a pattern
[[nodiscard]] bool has_wildcards(std::string_view text);

/// Whether a name matches a pattern of one path component: * is any characters, ? is one, [a-z] and [!a-z] are sets.
/// Characters are those of UTF-8, whatever the locale (fnmatch() counts bytes in the C locale). A leading dot is
/// matched by a dot only. A [ without its ] stands for itself.
[[nodiscard]] bool matches_wildcards(std::string_view pattern, std::string_view name);

}  // namespace vultus::media
