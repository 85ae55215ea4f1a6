// A file of the data folder that lives as long as somebody holds it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::server {

/// Removes its file at its end, with what a database leaves beside it. Immutable.
class ScratchFile {
 public:
  /// Chooses a name in `folder`, which is made, closed to other users, where it is not there. No file is made.
  /// @error resource_limit  the folder cannot be made
  static Result<std::shared_ptr<const ScratchFile>> reserve(const std::filesystem::path& folder,
                                                            const std::string& ending);
  /// The same, and writes the bytes.
  /// @error resource_limit  the disk is full, or the folder cannot be written
  static Result<std::shared_ptr<const ScratchFile>> write(const std::filesystem::path& folder,
                                                          const std::string& ending, std::string_view bytes);
  /// What an earlier process left.
  static void clear(const std::filesystem::path& folder);

  explicit ScratchFile(std::filesystem::path path) : path_(std::move(path)) {}
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace vultus::server
