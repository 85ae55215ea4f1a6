// Resampling pictures straight into memory that somebody else owns, such as the input of a network.
#pragma once

#include <cstdint>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::media {

/// Scales a rectangle of `source` to fill `target`. Averages when it shrinks, interpolates when it enlarges.
/// @param region  pixels of `source`, cut at its borders; at least one pixel must remain
/// @param target  rgb8, or gray8 (converted with the Rec. 601 weights)
/// @error invalid_argument  an empty picture or region, or a gray source for an rgb target
/// @thread safe, no state
Status resize_into(ImageView source, const RectF& region, MutableImageView target);

/// Maps `source` through a similarity transform into `target`, with linear interpolation; pixels from outside are 0.
/// Where it shrinks, each pixel is the mean of those it stands for: nothing is skipped.
/// @param to_target  takes points of `source` to points of `target`; scale > 0
/// @error invalid_argument  an empty picture, a transform without inverse, or different pixel formats
/// @thread safe, no state
Status warp_into(ImageView source, const Similarity& to_target, MutableImageView target);

/// Writes the left-right mirror image of `source` to `target` of the same size and format.
void mirror_into(ImageView source, MutableImageView target);

}  // namespace vultus::media
