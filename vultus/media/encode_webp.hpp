// Writing pictures as lossy WebP.
#pragma once

#include <cstdint>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::media {

struct WebpEncoding {
  int quality = 80;  ///< [0, 100]; not the scale of JPEG
  bool operator==(const WebpEncoding&) const = default;
};

/// @param image  gray8 or rgb8, sides in [1, 16383]; grey is written as equal colours, which WebP has nothing less for
/// @return a lossy WebP file
/// @error invalid_argument  an empty image, a side or quality outside its range
/// @error resource_limit    out of memory
/// @thread immutable, no state
/// @source libwebp with its usual settings of that quality (method 4)
[[nodiscard]] Result<std::vector<std::uint8_t>> encode_webp(ImageView image, const WebpEncoding& encoding = {});

}  // namespace vultus::media
