// How bright and how colourful a picture is.
#pragma once

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::expression {

/// The mean of the HSV value max(R, G, B) / 255 over the pixels. Our reading of A4Net's brightness.
/// @param picture  rgb8
/// @return [0, 1]
/// @error invalid_argument  no picture, or a grey one
/// @thread safe, no state
[[nodiscard]] Result<double> brightness(ImageView picture);

/// sqrt(var(rg) + var(yb)) + 0.3 sqrt(mean(rg)^2 + mean(yb)^2) with rg = R - G and yb = (R + G) / 2 - B, levels 0 to
/// 255; 0 for what is grey, above 100 for what is extremely colourful.
/// @param picture  rgb8
/// @return at least 0
/// @error invalid_argument  no picture, or a grey one
/// @thread safe, no state
/// @source D. Hasler, S. Suesstrunk, Measuring Colourfulness in Natural Images, Human Vision and Electronic Imaging,
/// 2003, eq. 12
[[nodiscard]] Result<double> colourfulness(ImageView picture);

}  // namespace vultus::expression
