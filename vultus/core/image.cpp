#include <vultus/core/image.hpp>

#include <string>

namespace vultus {

Result<Image> Image::create(int width, int height, PixelFormat format) {
  if (width < 1 || height < 1 || width > kMaxSide || height > kMaxSide)
    return fail(ErrorCode::invalid_argument, "image of " + std::to_string(width) + "x" + std::to_string(height) +
                                                 " pixels: each side must be 1 to " + std::to_string(kMaxSide));
  Image image;
  image.width_ = width;
  image.height_ = height;
  image.format_ = format;
  image.pixels_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                       static_cast<std::size_t>(channels_of(format)));
  return image;
}

}  // namespace vultus
