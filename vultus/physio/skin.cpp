#include <vultus/physio/skin.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace vultus::physio {
namespace {

constexpr std::size_t kFewestPixels = 16;
constexpr double kDarkest = .05, kBrightest = .95;  // shares of the pixels, by luma
/// How far the forehead reaches above the brows, of the distance from the brows to the tip of the nose.
constexpr float kForehead = .5F;

using Polygon = std::vector<Point2f>;

/// Cheeks between jaw, eye, nose and mouth; the forehead above the brows. Indices of ibug68.
std::array<Polygon, 3> skin_regions(const std::vector<Point2f>& p) {
  const auto points = [&p](std::initializer_list<std::size_t> indices) {
    Polygon polygon;
    for (const std::size_t i : indices) polygon.push_back(p[i]);
    return polygon;
  };
  // Half-way from the jaw's edge to the mouth, so that no background is in it.
  const auto between = [&p](std::size_t a, std::size_t b) {
    return Point2f{.5F * (p[a].x + p[b].x), .5F * (p[a].y + p[b].y)};
  };
  const Polygon right{p[41], p[40], p[31], p[48], between(4, 48), between(2, 36)};
  const Polygon left{p[46], p[47], p[35], p[54], between(12, 54), between(14, 45)};
  Polygon forehead = points({18, 19, 20, 23, 24, 25});
  const Point2f middle = between(21, 22);
  const Point2f up{kForehead * (middle.x - p[30].x), kForehead * (middle.y - p[30].y)};
  for (const std::size_t i : {25U, 24U, 23U, 20U, 19U, 18U}) forehead.push_back({p[i].x + up.x, p[i].y + up.y});
  return {right, left, forehead};
}

/// Even-odd rule.
bool is_inside(const Polygon& polygon, float x, float y) {
  bool inside = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const Point2f a = polygon[i], b = polygon[j];
    if ((a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

struct SkinPixel {
  int luma = 0;  // thousandths
  std::array<std::uint8_t, 3> colour{};
};

void collect(ImageView picture, const Polygon& polygon, std::vector<SkinPixel>& pixels) {
  const auto [left, right] = std::ranges::minmax_element(polygon, {}, &Point2f::x);
  const auto [top, bottom] = std::ranges::minmax_element(polygon, {}, &Point2f::y);
  const auto within = [](float value, int most) {
    return static_cast<int>(std::clamp(value, 0.0F, static_cast<float>(most)));
  };
  for (int y = within(top->y, picture.height); y < within(bottom->y + 1, picture.height); ++y)
    for (int x = within(left->x, picture.width); x < within(right->x + 1, picture.width); ++x) {
      if (!is_inside(polygon, static_cast<float>(x) + .5F, static_cast<float>(y) + .5F)) continue;
      const std::uint8_t* c = picture.row(y) + std::ptrdiff_t{3} * x;
      pixels.push_back({299 * c[0] + 587 * c[1] + 114 * c[2], {c[0], c[1], c[2]}});
    }
}

}  // namespace

Result<std::optional<SkinColour>> skin_colour(ImageView picture, const Landmarks& landmarks) {
  if (picture.empty() || picture.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "the colour of skin needs a colour picture");
  if (landmarks.scheme != LandmarkScheme::ibug68 || landmarks.points.size() != count_of(LandmarkScheme::ibug68))
    return fail(ErrorCode::invalid_argument, "the colour of skin needs 68 landmarks");
  if (!std::ranges::all_of(landmarks.points, [](Point2f p) { return std::isfinite(p.x) && std::isfinite(p.y); }))
    return fail(ErrorCode::invalid_argument, "a landmark is not finite");
  std::vector<SkinPixel> pixels;
  for (const Polygon& polygon : skin_regions(landmarks.points)) collect(picture, polygon, pixels);
  if (pixels.size() < kFewestPixels) return std::optional<SkinColour>();
  std::ranges::stable_sort(pixels, {}, &SkinPixel::luma);
  const auto count = static_cast<double>(pixels.size());
  const auto from = static_cast<std::size_t>(kDarkest * count);
  const auto to = static_cast<std::size_t>(std::ceil(kBrightest * count));
  SkinColour sum;
  for (const SkinPixel& pixel : std::span(pixels).subspan(from, to - from)) {
    sum.red += pixel.colour[0];
    sum.green += pixel.colour[1];
    sum.blue += pixel.colour[2];
  }
  const auto used = static_cast<double>(to - from);
  return std::optional(SkinColour{sum.red / used, sum.green / used, sum.blue / used});
}

}  // namespace vultus::physio
