// Attacks that fill the whole picture: prints, screens, generated pictures.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <vultus/media/transform.hpp>
#include <vultus/studio/attack_recipes.hpp>

namespace vultus::studio {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

void fill_mask(Image& mask) {
  for (int y = 0; y < mask.height(); ++y) std::fill(mask.row(y), mask.row(y) + mask.width(), std::uint8_t{255});
}

/// Every level of the picture through a function of its place and channel.
template <class Change>
void change_levels(Image& image, const Change& change) {
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      for (int c = 0; c < 3; ++c) {
        std::uint8_t& level = image.row(y)[3 * x + c];
        level = byte_of(change(x, y, c, static_cast<double>(level)));
      }
}

/// The picture on paper that is not flat: rows and columns are shifted by slow waves.
void warp(Image& image, double amplitude, double period) {
  const Image flat = image;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) {
      const int from_x =
          std::clamp(static_cast<int>(std::lround(x + amplitude * std::sin(kTurn * y / period))), 0, image.width() - 1);
      const int from_y = std::clamp(static_cast<int>(std::lround(y + amplitude * std::sin(kTurn * x / period))), 0,
                                    image.height() - 1);
      std::copy_n(flat.row(from_y) + std::ptrdiff_t{3} * from_x, 3, image.row(y) + std::ptrdiff_t{3} * x);
    }
}

}  // namespace

Status plant_halftone(PlantedAttack& made, const AttackedFace& face, double strength, AttackDraws& draws) {
  const double pitch = draws.between(3, 5), angle = draws.between(0.35, 1.22);  // pixels, 20 to 70 degrees
  const double shine = draws.between(0.05, 0.2) * strength, shine_at = draws.unit();
  const double warped = draws.between(0.005, 0.012) * static_cast<double>(face.box.width);
  warp(made.picture, warped, 2.5 * static_cast<double>(face.box.width));
  const double ca = std::cos(angle) * kTurn / pitch, sa = std::sin(angle) * kTurn / pitch;
  constexpr std::array<double, 3> kPaper{250, 244, 230};
  // More of it, and faces of a hundred pixels are not found any more.
  constexpr double kInk = 25, kPrinted = 0.3;
  const Image before = made.picture;
  change_levels(made.picture, [&](int x, int y, int c, double level) {
    const std::uint8_t* p = before.row(y) + std::ptrdiff_t{3} * x;
    const double luma = (.299 * p[0] + .587 * p[1] + .114 * p[2]) / 255;
    // Symmetric about a half: a grey of one half is half ink.
    const double screen = 0.5 + (std::cos(ca * x + sa * y) + std::cos(ca * y - sa * x)) / 4;
    const double paper = kPaper.at(static_cast<std::size_t>(c));
    const double printed = luma > screen ? paper : kInk;
    const double tinted = level * paper / 255;
    const double lit =
        std::max(0.0, 1 - std::abs(static_cast<double>(x) / before.width() - shine_at) * 3) * shine * 255;
    return std::lerp(tinted, printed, kPrinted * strength) + lit;
  });
  made.parameters = {{"pitch_px", pitch}, {"angle_rad", angle}, {"warp_px", warped}, {"shine", shine}};
  fill_mask(made.mask);
  return {};
}

Status plant_moire(PlantedAttack& made, double strength, AttackDraws& draws) {
  const double f1 = draws.between(0.2, 0.4), f2 = f1 * draws.between(1.01, 1.06);  // cycles a pixel
  const double angle = draws.between(1, 5) * std::numbers::pi / 180;
  const double amplitude = draws.between(0.25, 0.45) * strength;
  const double ca = std::cos(angle), sa = std::sin(angle);
  change_levels(made.picture, [&](int x, int y, int, double level) {
    return level * (1 + amplitude * std::sin(kTurn * f1 * x) * std::sin(kTurn * f2 * (ca * x + sa * y)));
  });
  made.parameters = {{"f1", f1}, {"f2", f2}, {"angle_rad", angle}, {"amplitude", amplitude}};
  fill_mask(made.mask);
  return {};
}

Status plant_banding(PlantedAttack& made, const AttackedFace& face, double strength, AttackDraws& draws) {
  const double period = draws.between(0.3, 0.8) * static_cast<double>(face.box.height), phase = draws.unit();
  const double depth = draws.between(0.2, 0.4) * strength, stripes = draws.between(0.15, 0.35) * strength;
  const double gamma = 1 + draws.between(0.1, 0.4) * strength;
  const bool right = draws.unit() < 0.5;
  // The screen ends beside the face; beyond it is its frame.
  const double edge = right ? static_cast<double>(face.box.right() + face.box.width * 0.3F)
                            : static_cast<double>(face.box.x - face.box.width * 0.3F);
  constexpr double kFrame = 18;
  change_levels(made.picture, [&](int x, int y, int c, double level) {
    if (right ? x > edge : x < edge) return kFrame;
    const double band = 1 - depth * (0.5 + 0.5 * std::sin(kTurn * (y / period + phase)));
    const double stripe = x % 3 == c ? 1 + 2 * stripes : 1 - stripes;  // of three columns each lights one colour
    return 255 * std::pow(level / 255, gamma) * band * stripe;
  });
  made.parameters = {{"period_px", period}, {"depth", depth}, {"stripes", stripes}, {"gamma", gamma}, {"edge_x", edge}};
  fill_mask(made.mask);
  return {};
}

Status plant_generator(PlantedAttack& made, double strength, AttackDraws& draws) {
  const int factor = 2 + draws.below(2);
  const double amplitude = 8 * strength;
  Image& picture = made.picture;
  const int width = std::max(1, picture.width() / factor), height = std::max(1, picture.height() / factor);
  VULTUS_TRY(Image small, Image::create(width, height, PixelFormat::rgb8));
  VULTUS_CHECK(media::resize_into(picture.view(),
                                  {0, 0, static_cast<float>(picture.width()), static_cast<float>(picture.height())},
                                  small.mutable_view()));
  VULTUS_CHECK(media::resize_into(small.view(), {0, 0, static_cast<float>(width), static_cast<float>(height)},
                                  picture.mutable_view()));
  change_levels(picture, [&](int x, int y, int, double level) {
    return level + ((x + y) % 2 == 0 ? amplitude : -amplitude) * std::min(1.0, std::min(level, 255 - level) / 32);
  });
  made.parameters = {{"factor", static_cast<double>(factor)}, {"amplitude", amplitude}};
  fill_mask(made.mask);
  return {};
}

}  // namespace vultus::studio
