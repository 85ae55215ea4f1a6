// A folder of its own for a test. Not installed.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace vultus {

/// Removed with the object. The name holds a space and letters outside ASCII on purpose.
class TestFolder {
 public:
  enum class On { disk, memory };
  /// @param on  memory: for thousands of files whose survival of a power cut is not what is tested
  /// @throw std::runtime_error  no folder can be made
  explicit TestFolder(On on = On::disk) {
    if (on == On::memory && make_in("/dev/shm")) return;
    if (!make_in(std::filesystem::temp_directory_path())) throw std::runtime_error("no folder for the test");
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  bool make_in(const std::filesystem::path& parent) {
    std::string pattern = (parent / "vultus prüfung ñ XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return false;
    path_ = pattern;
    return true;
  }
  std::filesystem::path path_;
};

}  // namespace vultus
