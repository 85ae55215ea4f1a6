#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <apps/face_recognition/programs.hpp>

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    vultus::compat::RecognitionArguments arguments;
    const vultus::compat::ParseEnd parsed = vultus::compat::parse(words, arguments);
    if (parsed.go_on) return vultus::compat::run_recognition(arguments, stdout, stderr);
    std::fputs(parsed.text.c_str(), parsed.exit_code == 0 ? stdout : stderr);
    return parsed.exit_code;
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "face_recognition: %s\n", thrown.what());
    return 1;
  }
}
