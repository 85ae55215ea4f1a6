// Pictures with the names on them.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>

#include <vultus/core/result.hpp>
#include <vultus/engine/identify.hpp>
#include <vultus/media/picture.hpp>

#include <apps/cli/kept_input.hpp>
#include <apps/cli/originals.hpp>

namespace vultus::cli {

/// Writes annotated copies into a folder: JPEG, at most 2,048 pixels wide or high, named after the picture.
/// Thread-compatible.
class Annotator {
 public:
  /// Makes the folder if it is not there, and keeps what comes on standard input, where that is an input.
  /// @param inputs  all pictures of the run; before any of them is read
  /// @error resource_limit, invalid_argument  the folder cannot be made; as KeptInput::keep()
  static Result<Annotator> into(const std::string& folder, std::span<const media::Input> inputs,
                                const media::DecodeLimits& limits);

  /// Draws and writes one picture. Two pictures of one name get different files, standard input is called stdin; no
  /// input is overwritten.
  /// @return the file written; nothing for a named pipe, which cannot be read again
  /// @error of reading the picture again, or of writing
  Result<std::string> write(const engine::IdentifiedPicture& picture, const media::Input& input,
                            const media::DecodeLimits& limits);

 private:
  Annotator(std::filesystem::path folder, Originals originals)
      : folder_(std::move(folder)), originals_(std::move(originals)) {}
  [[nodiscard]] std::filesystem::path free_name(const std::string& source);
  Result<media::Picture> read_again(const media::Input& input, const media::DecodeLimits& limits);

  std::filesystem::path folder_;
  Originals originals_;
  std::set<std::string> taken_;
  std::optional<KeptInput> kept_;
};

}  // namespace vultus::cli
