// Landmarks that people marked: .pts of 300-W and the XML of dlib's trainers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/result.hpp>

namespace vultus::engine {

/// The 68 landmarks of one face, in the order of iBUG.
struct MarkedFace {
  std::string picture;          ///< file, as it is named beside the marks
  std::vector<Point2f> points;  ///< 68, pixels of the stored picture, the middle of the first pixel at (0, 0)
  bool operator==(const MarkedFace&) const = default;
};

/// One face: `version: 1`, `n_points: 68`, then x and y of each point between braces. 300-W counts pixels from 1.
/// @error corrupt_data  anything else; unsupported  another number of points: the message says how many
[[nodiscard]] Result<std::vector<Point2f>> parse_pts(std::string_view text);

/// Faces of dlib's XML (images, in each its boxes, in each its parts with name, x and y): those with 68 parts, in the
/// order of their numbers. Boxes with other numbers of parts are left out.
/// @error corrupt_data  no such file, a part without a place
[[nodiscard]] Result<std::vector<MarkedFace>> parse_dlib_xml(std::string_view text);

/// Every marked face of a file or folder: dlib's XML (pictures relative to it), or a folder with NAME.pts beside
/// NAME.jpg, .jpeg, .png or .bmp. In the order of their names.
/// @error not_found  no such file or folder, or no picture beside a .pts; and those of the parsers, with the file's
/// name
[[nodiscard]] Result<std::vector<MarkedFace>> read_marked_faces(const std::string& path);

}  // namespace vultus::engine
