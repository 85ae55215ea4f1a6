// How far a picture is from its original: PSNR, SSIM, MS-SSIM.
#pragma once

#include <limits>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// Peak signal-to-noise ratio, 10 log10(255^2 / MSE) over all channels.
/// @return decibels; infinity for equal pictures
/// @error invalid_argument  an empty picture, or two of different size or format
/// @thread no state
[[nodiscard]] Result<double> psnr(ImageView original, ImageView other);

/// Structural similarity: 11 x 11 Gaussian window of sigma 1.5, K1 = .01, K2 = .03, L = 255, only windows that lie
/// wholly inside, mean over windows and channels.
/// @return [-1, 1], 1 for equal pictures
/// @error invalid_argument  as psnr, or a side below 11 pixels
/// @thread no state
/// @source Z. Wang et al., IEEE Transactions on Image Processing 13(4), 2004, equation 13
[[nodiscard]] Result<double> ssim(ImageView original, ImageView other);

/// Structural similarity over five scales; each halves the picture by the mean of 2 x 2 pixels (a last odd row or
/// column is left out). Contrast terms below 0 count as 0.
/// @return [0, 1]
/// @error invalid_argument  as psnr, or a side below 176 pixels (11 at the fifth scale)
/// @thread no state
/// @source Z. Wang, E. Simoncelli, A. Bovik, Asilomar 2003, equation 7, weights of section 3.2
[[nodiscard]] Result<double> multi_scale_ssim(ImageView original, ImageView other);

}  // namespace vultus::evaluation
