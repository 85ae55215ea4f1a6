// What happens to pictures on their way: blur, loss of pixels, compression, something in front of a face. For
// measurements of how much a system bears.
#pragma once

#include <cstdint>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::media {

/// A Gaussian blur; beyond the border the picture is mirrored.
/// @param sigma  pixels, (0, 200]
/// @error invalid_argument  an empty picture or sigma outside its range
/// @thread no state
[[nodiscard]] Result<Image> blurred(ImageView picture, double sigma);

/// The picture with fewer pixels, averaged.
/// @param scale  (0, 1]; each side keeps at least one pixel
/// @error invalid_argument  an empty picture or scale outside its range
/// @thread no state
[[nodiscard]] Result<Image> shrunk(ImageView picture, double scale);

/// The picture after a JPEG file of this quality.
/// @param quality  [1, 100]
/// @error as encode_jpeg
/// @thread no state
[[nodiscard]] Result<Image> compressed(ImageView picture, int quality);

/// The picture with an even grey rectangle.
/// @param region  pixels, cut at the borders; may be empty
/// @error invalid_argument  an empty picture
/// @thread no state
[[nodiscard]] Result<Image> covered(ImageView picture, const RectF& region, std::uint8_t grey = 128);

}  // namespace vultus::media
