// The tables of a gallery file. docs/gallery-format.md explains them. Private to this room.
#pragma once

#include <vultus/sqlite/database.hpp>

namespace vultus::gallery {

/// 'VULT' in the header of the file.
inline constexpr std::int32_t kApplicationId = 0x56554C54;

[[nodiscard]] const sqlite::Format& format();

/// What SQL alone cannot do when an older file is brought up to date: checksums, and the id of the gallery.
/// @error corrupt_data  a row that cannot be read
[[nodiscard]] Status finish_migration(sqlite::Database& file, int from);

}  // namespace vultus::gallery
