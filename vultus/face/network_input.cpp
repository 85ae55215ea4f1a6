#include <vultus/face/network_input.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include <vultus/media/transform.hpp>

namespace vultus::face {
namespace {

void mirror_rows(MutableImageView image) {
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* row = image.row(y);
    for (int a = 0, b = image.width - 1; a < b; ++a, --b)
      std::swap_ranges(row + std::ptrdiff_t{3} * a, row + std::ptrdiff_t{3} * a + 3, row + std::ptrdiff_t{3} * b);
  }
}

}  // namespace

Status aligned_into(ImageView picture, const Similarity& to_crop, runtime::Network& network, int slot, Shown shown) {
  if (network.channels() != 3 || slot < 0 || slot >= network.batch())
    return fail(ErrorCode::invalid_argument, "crop: picture " + std::to_string(slot) + " of a batch of " +
                                                 std::to_string(network.batch()) + " with " +
                                                 std::to_string(network.channels()) + " channels");
  const std::ptrdiff_t stride = std::ptrdiff_t{3} * network.width();
  const MutableImageView target{network.input().data() + stride * network.height() * slot, network.width(),
                                network.height(), stride, PixelFormat::rgb8};
  VULTUS_CHECK(media::warp_into(picture, to_crop, target));
  if (shown == Shown::mirrored) mirror_rows(target);
  return {};
}

Result<Similarity> square_into(ImageView picture, Point2f centre, float side, double angle, runtime::Network& network,
                               Shown shown) {
  if (!(side > 0) || !std::isfinite(side)) return fail(ErrorCode::invalid_argument, "crop: a square without size");
  const double scale = network.width() / static_cast<double>(side);
  const double a = scale * std::cos(-angle), b = scale * std::sin(-angle), half = network.width() / 2.0;
  const Similarity to_crop{a, b, half - (a * centre.x - b * centre.y), half - (b * centre.x + a * centre.y)};
  VULTUS_CHECK(aligned_into(picture, to_crop, network, 0, shown));
  return to_crop;
}

Status rectangle_into(ImageView picture, const RectF& region, MutableImageView target) {
  const float x0 = std::floor(std::max(region.x, 0.0F)), y0 = std::floor(std::max(region.y, 0.0F));
  const float x1 = std::ceil(std::min(region.right(), static_cast<float>(picture.width))),
              y1 = std::ceil(std::min(region.bottom(), static_cast<float>(picture.height)));
  if (!(x1 - x0 >= 2) || !(y1 - y0 >= 2))
    return fail(ErrorCode::invalid_argument, "crop: the rectangle lies outside the picture");
  return media::resize_into(picture, {x0, y0, x1 - x0, y1 - y0}, target);
}

Status rectangle_into(ImageView picture, const RectF& region, runtime::Network& network) {
  const PixelFormat format = network.channels() == 1 ? PixelFormat::gray8 : PixelFormat::rgb8;
  return rectangle_into(picture, region,
                        MutableImageView{network.input().data(), network.width(), network.height(),
                                         std::ptrdiff_t{network.width()} * network.channels(), format});
}

}  // namespace vultus::face
