#include <vultus/face3d/head_surface.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace vultus::face3d {
namespace {

/// Half width, depth of the front and of the back at a height: the outline of the head.
struct Ring {
  double y, side, front, back;
};
constexpr std::array kRings{Ring{-118, 0, 0, 0},    Ring{-114, 28, 32, 40}, Ring{-104, 47, 54, 66},
                            Ring{-86, 63, 73, 86},  Ring{-60, 72, 85, 97},  Ring{-25, 75, 91, 100},
                            Ring{0, 74, 89, 97},    Ring{25, 72, 88, 87},   Ring{45, 69.5, 88, 74},
                            Ring{66, 64, 88, 64},   Ring{84, 56, 86, 58},   Ring{100, 47, 83, 55},
                            Ring{110, 42, 74, 54},  Ring{116, 43, 56, 54},  Ring{124, 46, 38, 55},
                            Ring{145, 50, 30, 58},  Ring{170, 56, 32, 62},  Ring{184, 78, 40, 66},
                            Ring{200, 130, 52, 72}, Ring{215, 165, 60, 76}, Ring{260, 185, 72, 82}};

constexpr double kFrontExponent = 2.25;

/// Catmull and Rom's curve through the rings, without overshoot below 0.
Ring ring_at(double y) {
  std::size_t i = 0;
  while (i + 2 < kRings.size() && kRings.at(i + 1).y < y) ++i;
  const Ring &a = kRings.at(i), &b = kRings.at(i + 1);
  const Ring &before = kRings.at(i == 0 ? 0 : i - 1), &after = kRings.at(std::min(i + 2, kRings.size() - 1));
  const double h = b.y - a.y, t = std::clamp((y - a.y) / h, 0.0, 1.0);
  const auto curve = [&](double Ring::*v) {
    const auto slope = [&](const Ring& p, const Ring& q) { return q.y > p.y ? (q.*v - p.*v) / (q.y - p.y) : 0; };
    const double straight = slope(a, b);
    double m0 = slope(before, b), m1 = slope(a, after);
    if (i == 0) m0 = 3 * straight;  // round on top
    if (std::abs(m0) > 3 * std::abs(straight)) m0 = 3 * straight;
    if (std::abs(m1) > 3 * std::abs(straight)) m1 = 3 * straight;
    const double t2 = t * t, t3 = t2 * t;
    return (2 * t3 - 3 * t2 + 1) * a.*v + (t3 - 2 * t2 + t) * h * m0 + (3 * t2 - 2 * t3) * b.*v + (t3 - t2) * h * m1;
  };
  return {y, std::max(0.0, curve(&Ring::side)), std::max(0.0, curve(&Ring::front)), std::max(0.0, curve(&Ring::back))};
}

/// Height of the nose over the face along its ridge.
double ridge(double y) {
  constexpr std::array<std::array<double, 2>, 11> kRidge{
      {{-16, 0}, {-6, 2.5}, {2, 4}, {10, 7.5}, {18, 12}, {26, 17}, {33, 20.5}, {38, 20}, {44, 13}, {48, 5}, {54, 0}}};
  if (y <= kRidge.front()[0] || y >= kRidge.back()[0]) return 0;
  std::size_t i = 0;
  while (kRidge.at(i + 1)[0] < y) ++i;
  const double t = (y - kRidge.at(i)[0]) / (kRidge.at(i + 1)[0] - kRidge.at(i)[0]);
  const double smooth = t * t * (3 - 2 * t);
  return kRidge.at(i)[1] * (1 - (t + smooth) / 2) + kRidge.at(i + 1)[1] * (t + smooth) / 2;
}

/// How far the face stands out towards the viewer over the base surface.
double relief(double x, double y) {
  const double ax = std::abs(x);
  double out = 0;
  out -= 7 * bumps(x, y, 31, 2, 15, 10) + 5 * bumps(x, y, 16, 0, 6, 10);       // sockets
  out += 4.5 * bumps(x, y, 30, -21, 19, 7) + 1.5 * bump(x, y, 0, -22, 12, 9);  // brow
  const double width = 6 + 5 * ramp(y, 5, 38);
  out += ridge(y) * std::exp(-std::pow(ax / width, 2.4) / 1.6);
  out += 8.5 * bumps(x, y, 13, 39, 4.6, 5.5);  // wings of the nose
  out -= 5 * bumps(x, y, 5.8, 46, 2.8, 2.2);   // nostrils
  out += 5 * bump(x, y, 0, 62, 24, 15);        // muzzle
  out -= 1.2 * bump(x, y, 0, 55, 2.4, 5);      // philtrum
  const double lip = std::sqrt(std::max(0.0, 1 - std::pow(ax / 27, 2)));
  out += lip * (3.6 * bump(x, y, 0, 62.5, 1e3, 2.4) + 4.6 * bump(x, y, 0, 70.5, 1e3, 3.2));
  out -= 2.4 * bump(ax, y, 0, kMouthY, 16, 1.5) + 2 * bumps(x, y, 26, kMouthY, 4, 4);  // line, corners
  out -= 4.5 * bump(x, y, 0, 81, 17, 4.5);                                             // under the lip
  out += 6 * bump(x, y, 0, 98, 15, 9);                                                 // chin
  out += 4.5 * bumps(x, y, 44, 26, 15, 12);                                            // cheekbones
  out += 2.5 * bumps(x, y, 30, 42, 14, 14);                                            // cheeks
  out -= 2.5 * bumps(x, y, 46, 58, 12, 14);
  // The fold from the nose to the mouth.
  const double fold = 17 + (y - 40) * .5;
  out -= 1.3 * std::exp(-std::pow((ax - fold) / 3, 2)) * ramp(y, 38, 46) * (1 - ramp(y, 60, 72));
  return out;
}

}  // namespace

