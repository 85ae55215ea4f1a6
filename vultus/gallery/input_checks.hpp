// What a caller may hand over: refused before anything is written. Private to this room.
#pragma once

#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/gallery/records.hpp>

namespace vultus::gallery {

/// Refuses a face that this gallery could not keep.
[[nodiscard]] Status check_new_face(const NewFace& face, const GalleryModel& model);
/// Refuses details that are outside their limits.
[[nodiscard]] Status check_details(const SubjectDetails& details);
/// Refuses a model that no gallery can be made for.
[[nodiscard]] Status check_model(const GalleryModel& model);
/// Refuses a moment that ISO 8601 with four digits cannot name.
[[nodiscard]] Status check_time(std::string_view what, UtcTime time);
/// Refuses what is not 64 lower-case hex digits.
[[nodiscard]] Status check_sha256(std::string_view what, std::string_view sha256);

}  // namespace vultus::gallery
