// Feeds files to a fuzz target without libFuzzer: each file given, and each file in each folder given.
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
  for (int i = 1; i < count; ++i)
    for (const std::filesystem::path& path : files_of(arguments[i])) {
      std::printf("%s\n", path.c_str());
      std::fflush(stdout);  // the last name printed is the one that broke something
      std::ifstream file(path, std::ios::binary);
      const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      // A copy of exactly this size, so that a sanitizer sees the first byte read behind it. Every beginning of the
      // file is fed too.
      for (std::size_t size = bytes.size() + 1; size-- > 0; ++fed) {
        const std::vector<std::uint8_t> exact(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        if (LLVMFuzzerTestOneInput(exact.data(), exact.size()) != 0) return 1;
      }
    }
  std::printf("%d inputs\n", fed);
  return fed > 0 ? 0 : 1;
}
