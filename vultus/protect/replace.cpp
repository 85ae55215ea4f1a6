#include <vultus/protect/replace.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <vultus/face3d/fit.hpp>
#include <vultus/face3d/random.hpp>
#include <vultus/face3d/render.hpp>
#include <vultus/protect/hide.hpp>

namespace vultus::protect {
namespace {

constexpr double kIdentitySpread = 1;
/// A ring as wide as this part of the region is what surrounds it.
constexpr float kRing = .12F;

struct Colour {
  double r = 0, g = 0, b = 0;
};

/// The mean of the pixels around the region, which are no part of it. Those that it touches are: hide_face() has
/// covered them.
Colour surroundings_of(const Image& picture, const RectF& region) {
  const float ring = kRing * std::max(region.width, region.height);
  const auto limit = [](float v, int most) { return static_cast<int>(std::clamp(v, 0.F, static_cast<float>(most))); };
  const int x0 = limit(region.x - ring, picture.width()), x1 = limit(region.x + region.width + ring, picture.width());
  const int y0 = limit(region.y - ring, picture.height()),
            y1 = limit(region.y + region.height + ring, picture.height());
  Colour sum;
  std::int64_t pixels = 0;
  for (int y = y0; y < y1; ++y)
    for (int x = x0; x < x1; ++x) {
      const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
      if (fx >= std::floor(region.x) && fx < std::ceil(region.x + region.width) && fy >= std::floor(region.y) &&
          fy < std::ceil(region.y + region.height))
        continue;
      const std::uint8_t* at = picture.row(y) + std::ptrdiff_t{3} * x;
      sum.r += at[0], sum.g += at[1], sum.b += at[2], ++pixels;
    }
  if (pixels == 0) return {96, 96, 96};
  const auto n = static_cast<double>(pixels);
  return {sum.r / n, sum.g / n, sum.b / n};
}

/// Linear light of a colour of the screen. @source IEC 61966-2-1 (sRGB)
double linear(double value) {
  const double v = value / 255;
  return v <= .04045 ? v / 12.92 : std::pow((v + .055) / 1.055, 2.4);
}

face3d::Appearance somebody(face3d::Random& random) {
  face3d::Appearance look;
  const double tone = random.uniform(.25, 1.1);
  look.skin = {.66 * tone, .44 * tone, .33 * tone};
  look.lips = {.5 * tone, .2 * tone, .18 * tone};
  const double hair = random.uniform(.2, 3);
  look.hair = {.07 * hair, .045 * hair, .03 * hair};
  look.iris = {random.uniform(.05, .3), random.uniform(.1, .3), random.uniform(.05, .35)};
  look.seed = random.next();
  return look;
}

}  // namespace

Result<double> replace_face(Image& picture, const RectF& face, const Landmarks& landmarks,
                            const face3d::FaceModel& model, std::uint64_t seed) {
  // Whatever comes of it, nothing of the face is left. A box that is none is refused here, before it is computed with.
  VULTUS_CHECK(hide_face(picture, face, HideMethod::solid));
  const RectF region = hidden_region(face);
  const Colour around = surroundings_of(picture, region);
  VULTUS_TRY(const face3d::Camera camera, face3d::default_camera(picture.width(), picture.height()));
  VULTUS_TRY(const face3d::FaceFit fit, face3d::fit_face(model, landmarks, camera, {.outline = false}));
  const auto pixel = [](float v, int most) { return static_cast<int>(std::clamp(v, 0.F, static_cast<float>(most))); };
  const int x0 = pixel(std::floor(region.x), picture.width()), y0 = pixel(std::floor(region.y), picture.height());
  const int x1 = pixel(std::ceil(region.x + region.width), picture.width());
  const int y1 = pixel(std::ceil(region.y + region.height), picture.height());
  if (x0 >= x1 || y0 >= y1) return fit.rms_px;
  face3d::Random random(seed);
  face3d::Scene scene;
  scene.camera = {.width = x1 - x0,
                  .height = y1 - y0,
                  .fx = camera.fx,
                  .fy = camera.fy,
                  .cx = camera.cx - x0,
                  .cy = camera.cy - y0};
  scene.pose = fit.pose;
  scene.face.expression = fit.face.expression;
  scene.face.identity.resize(model.parts().identity.size());
  for (double& coefficient : scene.face.identity)
    coefficient = std::clamp(kIdentitySpread * random.normal(), -2.5, 2.5);
  scene.appearance = somebody(random);
  const face3d::Rgb behind{linear(around.r), linear(around.g), linear(around.b)};
  scene.background = {.kind = face3d::BackgroundKind::plain, .first = behind, .second = behind};
  VULTUS_TRY(const Image made, face3d::render(model, scene));
  for (int y = y0; y < y1; ++y)
    std::copy_n(made.row(y - y0), std::ptrdiff_t{3} * (x1 - x0), picture.row(y) + std::ptrdiff_t{3} * x0);
  return fit.rms_px;
}

}  // namespace vultus::protect
