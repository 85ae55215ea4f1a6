// Boxes, points and names on a picture, readable at any size.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/thumbnail.hpp>

namespace vultus::media {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  bool operator==(const Colour&) const = default;
};

inline constexpr Colour kKnownColour{0, 158, 115};    ///< bluish green: told apart also by the colour-blind
inline constexpr Colour kUnknownColour{230, 159, 0};  ///< orange

/// What is drawn for one face.
struct Mark {
  RectF box;                    ///< pixels of the picture; may leave it
  std::vector<Point2f> points;  ///< drawn as dots
  std::string label;            ///< UTF-8, one line; empty = none
  Colour colour = kKnownColour;
  bool operator==(const Mark&) const = default;
};

struct DrawOptions {
  float scale = 1;  ///< of lines and letters, [0.1, 10]; 1 = what suits the picture's size
  bool operator==(const DrawOptions&) const = default;
};

/// Draws marks over a picture: boxes, then points, then labels, so that no name is crossed by another face's box.
/// Lines and letters grow with the picture. A label stands on a plate in the mark's colour, with black or white
/// letters, whichever can be read; above its box, or below or inside where that does not fit; it stays inside the
/// picture and off other labels where there is room. A label too long for the picture is set smaller, then cut with an
/// ellipsis. Letters are those of DejaVu Sans, which is built in: Latin, Greek, Cyrillic, Armenian, Georgian and more.
/// Chinese, Japanese and Korean are not among them and show as empty boxes; scripts that run from right to left or join
/// their letters are set letter by letter from the left.
/// @param image  rgb8
/// @error invalid_argument  no rgb8 image, a scale outside its range, or a box or point that is not finite
/// @error resource_limit    out of memory
/// @thread immutable, no state
[[nodiscard]] Status draw_marks(Image& image, std::span<const Mark> marks, const DrawOptions& options = {});

}  // namespace vultus::media
