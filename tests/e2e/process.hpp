// Running a program the way a shell does, with everything that can go wrong around it.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace vultus::e2e {

struct Call {
  std::vector<std::string> arguments;                   ///< the first is the program
  std::string folder;                                   ///< to run in; empty = the present one
  std::map<std::string, std::string> environment = {};  ///< beside what is there
  std::string input = {};                               ///< bytes on standard input
  std::string output_to = {};                           ///< a file for standard output, e.g. /dev/full; empty = kept
  bool close_output = false;                            ///< nobody reads standard output
  std::optional<long> file_limit = {};                  ///< bytes that a file may grow to
  bool without_privileges = false;                      ///< root without the right to ignore permissions
  std::chrono::seconds timeout{180};
  /// Called whenever output arrived, with all of it so far: may send signals.
  std::function<void(pid_t, const std::string&)> watch = nullptr;
};

struct Answer {
  int code = -1;  ///< exit code; 128 + signal where one ended it; -1: it could not be run or took too long
  std::string out;
  std::string err;
};

[[nodiscard]] Answer run(const Call& call);

/// Whether Call::without_privileges has an effect here: for root it needs the right to give rights up.
[[nodiscard]] bool can_drop_privileges();

}  // namespace vultus::e2e
