// The whole command line: which commands there are, and what happens when one is called.
#pragma once

#include <memory>
#include <span>
#include <string>

#include <apps/cli/context.hpp>

namespace vultus::cli {

/// All commands and their options.
struct Application {
  std::unique_ptr<CLI::App> parser;
  Commands commands;
};
[[nodiscard]] Application make_application();

/// Parses and runs. Data goes to descriptor 1, messages to 2.
/// @param arguments  without the program's name
[[nodiscard]] ExitCode run(std::span<const std::string> arguments);

}  // namespace vultus::cli
