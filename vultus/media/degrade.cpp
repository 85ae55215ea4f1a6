#include <vultus/media/degrade.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <vultus/media/encode.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::media {
namespace {

constexpr double kMaxSigma = 200;

Result<Image> copy_of(ImageView picture) {
  if (picture.empty()) return fail(ErrorCode::invalid_argument, "an empty picture cannot be degraded");
  VULTUS_TRY(Image copy, Image::create(picture.width, picture.height, picture.format));
  const auto bytes = static_cast<std::size_t>(copy.stride());
  for (int y = 0; y < picture.height; ++y) std::memcpy(copy.row(y), picture.row(y), bytes);
  return copy;
}

}  // namespace

Result<Image> blurred(ImageView picture, double sigma) {
  if (!(sigma > 0 && sigma <= kMaxSigma))
    return fail(ErrorCode::invalid_argument, "blur of " + std::to_string(sigma) + " pixels: above 0, up to 200");
  VULTUS_TRY(Image copy, copy_of(picture));
  return guarded("blur", [&]() -> Result<Image> {
    const int type = copy.format() == PixelFormat::gray8 ? CV_8UC1 : CV_8UC3;
    cv::Mat pixels(copy.height(), copy.width(), type, copy.row(0), static_cast<std::size_t>(copy.stride()));
    cv::GaussianBlur(pixels, pixels, {0, 0}, sigma, sigma, cv::BORDER_REFLECT_101);
    return std::move(copy);
  });
}

Result<Image> shrunk(ImageView picture, double scale) {
  if (picture.empty()) return fail(ErrorCode::invalid_argument, "an empty picture cannot be degraded");
  if (!(scale > 0 && scale <= 1))
    return fail(ErrorCode::invalid_argument, "scale " + std::to_string(scale) + ": above 0, up to 1");
  const auto side = [scale](int pixels) { return std::max(1, static_cast<int>(std::lround(pixels * scale))); };
  VULTUS_TRY(Image small, Image::create(side(picture.width), side(picture.height), picture.format));
  const RectF whole{0, 0, static_cast<float>(picture.width), static_cast<float>(picture.height)};
  VULTUS_CHECK(resize_into(picture, whole, small.mutable_view()));
  return small;
}

Result<Image> compressed(ImageView picture, int quality) {
  VULTUS_TRY(const auto bytes, encode_jpeg(picture, {.quality = quality}));
  VULTUS_TRY(Picture decoded, decode_picture(bytes));
  return std::move(decoded.image);
}

Result<Image> covered(ImageView picture, const RectF& region, std::uint8_t grey) {
  VULTUS_TRY(Image copy, copy_of(picture));
  const auto bound = [](float v, int most) {
    return static_cast<int>(std::clamp(std::round(v), 0.0F, static_cast<float>(most)));
  };
  const int left = bound(region.x, copy.width());
  const int right = bound(region.right(), copy.width());
  const int channels = channels_of(copy.format());
  for (int y = bound(region.y, copy.height()); y < bound(region.bottom(), copy.height()); ++y)
    if (right > left)
      std::memset(copy.row(y) + std::ptrdiff_t{left} * channels, grey,
                  static_cast<std::size_t>(right - left) * static_cast<std::size_t>(channels));
  return copy;
}

}  // namespace vultus::media
