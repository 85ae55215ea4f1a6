// vultus protect attack: hands over to vultus-learn, which has the gradients that attacks need.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <apps/cli/model_folder.hpp>
#include <apps/cli/protect_attack.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kAttackHelp =
    "For testing one's own recogniser: vultus-learn attack PEOPLE with the same arguments does it, and\n"
    "vultus-learn attack --help names them. It needs libtorch (tools/setup packages --learn).\n\n"
    "Examples:\n"
    "  vultus protect attack crowd/ --surrogate fr_feature --victim default --people 2 --steps 2";

/// Replaces this program. @return only where it cannot
Result<ExitCode> hand_over(std::vector<std::string> arguments) {
  VULTUS_TRY(const std::filesystem::path folder, program_folder());
  const std::filesystem::path program = folder / "vultus-learn";
  std::error_code failed;
  if (!std::filesystem::exists(program, failed))
    return fail(ErrorCode::unsupported, "attacks need the program vultus-learn, and " + program.string() +
                                            " is not there: it is built with Vultus where libtorch is "
                                            "(tools/setup packages --learn)");
  arguments.insert(arguments.begin(), {program.string(), "attack"});
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  ::execv(program.c_str(), pointers.data());
  return fail(ErrorCode::unsupported, program.string() + " cannot be started: " + std::strerror(errno));
}

}  // namespace

void add_protect_attack(CLI::App& group, Commands& commands) {
  CLI::App* command = group.add_subcommand("attack", "how robust a recogniser is against small changes of a face");
  command->prefix_command();
  command->footer(kAttackHelp);
  commands.push_back({command, [command](Context&) { return hand_over(command->remaining()); }});
}

}  // namespace vultus::cli
