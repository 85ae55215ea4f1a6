// What the pixels of a face tell: the parts of assess() that look at luma and colour. Private to this room.
#pragma once

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>

namespace vultus::face::quality {

/// How fine the edges of a face are. Both values do not change with brightness and contrast.
struct Edges {
  float energy_ratio = 1;  ///< gradient energy over that of a copy blurred by a 3 x 3 binomial filter
  float laplacian = 0;     ///< variance of the Laplacian over the variance of luma
};

/// @param crop  aligned face, rgb8, any side from 8; the middle of it counts
[[nodiscard]] Edges edges(ImageView crop);

struct Light {
  float dark = 0;       ///< share of pixels with luma < 16
  float bright = 0;     ///< share of pixels with luma > 239
  float range = 0;      ///< 95th less 5th percentile of luma
  float imbalance = 0;  ///< (left - right) / (left + right) of the image's halves
};

/// @param crop  aligned face, rgb8, 112 x 112
[[nodiscard]] Light light(ImageView crop);

/// How likely eyes and mouth are seen, [0, 1].
struct Visibility {
  float eyes = 1;
  float mouth = 1;
};

/// @param crop  aligned face, rgb8, 112 x 112
[[nodiscard]] Visibility visibility(ImageView crop);

/// By how many levels steps on the lines of an 8-pixel grid exceed those elsewhere, >= 0. The grid may begin anywhere:
/// pictures are turned and cut after they were compressed.
/// @param picture  rgb8, the pixels of the file
/// @param region   around the face; at most its middle 256 x 256 pixels are looked at
/// @return 0 where the region has less than 24 pixels in either direction
[[nodiscard]] float blocking(ImageView picture, const RectF& region);

}  // namespace vultus::face::quality
