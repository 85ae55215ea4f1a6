// The crop that dlib's face recognition network was trained on: 150 x 150 pixels, made as dlib makes it.
#pragma once

#include <span>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::face {

inline constexpr int kDlibChipSide = 150;
/// Share of the chip's inner square that lies around it on every side.
inline constexpr double kDlibChipPadding = 0.25;

/// A turned square of the picture. Its sides are the centres of its outermost pixels.
struct ChipPlace {
  double left = 0, top = 0, right = 0, bottom = 0;
  double angle = 0;  ///< radians around its centre
};

/// Where the chip of a face lies.
/// @param points  5 in dlib's order (left eye outer and inner corner, right eye outer and inner corner, below the nose;
///                left and right are the subject's), or 68 in the order of ibug68; picture pixels
/// @error invalid_argument  another number of points, points that are not finite, or all on one spot
/// @thread safe, no state
/// @source dlib 19.24, image_transforms/interpolation.h, get_face_chip_details (Boost Software License)
[[nodiscard]] Result<ChipPlace> chip_place(std::span<const Point2f> points);

/// Cuts the chip out: halves the picture until it is near the chip's size, then interpolates. Pixels from outside the
/// picture are black. The same bytes as dlib's (face_golden_test).
/// @param picture  rgb8, upright
/// @param target   rgb8, kDlibChipSide x kDlibChipSide
/// @error invalid_argument  an empty or grey picture, a target of another size, or a place that is no square
/// @thread safe, no state
Status cut_chip(ImageView picture, const ChipPlace& place, MutableImageView target);

}  // namespace vultus::face
