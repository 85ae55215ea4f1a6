#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <apps/cli/application.hpp>

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return static_cast<int>(vultus::cli::run(arguments));
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "vultus: %s\n", thrown.what());
    return static_cast<int>(vultus::cli::ExitCode::internal);
  }
}
