// Attacks on a part of the face: something over it, or somebody else's face in it.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <vultus/media/transform.hpp>
#include <vultus/studio/attack_recipes.hpp>

namespace vultus::studio {
namespace {

/// Where a thing can lie, as shares of the face's box.
struct Place {
  std::string_view name;
  double x;
  double y;
};
constexpr std::array<Place, 8> kPlaces{{{"upper", 0.5, 0.25},
                                        {"lower", 0.5, 0.75},
                                        {"left", 0.25, 0.5},
                                        {"right", 0.75, 0.5},
                                        {"upper_left", 0.25, 0.25},
                                        {"upper_right", 0.75, 0.25},
                                        {"lower_left", 0.25, 0.75},
                                        {"lower_right", 0.75, 0.75}}};

/// 1 inside an ellipse, 0 outside, falling over `soft` of its radius. @param r  distance in radii
double inside(double r, double soft) { return std::clamp((1 - r) / soft + 0.5, 0.0, 1.0); }

/// A stripe or a dot pattern, [-1, 1].
double texture(int kind, double u, double v) {
  constexpr double kWave = 2 * std::numbers::pi;
  if (kind == 0) return std::sin(kWave * u);
  if (kind == 1) return std::sin(kWave * u) * std::sin(kWave * v);
  return std::sin(kWave * (u + v)) > 0 ? 1 : -1;
}

/// Mean and spread of each channel, over the pixels that a weight chooses.
struct ColourOf {
  std::array<double, 3> mean{}, spread{};
};
template <class Weight>
ColourOf colour_of(const Image& image, const Weight& weight) {
  ColourOf colour;
  double all = 0;
  std::array<double, 3> sum{}, squares{};
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) {
      const double w = weight(x, y);
      if (w < 0.5) continue;
      ++all;
      for (std::size_t c = 0; c < 3; ++c) {
        const double level = image.row(y)[3 * x + static_cast<int>(c)];
        sum.at(c) += level, squares.at(c) += level * level;
      }
    }
  if (!(all > 0)) return colour;
  for (std::size_t c = 0; c < 3; ++c) {
    colour.mean.at(c) = sum.at(c) / all;
    colour.spread.at(c) = std::sqrt(std::max(1.0, squares.at(c) / all - colour.mean.at(c) * colour.mean.at(c)));
  }
  return colour;
}

}  // namespace

Status plant_mask(PlantedAttack& made, const AttackedFace& face, double strength, AttackDraws& draws) {
  const Place& place = kPlaces.at(static_cast<std::size_t>(draws.below(static_cast<int>(kPlaces.size()))));
  const double w = face.box.width, h = face.box.height;
  const double cx = face.box.x + place.x * w, cy = face.box.y + place.y * h;
  const double rx = (0.14 + 0.16 * strength) * w, ry = (0.12 + 0.14 * strength) * h;
  const int kind = draws.below(3);
  const double period = draws.between(5, 12), angle = draws.between(0, std::numbers::pi);
  const std::array<double, 3> colour{draws.between(40, 220), draws.between(40, 220), draws.between(40, 220)};
  const double ca = std::cos(angle) / period, sa = std::sin(angle) / period;
  for (int y = 0; y < made.picture.height(); ++y)
    for (int x = 0; x < made.picture.width(); ++x) {
      const double r = std::hypot((x + 0.5 - cx) / rx, (y + 0.5 - cy) / ry);
      const double thing = inside(r, 0.04);
      // Light comes from above: the shadow lies a little lower and is softer.
      const double shade = 0.35 * inside(std::hypot((x + 0.5 - cx) / rx, (y + 0.5 - cy - 0.08 * h) / ry), 0.35);
      if (thing <= 0 && shade <= 0) continue;
      const double pattern = 1 + 0.35 * texture(kind, ca * x + sa * y, ca * y - sa * x);
      for (std::size_t c = 0; c < 3; ++c) {
        std::uint8_t& level = made.picture.row(y)[3 * x + static_cast<int>(c)];
        level = byte_of(std::lerp(level * (1 - shade), colour.at(c) * pattern, thing));
      }
      made.mask.row(y)[x] = byte_of(255 * std::max(thing, shade));
    }
  made.place = place.name;
  made.parameters = {{"x", cx}, {"y", cy}, {"radius_x", rx}, {"radius_y", ry}, {"texture", static_cast<double>(kind)}};
  return {};
}

Status plant_seam(PlantedAttack& made, const AttackedFace& face, double strength, const Donor& donor) {
  const auto to_face = fit_similarity(donor.keypoints, face.keypoints);
  if (!to_face || !(to_face->scale() > 0))
    return fail(ErrorCode::invalid_argument, "attack seam: the points of the other face are one point");
  VULTUS_TRY(Image other, Image::create(made.picture.width(), made.picture.height(), PixelFormat::rgb8));
  VULTUS_CHECK(media::warp_into(donor.picture, *to_face, other.mutable_view()));
  // An ellipse about the eyes, nose and mouth, along the line from eyes to mouth.
  const auto at = [&](Keypoint k) { return face.keypoints.at(static_cast<std::size_t>(k)); };
  const Point2f a = at(Keypoint::right_eye), b = at(Keypoint::left_eye);
  const Point2f m{(at(Keypoint::right_mouth).x + at(Keypoint::left_mouth).x) / 2,
                  (at(Keypoint::right_mouth).y + at(Keypoint::left_mouth).y) / 2};
  const Point2f e{(a.x + b.x) / 2, (a.y + b.y) / 2};
  const double eyes = std::hypot(b.x - a.x, b.y - a.y), down = std::hypot(m.x - e.x, m.y - e.y);
  if (!(eyes > 1) || !(down > 1))
    return fail(ErrorCode::invalid_argument, "attack seam: the points of the face are one point");
  const double cx = (e.x + m.x) / 2, cy = (e.y + m.y) / 2, ux = (m.x - e.x) / down, uy = (m.y - e.y) / down;
  const double ry = 0.95 * down, rx = 0.95 * eyes;
  const double soft = 0.5 - 0.4 * strength;  // the plainer, the harder the seam
  const auto blend = [&](int x, int y) {
    const double dx = x + 0.5 - cx, dy = y + 0.5 - cy;
    return inside(std::hypot((dx * ux + dy * uy) / ry, (dx * uy - dy * ux) / rx), soft);
  };
  const ColourOf here = colour_of(made.picture, blend), there = colour_of(other, blend);
  for (int y = 0; y < made.picture.height(); ++y)
    for (int x = 0; x < made.picture.width(); ++x) {
      const double w = blend(x, y);
      if (w <= 0) continue;
      for (std::size_t c = 0; c < 3; ++c) {
        std::uint8_t& level = made.picture.row(y)[3 * x + static_cast<int>(c)];
        const double matched =
            (other.row(y)[3 * x + static_cast<int>(c)] - there.mean.at(c)) * here.spread.at(c) / there.spread.at(c) +
            here.mean.at(c);
        level = byte_of(std::lerp(static_cast<double>(level), matched, w));
      }
      made.mask.row(y)[x] = byte_of(255 * w);
    }
  made.parameters = {{"x", cx}, {"y", cy}, {"radius_along", ry}, {"radius_across", rx}, {"softness", soft}};
  return {};
}

}  // namespace vultus::studio
