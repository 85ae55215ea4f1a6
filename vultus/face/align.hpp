// Turning a face upright and to the size that recognition networks were trained on.
#pragma once

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::face {

inline constexpr int kTemplateSide = 112;

/// Where the five keypoints of an upright face lie in a 112 x 112 crop.
/// @source J. Deng et al., ArcFace (CVPR 2019), reference alignment
inline constexpr Keypoints kTemplate{
    {{38.2946F, 51.6963F}, {73.5318F, 51.5014F}, {56.0252F, 71.7366F}, {41.5493F, 92.3655F}, {70.7299F, 92.2041F}}};

/// The similarity transform from picture pixels to a crop of `side` pixels.
/// @error invalid_argument  all keypoints are one point
[[nodiscard]] Result<Similarity> alignment(const Keypoints& keypoints, int side = kTemplateSide);

/// The aligned face as a picture of side x side pixels; pixels from outside the picture are black.
/// @param picture  rgb8, upright
/// @error invalid_argument  no picture, or keypoints that decide nothing
/// @thread safe, no state
[[nodiscard]] Result<Image> align(ImageView picture, const Keypoints& keypoints, int side = kTemplateSide);

}  // namespace vultus::face
