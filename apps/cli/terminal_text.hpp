// Text that is safe to show on a terminal, and how wide it is there.
#pragma once

#include <string>
#include <string_view>

namespace vultus::cli {

/// Text from outside (file names, names of people) for a terminal: control characters, bytes that are not UTF-8 and
/// characters that reverse the writing direction become visible escapes such as \x1b or \u202e, so that a file name can
/// neither recolour a screen nor hide its ending.
/// @thread no state
[[nodiscard]] std::string printable(std::string_view text);

/// printable() with line ends kept: for messages that have several lines.
[[nodiscard]] std::string printable_lines(std::string_view text);

/// Columns that UTF-8 text takes on a terminal: wide characters count two, combining ones none.
/// @thread no state
[[nodiscard]] int columns_of(std::string_view text);

/// The text, or its beginning and end with an ellipsis between them where it is wider.
/// @param columns  >= 3
[[nodiscard]] std::string shortened(std::string_view text, int columns);

}  // namespace vultus::cli