double lid_profile(double x) {
  const double u = (std::abs(x) - kEyeX) / kEyeHalf;
  return std::abs(u) >= 1 ? 0 : std::pow(1 - u * u, .75);
}

double lid_depth(double x, double y) {
  constexpr double kLid = kEyeBall + 1.5;
  const double dx = std::abs(x) - kEyeX;
  return kEyeDepth - std::sqrt(std::max(kLid * kLid - dx * dx - y * y, 16.0));
}

double lid_share(double x, double y) {
  const double dx = (std::abs(x) - kEyeX) / 16, dy = y / 12.5;
  return std::exp(-std::pow(dx * dx + dy * dy, 2.5));
}

Vec3 base_point(double angle, double y) {
  const Ring ring = ring_at(y);
  const double s = std::sin(angle), c = std::cos(angle);
  // A face is flatter than an ellipse, the back of the head is not; shoulders are round again.
  const double flat = (1 - ramp(y, 105, 150)) * ramp(c, -.2, .3);
  const double power = 2 / (2 + (kFrontExponent - 2) * flat);
  const double x = ring.side * std::copysign(std::pow(std::abs(s), power), s);
  const double z = (c > 0 ? ring.front : ring.back) * std::copysign(std::pow(std::abs(c), power), c);
  return {x, y, -z};
}

double angle_at(double x, double y) {
  double low = 0, high = std::numbers::pi / 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (base_point(middle, y).x < std::abs(x) ? low : high) = middle;
  }
  return std::copysign(low, x);
}

Vec3 neutral_point(const Site& site) {
  Vec3 p = base_point(site.angle, site.y);
  const double front = ramp(std::cos(site.angle), .05, .45) * ramp(p.y, -110, -80) * (1 - ramp(p.y, 108, 124));
  p.z -= front * relief(p.x, p.y);
  if (front > 0) {
    // The lids part: rows beside the slit move away from it.
    const double open = lid_profile(p.x), away = std::abs(p.y) / 9;
    const bool upper = site.slit == Slit::upper || (site.slit == Slit::none && p.y < 0);
    if (site.slit != Slit::none || p.y != 0)
      p.y += (upper ? -kLidUp : kLidDown) * open * std::exp(-away * away) * (std::abs(site.y) < 30 ? 1 : 0);
    const double share = lid_share(p.x, p.y);
    p.z = (1 - share) * p.z + share * lid_depth(p.x, p.y);
    // The bow of the upper lip and the corners of the mouth.
    const double near_mouth = bump(0, p.y, 0, kMouthY, 1, 5) * front;
    p.y += near_mouth * (-.8 * bump(p.x, 0, 0, 0, 6, 1) + 1.2 * bump(std::abs(p.x), 0, 23, 0, 7, 1));
  }
  return p;
}

}  // namespace vultus::face3d
