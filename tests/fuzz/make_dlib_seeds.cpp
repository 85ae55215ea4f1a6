// Writes the files of corpus/dlib: make_dlib_seeds <folder>.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <vultus/runtime/test_dlib_files.hpp>

namespace {

void write(const std::filesystem::path& path, const std::vector<std::uint8_t>& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("make_dlib_seeds <folder>\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  std::filesystem::create_directories(folder);
  write(folder / "network.dat", vultus::runtime::test::small_dlib_net());
  write(folder / "shape_predictor.dat", vultus::runtime::test::small_shape_predictor());
  return 0;
}
