// The manual page, made from the help texts.
#pragma once

#include <string>

#include <CLI/App.hpp>

namespace vultus::cli {

/// vultus(1) as roff for man: every command with its arguments, options, remarks and examples.
/// @thread safe
[[nodiscard]] std::string manual_page(const CLI::App& app);

/// Text as roff shows it: no character of it is a command.
[[nodiscard]] std::string roff_text(std::string_view text);

}  // namespace vultus::cli
