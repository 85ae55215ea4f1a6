#include <vultus/core/image.hpp>

#include <string>

namespace vultus {

Result<Image> Image::create(int width, int height, PixelFormat format) {
  Image image;
  VULTUS_CHECK(image.reshape(width, height, format));
  return image;
}

Status Image::reshape(int width, int height, PixelFormat format) {
  if (width < 1 || height < 1 || width > kMaxSide || height > kMaxSide)
    return fail(ErrorCode::invalid_argument, "image of " + std::to_string(width) + "x" + std::to_string(height) +
                                                 " pixels: each side must be 1 to " + std::to_string(kMaxSide));
  // The memory first: where it cannot be had, the old size still holds.
  pixels_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                 static_cast<std::size_t>(channels_of(format)));
  width_ = width;
  height_ = height;
  format_ = format;
  return {};
}

}  // namespace vultus
