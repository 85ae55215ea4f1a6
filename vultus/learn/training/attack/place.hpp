// A face inside a photo, cut out and put back with gradients. Not installed: shows libtorch.
#pragma once

#include <cstdint>

#include <torch/types.h>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>

namespace vultus::learn::attack {

/// The pixels of a picture, [1, 3, height, width], 0 to 255. @param picture  rgb8
[[nodiscard]] torch::Tensor pixels_of(ImageView picture);
/// Writes pixels, rounded and cut to bytes, into a picture of the same size.
void pixels_into(const torch::Tensor& pixels, MutableImageView picture);

/// Cuts a square out of a photo, linearly interpolated; where it shrinks, each pixel is the mean of what it stands for.
/// Outside of the photo is black. A linear function of the photo, so gradients are exact.
/// @param photo    [1, channels, height, width]
/// @param to_crop  takes points of the photo to points of the crop (pixel centres are whole); scale > 0
/// @return [1, channels, side, side]; face::align() up to its rounding and its larger means (attack_test)
[[nodiscard]] torch::Tensor cut(const torch::Tensor& photo, const Similarity& to_crop, std::int64_t side);

/// What a change of the aligned face changes in the photo: interpolated from the change, 0 outside of it. No number
/// grows, so that a budget of the change is one of the photo.
/// @param change  [1, channels, side, side]
/// @return [1, channels, height, width]
[[nodiscard]] torch::Tensor put_back(const torch::Tensor& change, const Similarity& to_crop, std::int64_t height,
                                     std::int64_t width);

/// The same transform for a part of the photo. @param left, top  where the part begins
[[nodiscard]] Similarity for_part(const Similarity& to_crop, double left, double top);

}  // namespace vultus::learn::attack
