// The small picture of a face that galleries and pages keep. Internal to the room.
#pragma once

#include <cstdint>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::engine {

/// JPEG of 112 x 112 pixels around a box.
/// @error as media::face_thumbnail and media::encode_jpeg
[[nodiscard]] Result<std::vector<std::uint8_t>> face_picture(ImageView picture, const RectF& box);

}  // namespace vultus::engine
