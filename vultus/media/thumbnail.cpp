// Scaling by stb_image_resize: it uses the calling thread only. OpenCV would do, but spreads a resize over a thread
// pool of the whole process unless every program turns that off.
#include <vultus/media/thumbnail.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
#include <stb/stb_image_resize.h>

namespace vultus::media {
namespace {

/// Whole pixels inside a picture.
struct Region {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

Status refuse_thumbnail(const std::string& what) { return fail(ErrorCode::invalid_argument, what); }

Status check(ImageView image) {
  if (image.empty()) return refuse_thumbnail("an image without pixels has no thumbnail");
  return {};
}

bool is_finite(const RectF& box) {
  return std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.width) && std::isfinite(box.height);
}

ImageView part_of(ImageView image, const Region& region) {
  return {image.row(region.y) + std::ptrdiff_t{region.x} * channels_of(image.format), region.width, region.height,
          image.stride, image.format};
}

Result<Image> copy_of(ImageView from) {
  VULTUS_TRY(Image copy, Image::create(from.width, from.height, from.format));
  for (int y = 0; y < from.height; ++y) std::memcpy(copy.row(y), from.row(y), static_cast<std::size_t>(copy.stride()));
  return copy;
}

Result<Image> resized(ImageView from, int width, int height) {
  if (width == from.width && height == from.height) return copy_of(from);
  VULTUS_TRY(Image to, Image::create(width, height, from.format));
  const int done = stbir_resize_uint8(from.data, from.width, from.height, static_cast<int>(from.stride), to.row(0),
                                      width, height, static_cast<int>(to.stride()), channels_of(from.format));
  if (done == 0) return fail(ErrorCode::resource_limit, "thumbnail: out of memory");
  return to;
}

/// The whole number in [low, high] nearest to a position that may be anything finite.
int clamped(double position, int low, int high) {
  return static_cast<int>(std::clamp(position, static_cast<double>(low), static_cast<double>(high)));
}

}  // namespace

Result<Image> resize_to_side(ImageView image, int side) {
  VULTUS_CHECK(check(image));
  if (side < 1 || side > Image::kMaxSide)
    return fail(ErrorCode::invalid_argument,
                "side = " + std::to_string(side) + ", must be 1 to " + std::to_string(Image::kMaxSide));
  const int longer = std::max(image.width, image.height);
  return guarded("thumbnail", [&]() -> Result<Image> {
    if (longer <= side) return copy_of(image);
    const auto scaled = [&](int length) {
      return std::max(1, static_cast<int>(std::lround(static_cast<double>(length) * side / longer)));
    };
    return resized(image, scaled(image.width), scaled(image.height));
  });
}

Result<Image> crop(ImageView image, const RectF& box) {
  VULTUS_CHECK(check(image));
  if (!is_finite(box)) return fail(ErrorCode::invalid_argument, "a box that is not finite");
  const int left = clamped(std::floor(box.x), 0, image.width);
  const int top = clamped(std::floor(box.y), 0, image.height);
  const int right = clamped(std::ceil(double{box.x} + box.width), 0, image.width);
  const int bottom = clamped(std::ceil(double{box.y} + box.height), 0, image.height);
  if (right <= left || bottom <= top)
    return fail(ErrorCode::invalid_argument, "the box lies outside the picture of " + std::to_string(image.width) +
                                                 "x" + std::to_string(image.height) + " pixels");
  return guarded("crop", [&] { return copy_of(part_of(image, {left, top, right - left, bottom - top})); });
}

Result<Image> face_thumbnail(ImageView image, const RectF& box, float margin, int side) {
  constexpr int kMaxThumbnail = 4096;
  constexpr float kMaxMargin = 10;
  VULTUS_CHECK(check(image));
  if (!is_finite(box) || !(box.width > 0) || !(box.height > 0))
    return fail(ErrorCode::invalid_argument, "a box that is empty or not finite has no thumbnail");
  if (!(margin >= 0 && margin <= kMaxMargin))
    return fail(ErrorCode::invalid_argument, "margin = " + std::to_string(margin) + ", must be 0 to 10");
  if (side < 1 || side > kMaxThumbnail)
    return fail(ErrorCode::invalid_argument,
                "side = " + std::to_string(side) + ", must be 1 to " + std::to_string(kMaxThumbnail));
  const double wanted = std::max(box.width, box.height) * (1.0 + 2.0 * margin);
  const int length = clamped(std::round(wanted), 1, std::min(image.width, image.height));
  const int left = clamped(std::round(box.centre().x - length / 2.0), 0, image.width - length);
  const int top = clamped(std::round(box.centre().y - length / 2.0), 0, image.height - length);
  return guarded("thumbnail", [&] { return resized(part_of(image, {left, top, length, length}), side, side); });
}

}  // namespace vultus::media
