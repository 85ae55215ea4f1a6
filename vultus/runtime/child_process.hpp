// Running another program without a shell, so that no word of it is ever interpreted. Not installed.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::runtime {

struct ChildCommand {
  std::vector<std::string> arguments;  ///< the first is the path of the program
  std::filesystem::path folder;        ///< where it runs; empty = here
  std::function<void()> tick;          ///< called about five times a second while it runs; may be empty
  std::stop_token stop;                ///< asks to end it
};

struct ChildEnd {
  int exit_code = 0;   ///< 128 + number of the signal if one ended it
  std::string output;  ///< the last 16 KiB of what it wrote to standard output and standard error
};

/// Runs a program to its end, with an empty standard input and the environment of this process.
/// @error not_found       the program or the folder is not there
/// @error resource_limit  no process or pipe can be made
/// @error cancelled       stop was requested; the program and what it started were ended before the return
/// @thread safe, no state; a host that reaps every child of the process itself takes the exit code away: internal
[[nodiscard]] Result<ChildEnd> run_child(const ChildCommand& command);

}  // namespace vultus::runtime
