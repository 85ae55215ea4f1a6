// What is said of a command line that cannot be parsed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <CLI/App.hpp>

namespace vultus::cli {

/// The name that was probably meant: the one that differs in the fewest letters, if it differs in few.
/// @param names  of what there is
/// @return nothing where none is near
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view written, std::span<const std::string> names);

/// Why a command line was refused: unknown commands and options by their names, with the one that was probably meant.
/// @param app    the parsers as they were left by the failed parse
/// @param error  of that parse
[[nodiscard]] std::string usage_message(const CLI::App& app, const CLI::ParseError& error);

/// The names of what was called, for messages and hints: "vultus gallery show".
[[nodiscard]] std::string called_name(const CLI::App& app);

}  // namespace vultus::cli
