// The numbers that the program ends with: a promise to scripts, documented in docs/cli.md and `vultus --help`.
#pragma once

#include <cstdint>

#include <vultus/core/result.hpp>

namespace vultus::cli {

enum class ExitCode : std::uint8_t {
  done = 0,
  some_failed = 1,  ///< the work was done, but some inputs could not be used
  usage = 2,        ///< the command line itself is wrong
  invalid_argument = 3,
  not_found = 4,
  corrupt_data = 5,
  model_mismatch = 6,
  unsupported = 7,
  resource_limit = 8,
  internal = 9,
  interrupted = 130,  ///< Ctrl-C; as shells count: 128 + SIGINT
  reader_gone = 141,  ///< who read the output has closed it; 128 + SIGPIPE
  terminated = 143,   ///< 128 + SIGTERM
};

/// The number of an error that ended the whole command.
[[nodiscard]] constexpr ExitCode exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return ExitCode::invalid_argument;
    case ErrorCode::not_found: return ExitCode::not_found;
    case ErrorCode::corrupt_data: return ExitCode::corrupt_data;
    case ErrorCode::model_mismatch: return ExitCode::model_mismatch;
    case ErrorCode::unsupported: return ExitCode::unsupported;
    case ErrorCode::resource_limit: return ExitCode::resource_limit;
    case ErrorCode::cancelled: return ExitCode::interrupted;
    case ErrorCode::internal: break;
  }
  return ExitCode::internal;
}

/// The table of exit codes as `vultus --help` shows it.
inline constexpr const char* kExitCodesText =
    "Exit codes:\n"
    "  0  done                              6  model mismatch: made with another model\n"
    "  1  done, but some inputs failed      7  unsupported format, version or precision\n"
    "  2  wrong usage                       8  a limit: disk full, permission, memory, size\n"
    "  3  an argument without meaning       9  internal error\n"
    "  4  not found                         130, 143  stopped by Ctrl-C, by SIGTERM\n"
    "  5  damaged data                      141  the reader of the output went away\n";

}  // namespace vultus::cli
