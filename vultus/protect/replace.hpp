// Puts a rendered face in the place of one: somebody who does not exist, who holds the head and moves as they did.
#pragma once

#include <cstdint>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face3d/face_model.hpp>

namespace vultus::protect {

/// Replaces a face in place. Head pose and expression are those of the points; identity, skin, hair, eyes and light are
/// drawn from the seed. No pixel of the region is kept; behind the head it shows the mean colour of what surrounds it.
/// @param picture    rgb8
/// @param face       its box in pixels
/// @param landmarks  scheme ibug68, pixels
/// @param seed       the same seed is the same person: give one to each track
/// @return how far the fitted points are from those seen, root mean square in pixels
/// @error invalid_argument  as hide_face(); points that do not determine a pose: hide it with HideMethod::solid then
/// @thread safe, no state
/// @cost about 50 ns for each pixel of the region, and the fit of some ms
[[nodiscard]] Result<double> replace_face(Image& picture, const RectF& face, const Landmarks& landmarks,
                                          const face3d::FaceModel& model, std::uint64_t seed);

}  // namespace vultus::protect
