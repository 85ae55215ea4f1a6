// The small pictures of faces that galleries and pages keep. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::engine {

/// JPEG of 112 x 112 pixels around a box, for pages.
/// @error as media::face_thumbnail and media::encode_jpeg
[[nodiscard]] Result<std::vector<std::uint8_t>> face_picture(ImageView picture, const RectF& box);

/// JPEG of a face with enough around it that a detector finds it again, never enlarged; at most 192 pixels wide. How
/// much a template loses by it: docs/gallery-health.md.
/// @error as media::face_thumbnail and media::encode_jpeg
[[nodiscard]] Result<std::vector<std::uint8_t>> detailed_face_picture(ImageView picture, const RectF& box);

/// A kept picture in the size of face_picture(). What cannot be decoded is handed over as it is.
[[nodiscard]] std::vector<std::uint8_t> page_picture(std::span<const std::byte> jpeg);

}  // namespace vultus::engine
