#include <vultus/body/region.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include <vultus/media/transform.hpp>

namespace vultus::body {

double turn_of(Point2f low, Point2f high) {
  const double turn = std::numbers::pi / 2 - std::atan2(double{low.y} - high.y, double{high.x} - low.x);
  return turn > std::numbers::pi ? turn - 2 * std::numbers::pi : turn;
}

Similarity to_square(const Region& region, int pixels) {
  if (!(region.side > 0) || !std::isfinite(region.side) || !std::isfinite(region.turn)) return {0, 0, 0, 0};
  const double scale = pixels / double{region.side};
  Similarity to{scale * std::cos(region.turn), -scale * std::sin(region.turn), 0, 0};
  to.tx = pixels / 2.0 - (to.a * region.centre.x - to.b * region.centre.y);
  to.ty = pixels / 2.0 - (to.b * region.centre.x + to.a * region.centre.y);
  return to;
}

Similarity letterbox(int width, int height, int pixels) {
  const double scale = double(pixels) / std::max(width, height);
  return {scale, 0, (pixels - scale * width) / 2, (pixels - scale * height) / 2};
}

Result<Similarity> run_on(runtime::Network& network, ImageView picture, const Similarity& crop) {
  const auto back = crop.inverse();
  if (!back) return fail(ErrorCode::invalid_argument, "body: the region has no size");
  VULTUS_CHECK(media::warp_into(picture, crop,
                                {network.input().data(), network.width(), network.height(),
                                 std::ptrdiff_t{3} * network.width(), PixelFormat::rgb8}));
  VULTUS_CHECK(network.run());
  return *back;
}

}  // namespace vultus::body
