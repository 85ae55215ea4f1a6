// Where a face shows skin, and its mean colour there.
#pragma once

#include <optional>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/physio/pulse.hpp>

namespace vultus::physio {

/// Mean colour of forehead and cheeks. Pixels darker than 5 % or brighter than 95 % of those of the region do not
/// count: hair, shadows and shine.
/// @param picture    rgb8
/// @param landmarks  scheme ibug68, pixels
/// @return nothing where fewer than 16 pixels of the region lie in the picture
/// @error invalid_argument  another picture or scheme, or points that are not finite
/// @thread no state
/// @cost some ns for each pixel of the region's bounding box
[[nodiscard]] Result<std::optional<SkinColour>> skin_colour(ImageView picture, const Landmarks& landmarks);

}  // namespace vultus::physio
