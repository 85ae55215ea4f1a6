#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <apps/openface/run.hpp>

// VULTUS_OPENFACE_PROGRAM is the name of an enumerator: the same source makes the three programs.
int main(int argc, char** argv) {
  constexpr auto kProgram = vultus::openface::Program::VULTUS_OPENFACE_PROGRAM;
  try {
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    const auto arguments = vultus::openface::parse(kProgram, words);
    if (!arguments) {
      std::fprintf(stderr, "%s: %s\n%s", vultus::openface::name_of(kProgram), arguments.error().message.c_str(),
                   vultus::openface::help_text(kProgram).c_str());
      return 1;
    }
    if (arguments->help) {
      std::fputs(vultus::openface::help_text(kProgram).c_str(), stdout);
      return 0;
    }
    return vultus::openface::run(kProgram, *arguments, stderr);
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "%s: %s\n", vultus::openface::name_of(kProgram), thrown.what());
    return 1;
  }
}
