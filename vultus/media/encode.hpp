// Pixels to JPEG and PNG files in memory.
#pragma once

#include <cstdint>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::media {

struct JpegEncoding {
  int quality = 90;  ///< [1, 100]
  /// Colour at every pixel instead of every second one in each direction: thin coloured lines and letters stay clean,
  /// the file grows by about a third.
  bool full_colour = false;
  bool operator==(const JpegEncoding&) const = default;
};

/// @param image  gray8 or rgb8, sides in [1, 65500]
/// @return a JPEG file
/// @error invalid_argument  an empty image, a side or quality outside its range
/// @error resource_limit    out of memory
/// @thread immutable, no state
[[nodiscard]] Result<std::vector<std::uint8_t>> encode_jpeg(ImageView image, const JpegEncoding& encoding = {});

/// @param image  gray8 or rgb8, sides in [1, Image::kMaxSide]
/// @return a PNG file
/// @error invalid_argument  an empty image or a side outside its range
/// @error resource_limit    out of memory
/// @thread immutable, no state
[[nodiscard]] Result<std::vector<std::uint8_t>> encode_png(ImageView image);

}  // namespace vultus::media
