// Where labels stand and how large they are. Internal to the room.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <vultus/media/label_font.hpp>

namespace vultus::media {

/// A box of whole pixels.
struct PixelBox {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  bool operator==(const PixelBox&) const = default;
};

/// Sizes that suit a picture, pixels.
struct DrawSizes {
  int line = 1;
  float dot = 1;  ///< radius
  int text = 12;  ///< height of a line of text
};

/// @param scale  1 = what suits a screen that shows the whole picture
DrawSizes draw_sizes(int width, int height, float scale);

/// A label that fits a picture.
struct FittedText {
  std::u32string text;
  int height = 0;
  int padding = 0;  ///< left and right of it
};

/// The label without control characters, set smaller and then cut until it fits.
/// @return nothing where there is no text, or the picture is too small for any letter
std::optional<FittedText> fit_text(std::u32string_view label, const DrawSizes& sizes, int picture_width,
                                   int picture_height, const LabelFont& font);

/// The plate of a label: inside the picture, and off the plates in `taken` where there is room.
/// @param box            of the face
/// @param width, height  of the plate, at most those of the picture
PixelBox place_label(const PixelBox& box, int width, int height, int line, int picture_width, int picture_height,
                     std::span<const PixelBox> taken);

}  // namespace vultus::media
