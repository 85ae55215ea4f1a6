// A part of a picture as the input of a network: what the analysers that look at faces have in common.
#pragma once

#include <cstdint>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::face {

/// Whether what is shown is mirrored left to right: networks for one eye see the other one that way.
enum class Shown : std::uint8_t { as_it_is, mirrored };

/// The square around a point, level with a direction, filled into the network's input as `network.width()` pixels.
/// @param picture  rgb8; the network takes three channels
/// @param side     of the square, picture pixels, > 0
/// @param angle    of what is level, radians, clockwise in the picture
/// @return the transform from picture to crop, before mirroring
/// @error invalid_argument  a square without size, or a network for grey pictures
[[nodiscard]] Result<Similarity> square_into(ImageView picture, Point2f centre, float side, double angle,
                                             runtime::Network& network, Shown shown = Shown::as_it_is);

/// An upright rectangle, cut at the borders of the picture, stretched to the network's input; grey where it wants grey.
/// @error invalid_argument  a rectangle outside the picture
Status rectangle_into(ImageView picture, const RectF& region, runtime::Network& network);
/// The same pixels for who keeps them. @param target  rgb8 or gray8
Status rectangle_into(ImageView picture, const RectF& region, MutableImageView target);

/// An aligned crop into one of the pictures of the network's batch.
/// @param to_crop  from picture pixels to the network's pixels
/// @error invalid_argument  a slot beyond the batch, or a transform without inverse
Status aligned_into(ImageView picture, const Similarity& to_crop, runtime::Network& network, int slot = 0,
                    Shown shown = Shown::as_it_is);

}  // namespace vultus::face
