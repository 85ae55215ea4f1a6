// Pictures with the names on them.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/engine/identify.hpp>

namespace vultus::cli {

/// Writes annotated copies into a folder: JPEG, at most 2,048 pixels wide or high, named after the picture.
/// Thread-compatible.
class Annotator {
 public:
  /// Makes the folder if it is not there.
  /// @error resource_limit, invalid_argument  the folder cannot be made
  static Result<Annotator> into(const std::string& folder);

  /// Draws and writes one picture. Two pictures of one name get different files; a source is never overwritten.
  /// @return the file written; nothing for standard input, which cannot be read again
  /// @error of reading the picture again, or of writing
  Result<std::string> write(const engine::IdentifiedPicture& picture, const media::Input& input,
                            const media::DecodeLimits& limits);

 private:
  explicit Annotator(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::filesystem::path free_name(const std::string& source);

  std::filesystem::path folder_;
  std::set<std::string> taken_;
};

}  // namespace vultus::cli
