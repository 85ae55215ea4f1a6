// Targets whose input is a file: a folder for it, and sound files with bytes changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

namespace vultus::fuzz {

/// A folder in memory where there is one, removed at the end.
class Folder {
 public:
  Folder() {
    const bool in_memory = ::access("/dev/shm", W_OK) == 0;
    const std::filesystem::path parent = in_memory ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "vultus-fuzz-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The folder of this process.
inline const std::filesystem::path& folder() {
  static const Folder kMade;
  return kMade.path();
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// An input that begins with 'P' is a list of changes to a sound file: 4 bytes each, position (3 bytes, modulo the size
/// of the file) and new value. Every other input is the file itself. So the fuzzer reaches the inside of the structure
/// without first finding out what such a file looks like.
inline std::string file_or_changes(const std::uint8_t* data, std::size_t size, const std::string& sound) {
  if (size == 0 || data[0] != 'P') return {reinterpret_cast<const char*>(data), size};
  std::string bytes = sound;
  for (std::size_t at = 1; at + 4 <= size; at += 4) {
    const std::size_t where = data[at] + 256U * data[at + 1] + 65536U * data[at + 2];
    bytes[where % bytes.size()] = static_cast<char>(data[at + 3]);
  }
  return bytes;
}

}  // namespace vultus::fuzz
