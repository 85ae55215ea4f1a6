// What is said of a command line that cannot be parsed.
#pragma once

#include <string>

#include <CLI/App.hpp>

namespace vultus::cli {

/// The innermost command that was called: of a group of commands the one inside.
[[nodiscard]] const CLI::App& innermost(const CLI::App& app);

/// Why a command line was refused: unknown commands and options by their names, with the one that was probably meant.
/// @param app    the parsers as they were left by the failed parse
/// @param error  of that parse
[[nodiscard]] std::string usage_message(const CLI::App& app, const CLI::ParseError& error);

/// The names of what was called, for messages and hints: "vultus gallery show".
[[nodiscard]] std::string called_name(const CLI::App& app);

}  // namespace vultus::cli
