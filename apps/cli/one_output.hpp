// Two outputs of one name: the later would replace the earlier.
#pragma once

#include <string>

#include <CLI/App.hpp>

namespace vultus::cli {

/// What a command line says wrongly about where it writes: two options of the called command that name one file or
/// folder, also by way of links and "..".
/// @param app  parsed
/// @return a message that names both options; empty = nothing is wrong
[[nodiscard]] std::string two_outputs_of_one_name(const CLI::App& app);

}  // namespace vultus::cli
