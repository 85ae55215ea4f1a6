// Smaller pictures and cut-outs, for reports and for people. Networks are fed by their own rooms.
#pragma once

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::media {

/// Scales a picture down until its longer side has `side` pixels; a smaller one is copied.
/// @param image  gray8 or rgb8
/// @param side   pixels, [1, Image::kMaxSide]
/// @error invalid_argument  an empty image, or a side outside its range
/// @error resource_limit    out of memory
/// @thread immutable, no state; never more than the calling thread
[[nodiscard]] Result<Image> resize_to_side(ImageView image, int side);

/// Cuts out the part of a box that lies in the picture, rounded outwards to whole pixels.
/// @error invalid_argument  no pixel of the box lies in the picture, or the box is not finite
/// @thread immutable, no state
[[nodiscard]] Result<Image> crop(ImageView image, const RectF& box);

/// A square cut-out around a box, as faces are shown in lists: the box's longer side and a margin, moved into the
/// picture where it would leave it, no larger than the picture, scaled to `side`.
/// @param box     pixels; its centre should lie in the picture
/// @param margin  share of the box's longer side that is added on each side, [0, 10]
/// @param side    pixels of the result, [1, 4096]; smaller cut-outs are enlarged
/// @error invalid_argument  an empty image, a box that is not finite or empty, margin or side outside their range
/// @thread immutable, no state
[[nodiscard]] Result<Image> face_thumbnail(ImageView image, const RectF& box, float margin, int side);

}  // namespace vultus::media
