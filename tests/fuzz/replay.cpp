// Feeds files to a fuzz target without libFuzzer: each file given, and each file in each folder given.
//   fuzz_NAME_replay [--beginnings N] FILE|FOLDER...     N of each file's beginnings; all unless told
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz_target.hpp"

namespace {

std::vector<std::filesystem::path> files_of(const std::filesystem::path& given) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::is_directory(given)) return {given};
  for (const auto& entry : std::filesystem::directory_iterator(given)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  int fed = 0;
  int first = 1;
  std::size_t beginnings = 0;
  if (count > 3 && std::string(arguments[1]) == "--beginnings") {
    beginnings = std::stoul(arguments[2]);
    first = 3;
  }
  for (int i = first; i < count; ++i)
    for (const std::filesystem::path& path : files_of(arguments[i])) {
      std::printf("%s\n", path.c_str());
      std::fflush(stdout);  // the last name printed is the one that broke something
      std::ifstream file(path, std::ios::binary);
      const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      // A copy of exactly this size, so that a sanitizer sees the first byte read behind it. Every beginning of the
      // file is fed too.
      const std::size_t step = beginnings == 0 ? 1 : bytes.size() / beginnings + 1;
      for (std::size_t cut = 0; cut <= bytes.size(); cut += step, ++fed) {
        const std::size_t size = bytes.size() - cut;
        const std::vector<std::uint8_t> exact(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        if (LLVMFuzzerTestOneInput(exact.data(), exact.size()) != 0) return 1;
      }
    }
  std::printf("%d inputs\n", fed);
  return fed > 0 ? 0 : 1;
}
