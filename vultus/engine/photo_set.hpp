// The faces of many photos, looked at once and kept in a photo library.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/library/library.hpp>
#include <vultus/media/inputs.hpp>

namespace vultus::engine {

struct PhotoSetOptions {
  media::DecodeLimits limits;
  bool thumbnails = false;         ///< small pictures of the faces; a library always gets them
  std::size_t batch = 64;          ///< photos for each transaction: what a killed process can lose
  std::vector<std::string> roots;  ///< folders that were named: a file below them that is not there any more is gone
};

/// A file of the set.
struct PhotoSetFile {
  std::string path;        ///< as the user named it, or absolute where it was not named in this run
  std::string sha256;      ///< of its photo
  bool looked_at = false;  ///< in this run; else known from the library or as a copy
  bool named = false;      ///< among the inputs of this run
};

struct PhotoSet {
  library::Content content;               ///< photos, names and what else is known
  std::vector<PhotoSetFile> files;        ///< in the order of the inputs, then those of the library that were not named
  std::vector<media::InputError> errors;  ///< inputs that could not be read
  std::int64_t looked_at = 0;             ///< files that were decoded
  std::int64_t unchanged = 0;             ///< files that the library knew by path, size and time
  std::int64_t same_bytes = 0;            ///< moved files and copies: known by their SHA-256
  std::int64_t gone = 0;                  ///< files of the library that are not there any more; dropped from it
  std::int64_t out_of_reach = 0;          ///< the same in a folder that is not there either; kept
};

/// A picture as a photo of a library: its faces that have a template, numbered from 1, with the quality that was asked
/// for and without ids.
[[nodiscard]] library::Photo photo_of(SeenPicture seen);

/// What a library of this engine's templates is bound to.
[[nodiscard]] library::LibraryModel library_model(const Engine& engine);

/// Looks at photos, leaving alone those that the library knows.
/// @param library   keeps what is seen, batch by batch; nullptr = everything stays in memory
/// @param progress  gets the number of inputs done, and why one could not be read
/// @error invalid_argument  standard input among the inputs; cancelled  what was kept stays kept; else those of the
///                          library and of Engine::make_looker
Result<PhotoSet> gather_photos(
    const Engine& engine, std::span<const media::Input> inputs, library::Library* library,
    const PhotoSetOptions& options,
    const std::function<Status(std::size_t, const std::optional<media::InputError>&)>& progress,
    const std::stop_token& stop = {});

}  // namespace vultus::engine
