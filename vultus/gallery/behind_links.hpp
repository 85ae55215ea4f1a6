// Where the files of a gallery lie that is named by a symbolic link. Private to the room.
#pragma once

#include <filesystem>

namespace vultus::gallery {

/// Where a path leads: of a symbolic link what it points at, also where nothing is there yet; else the path itself.
/// What lies beside a gallery lies beside this, so that a gallery has one keyring and one snapshot by whatever link it
/// is named. Links of folders on the way need nothing, and hard links cannot be told from the file.
[[nodiscard]] std::filesystem::path behind_links(std::filesystem::path path);

}  // namespace vultus::gallery
