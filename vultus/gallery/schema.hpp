// The tables of a gallery file. docs/gallery-format.md explains them. Private to this room.
#pragma once

#include <vultus/sqlite/database.hpp>

namespace vultus::gallery {

/// 'VULT' in the header of the file.
inline constexpr std::int32_t kApplicationId = 0x56554C54;

/// Names of the rows of the table meta.
inline constexpr std::string_view kMetaModel = "model";            // id of the model the templates are searched with
inline constexpr std::string_view kMetaCreated = "created";        // ISO 8601
inline constexpr std::string_view kMetaEncryption = "encryption";  // "none"

[[nodiscard]] const sqlite::Format& format();

}  // namespace vultus::gallery
