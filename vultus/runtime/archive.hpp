// Taking single files out of a package's archive. Not installed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include <vultus/core/result.hpp>

namespace vultus::runtime {

/// A file, or a byte range of one, and where its bytes go.
struct WantedMember {
  std::string path;                 ///< inside the package
  std::int64_t offset = 0;          ///< first byte
  std::optional<std::int64_t> end;  ///< one past the last byte; empty = the whole file
  std::int64_t bytes = 0;           ///< how many there must be
  std::filesystem::path target;     ///< a new file
};

/// Is the first folder of every path the archive's own ("package/" of npm, "name-1.0/" of source archives)?
enum class TopFolder : std::uint8_t { stripped, kept };

/// Writes the wanted files in one pass over a tar.gz or zip. No name of the archive ever becomes a path on disk, and
/// no more bytes are written than were asked for.
/// @error not_found       a file that the archive does not hold, or that is no plain file
/// @error corrupt_data    not an archive, or a file that is shorter or longer than wanted
/// @error resource_limit  a target cannot be written
/// @error cancelled       stop was requested
[[nodiscard]] Status extract(const std::filesystem::path& archive, TopFolder top, std::span<const WantedMember> wanted,
                             const std::stop_token& stop);

}  // namespace vultus::runtime
