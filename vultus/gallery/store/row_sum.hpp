// Checksums of rows: what finds bytes that were altered where the database sees nothing wrong. Private to this room.
#pragma once

#include <cstdint>
#include <string_view>

#include <vultus/gallery/store/rows.hpp>

namespace vultus::gallery {

// The first 8 bytes (little-endian, signed) of the BLAKE2b hash of 16 bytes, without key, over the name of the table
// and then every column in the order of its struct in rows.hpp: integers and times (seconds from 1970) as 8 bytes
// little-endian, reals as the 8 bytes of the double (-0 as 0), texts and bytes as their length (8 bytes) and
// themselves; before what may be absent one byte, 0 = absent. `faces` of a subject and `thumbnail` of a face are no
// columns.
[[nodiscard]] std::int64_t sum_of(const SubjectRow& row);
[[nodiscard]] std::int64_t sum_of(const FaceRow& row);
[[nodiscard]] std::int64_t sum_of(const TemplateRow& row);
[[nodiscard]] std::int64_t sum_of(const ThumbnailRow& row);
[[nodiscard]] std::int64_t sum_of(const ModelRow& row);
[[nodiscard]] std::int64_t sum_of(const LinkRow& row);
[[nodiscard]] std::int64_t sum_of(const UndoRow& row);
[[nodiscard]] std::int64_t sum_of(ModelRowId model, const Calibration& row);
[[nodiscard]] std::int64_t sum_of_meta(std::string_view key, std::string_view value);
[[nodiscard]] std::string_view name_of(ThumbnailFormat format);  ///< "jpeg", "encrypted"
[[nodiscard]] std::string_view name_of(LinkKind kind);           ///< "not_subject", "not_face"

}  // namespace vultus::gallery
