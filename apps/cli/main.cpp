#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <apps/cli/application.hpp>

namespace {

/// Whoever closes standard input or output gets an error from them, never a file that happened to take their number:
/// each place is held by something that cannot be used the way it would be.
void hold_standard_streams() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(number, F_GETFD) < 0) (void)::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  try {
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return static_cast<int>(vultus::cli::run(arguments));
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "vultus: %s\n", thrown.what());
    return static_cast<int>(vultus::cli::ExitCode::internal);
  }
}
