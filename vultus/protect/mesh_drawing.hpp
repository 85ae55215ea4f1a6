// The contours of the face mesh as lines. Internal to the room.
#pragma once

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>

namespace vultus::protect {

/// Draws points, and the contours of face, eyes, brows and lips, within a region.
/// @param x0, y0, x1, y1  pixels of the region, inside the picture
void draw_mesh(Image& picture, const Landmarks& mesh, int x0, int y0, int x1, int y1);

}  // namespace vultus::protect
