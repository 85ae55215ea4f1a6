#include <vultus/face3d/paint.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace vultus::face3d {
namespace {

double between(double x, double low, double high) {
  const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}
double hump(double x, double y, double sx, double sy) { return std::exp(-(x * x / sx / sx + y * y / sy / sy) / 2); }
Rgb scaled(const Rgb& a, double s) { return {a.r * s, a.g * s, a.b * s}; }

double lattice(std::int64_t x, std::int64_t y, std::int64_t z, std::uint64_t seed) {
  std::uint64_t h = seed * 0x9E3779B97F4A7C15ULL;
  for (const std::int64_t v : {x, y, z}) {
    h = (h ^ static_cast<std::uint64_t>(v)) * 0xBF58476D1CE4E5B9ULL;
    h ^= h >> 29U;
  }
  return static_cast<double>(h >> 11U) * 0x1.0p-52 - 1;
}

/// Distance of a point from a segment, and how far along it the nearest place is.
double to_segment(double px, double py, double ax, double ay, double bx, double by, double& along) {
  const double dx = bx - ax, dy = by - ay, n = dx * dx + dy * dy;
  along = n > 0 ? std::clamp(((px - ax) * dx + (py - ay) * dy) / n, 0.0, 1.0) : 0;
  return std::hypot(px - ax - along * dx, py - ay - along * dy);
}

}  // namespace

double smooth_noise(const Vec3& at, std::uint64_t seed) {
  const double fx = std::floor(at.x), fy = std::floor(at.y), fz = std::floor(at.z);
  const double u = between(at.x - fx, 0, 1), v = between(at.y - fy, 0, 1), w = between(at.z - fz, 0, 1);
  const auto x = static_cast<std::int64_t>(fx), y = static_cast<std::int64_t>(fy), z = static_cast<std::int64_t>(fz);
  double sum = 0;
  for (int i = 0; i < 8; ++i) {
    const int a = i & 1, b = (i >> 1) & 1, c = (i >> 2) & 1;
    sum += (a != 0 ? u : 1 - u) * (b != 0 ? v : 1 - v) * (c != 0 ? w : 1 - w) * lattice(x + a, y + b, z + c, seed);
  }
  return sum;
}

Painter::Painter(const FaceModel& model, const Appearance& appearance) : appearance_(appearance) {
  const auto at = [&](std::size_t landmark) {
    const Point3f& p = model.parts().mean[static_cast<std::size_t>(model.parts().landmarks.at(landmark))];
    return Vec3{p.x, p.y, p.z};
  };
  const Vec3 right = at(36), left = at(45);
  origin_ = .5 * (right + left);
  scale_ = 90 / std::max(1e-6, length(left - right));
  const auto flat = [&](std::size_t landmark) {
    const Vec3 p = scale_ * (at(landmark) - origin_);
    return Flat{p.x, p.y};
  };
  for (std::size_t i = 0; i < 12; ++i) lips_.at(i) = flat(48 + i);
  for (std::size_t i = 0; i < 5; ++i) {
    brows_[0].at(i) = flat(17 + i);
    brows_[1].at(i) = flat(26 - i);
  }
  const Flat wing = flat(35), base = flat(33);
  nostrils_ = {Flat{-.5 * wing.x, base.y - 2.5}, Flat{.5 * wing.x, base.y - 2.5}};
  const Flat a = flat(36), b = flat(39), c = flat(42), d = flat(45);
  eyes_ = {Flat{(a.x + b.x) / 2, (a.y + b.y) / 2}, Flat{(c.x + d.x) / 2, (c.y + d.y) / 2}};
}

double Painter::lips_share(double x, double y) const {
  bool inside = false;
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0, j = lips_.size() - 1; i < lips_.size(); j = i++) {
    const Flat &a = lips_.at(i), &b = lips_.at(j);
    if ((a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x) inside = !inside;
    double along = 0;
    nearest = std::min(nearest, to_segment(x, y, a.x, a.y, b.x, b.y, along));
  }
  return between(inside ? nearest : -nearest, -1.2, 1.2);
}

double Painter::brow_share(double x, double y) const {
  double most = 0;
  for (const auto& brow : brows_) {
    if (brow[0].x * x < 0) continue;
    for (std::size_t i = 0; i + 1 < brow.size(); ++i) {
      double along = 0;
      const Flat &a = brow.at(i), &b = brow.at(i + 1);
      const double d = to_segment(x, y - 1.5, a.x, a.y, b.x, b.y, along);
      const double inwards = (static_cast<double>(i) + along) / 4;  // 0 at the temple, 1 at the nose
      const double half = 1.4 + 2.4 * between(inwards, 0, .7);
      most = std::max(most, 1 - between(d, half * .5, half * 1.25));
    }
  }
  return most;
}

