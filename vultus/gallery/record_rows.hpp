// Between what a caller sees (records.hpp) and plain rows of a store (store/rows.hpp). Private to this room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/records.hpp>
#include <vultus/gallery/store/rows.hpp>

namespace vultus::gallery {

/// The tags as the JSON text of a row; empty for none.
[[nodiscard]] std::string tags_text(const std::vector<std::string>& tags);
/// @return nothing if the text is no list of texts
[[nodiscard]] std::optional<std::vector<std::string>> tags_from(const std::string& text);

void put_details(SubjectRow& row, const SubjectDetails& details);
/// @error corrupt_data  tags that are no list of texts; the message names the subject, not the store
[[nodiscard]] Result<Subject> subject_of(const SubjectRow& row);

/// The row of a new face, without its ids.
[[nodiscard]] FaceRow row_of(const FaceDetails& details, UtcTime enrolled);
[[nodiscard]] EnrolledFace enrolled_face(const FaceRow& row);

}  // namespace vultus::gallery