double Painter::hair_share(const Vec3& q) const {
  if (appearance_.bald) return 0;
  // A hairline over the forehead that falls to the temples, sideburns, and everything behind the ears.
  const double grain = 3 * smooth_noise({q.x / 3, q.y / 9, q.z / 4}, appearance_.seed + 7);
  const double forehead = -66 + .0085 * q.x * q.x + grain;
  const double over = between(forehead - q.y, -3, 5);
  const double behind = between(q.z + grain, 52, 64) * (1 - between(q.y, 42, 62) * (1 - between(q.z, 90, 110)));
  const double neck = 1 - between(q.y, 70, 92);
  // Ears stand out of it.
  const double ear = between(std::abs(q.x), 73, 76) * between(q.y, -16, -8) * (1 - between(q.z, 96, 106));
  return std::max(over, behind * neck * (1 - ear));
}

Rgb Painter::skin(const Vec3& at) const {
  const Appearance& a = appearance_;
  const Vec3 q = scale_ * (at - origin_);
  const double front = 1 - between(q.z, 15, 45);
  Rgb c = a.skin;
  const double grain = .6 * smooth_noise((1 / 9.0) * q, a.seed) + .4 * smooth_noise((1 / 1.7) * q, a.seed + 1);
  c = scaled(c, 1 + .045 * grain);
  if (front > 0) {
    const double flush = front * (.30 * (hump(std::abs(q.x) - 33, q.y - 34, 13, 11)) + .35 * hump(q.x, q.y - 33, 8, 8));
    c = mixed(c, {a.skin.r * .98, a.skin.g * .68, a.skin.b * .68}, flush);
    double shade = 0;
    for (const Flat& eye : eyes_) {
      shade += .20 * hump(q.x - eye.x, q.y - eye.y, 15, 9);
      shade += .16 * hump(q.x - eye.x, q.y - eye.y + 9, 13, 3);     // fold over the lid
      shade += .10 * hump(q.x - eye.x, q.y - eye.y - 10, 11, 2.5);  // under the eye
    }
    c = scaled(c, 1 - std::min(.5, front * shade));
    for (const Flat& nostril : nostrils_)
      c = scaled(c, 1 - .80 * front * hump(q.x - nostril.x, q.y - nostril.y, 2.6, 1.7));
    const double lips = front * lips_share(q.x, q.y);
    const double crease = .12 * smooth_noise({q.x * 1.3, q.y * .2, 0}, a.seed + 2);
    c = mixed(c, scaled(a.lips, 1 + crease), .85 * lips);
    const double streak = .5 + .5 * smooth_noise({q.x * .9 + q.y * .45, q.y * .35, 0}, a.seed + 3);
    c = mixed(c, a.hair, front * brow_share(q.x, q.y) * (.55 + .4 * streak));
  }
  c = scaled(c, 1 - .35 * between(q.y, 108, 128));  // the chin keeps light from the neck
  const double strand = 1 + .35 * smooth_noise({q.x * .5, q.y * .12, q.z * .5}, a.seed + 4);
  c = mixed(c, scaled(a.hair, strand), hair_share(q));
  const double weave = 1 + .05 * smooth_noise((1 / 1.2) * q, a.seed + 5);
  return mixed(c, scaled(a.cloth, weave), between(q.y - .0016 * q.x * q.x + .05 * q.z, 163, 165));
}

Rgb Painter::eye(double cosine, double around, double height) const {
  constexpr double kIris = .49, kPupil = .20;  // radii over the ball's: 11.8 and 4.8 mm of 24
  const double r = cosine > 0 ? std::sqrt(std::max(0.0, 1 - cosine * cosine)) : 1;
  const double fibre = .25 * smooth_noise({9 * std::cos(around), 9 * std::sin(around), r * 6}, appearance_.seed + 6);
  Rgb iris = scaled(appearance_.iris, (1 + fibre) * (.75 + .6 * between(r, kPupil, kIris)));
  iris = mixed(iris, {.01, .01, .012}, .8 * between(r, kIris - .09, kIris));
  iris = mixed({.008, .008, .008}, iris, between(r, kPupil - .02, kPupil + .02));
  const Rgb white = mixed({.74, .72, .70}, {.62, .42, .38}, between(r, .75, 1.0));
  const Rgb c = mixed(iris, white, between(r, kIris - .02, kIris + .025));
  return scaled(c, .45 + .55 * between(height, -.62, -.15));  // shade of the upper lid
}

}  // namespace vultus::face3d
