// What moves the procedural head: expressions by the names of ARKit, and differences between people.
#include <vultus/face3d/head_surface.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace vultus::face3d {
namespace {

bool is_front(const Site& site) { return std::cos(site.angle) > 0; }

// Lids. `part` says how much of the way from open to closed.

/// Moves a vertex down by dy and keeps it on the eyeball.
Vec3 along_lid(const Vec3& at, double dy) {
  const double share = lid_share(at.x, at.y);
  return {0, dy, share * (lid_depth(at.x, at.y + dy) - lid_depth(at.x, at.y))};
}
bool on_upper(const Site& site) { return site.slit == Slit::upper || (site.slit == Slit::none && site.y < 0); }
Vec3 upper_lid(const Site& site, const Vec3& at, double way) {
  if (!is_front(site) || std::abs(site.y) > 30 || !on_upper(site)) return {};
  const double away = site.y / 10;
  return along_lid(at, way * lid_profile(at.x) * std::exp(-away * away));
}
Vec3 lower_lid(const Site& site, const Vec3& at, double way) {
  if (!is_front(site) || std::abs(site.y) > 30 || on_upper(site)) return {};
  const double away = site.y / 10;
  return along_lid(at, way * lid_profile(at.x) * std::exp(-away * away));
}
Vec3 blink(const Site& s, const Vec3& at) {
  return upper_lid(s, at, kLidUp + .85 * kLidDown) + lower_lid(s, at, -.15 * kLidDown);
}
Vec3 eye_wide(const Site& s, const Vec3& at) { return upper_lid(s, at, -2.6) + lower_lid(s, at, .3); }
Vec3 eye_squint(const Site& s, const Vec3& at) { return lower_lid(s, at, -2.4) + upper_lid(s, at, .8); }
Vec3 look_down(const Site& s, const Vec3& at) { return upper_lid(s, at, 4.5) + lower_lid(s, at, 1); }
Vec3 look_up(const Site& s, const Vec3& at) { return upper_lid(s, at, -2.2) + lower_lid(s, at, -.6); }

// Brows.
double over_lids(const Site& s) { return is_front(s) ? 1 - ramp(s.y, -14, -6) : 0; }
Vec3 brow_inner_up(const Site& s, const Vec3& p) {
  return {0, -6.5 * over_lids(s) * bumps(p.x, p.y, 17, -26, 9, 10), 0};
}
Vec3 brow_outer_up(const Site& s, const Vec3& p) {
  return {0, -7 * over_lids(s) * bumps(p.x, p.y, 42, -24, 13, 11), 0};
}
Vec3 brow_down(const Site& s, const Vec3& p) {
  const double a = over_lids(s) * bumps(p.x, p.y, 24, -24, 13, 9);
  return {-std::copysign(3.2 * a, p.x), 4.6 * a, -1.5 * a};
}

// Cheeks and nose.
Vec3 cheek_raiser(const Site& s, const Vec3& p) {
  const double a = is_front(s) ? ramp(s.y, 4, 12) * bumps(p.x, p.y, 38, 24, 14, 10) : 0;
  return Vec3{0, -4 * a, -3.2 * a} + lower_lid(s, p, -1.8);
}
Vec3 cheek_squint(const Site& s, const Vec3& p) {
  const double a = is_front(s) ? ramp(s.y, 4, 12) * bumps(p.x, p.y, 36, 26, 12, 10) : 0;
  return {0, -2.5 * a, -2.5 * a};
}
Vec3 cheek_puff(const Site& s, const Vec3& p) {
  const double a = is_front(s) ? bumps(p.x, p.y, 38, 60, 13, 14) : 0;
  return {std::copysign(6 * a, p.x), 0, -8 * a};
}
double above_mouth(const Site& s) {
  if (s.slit == Slit::lower && s.y > 30) return 0;
  return s.y > kMouthY ? 0 : 1;
}
double below_mouth(const Site& s) { return 1 - above_mouth(s); }
Vec3 nose_sneer(const Site& s, const Vec3& p) {
  if (!is_front(s)) return {};
  const double wing = bumps(p.x, p.y, 12, 38, 7, 12), root = bumps(p.x, p.y, 7, 6, 6, 9);
  const double lip = above_mouth(s) * bumps(p.x, p.y, 13, 61, 9, 6);
  return {0, -5.2 * wing - 2 * root - 4 * lip + 2.5 * over_lids(s) * bumps(p.x, p.y, 14, -24, 9, 8),
          -1.5 * root - wing};
}

// Mouth: fields end at the line between the lips on their side; corners move with both.
double corner(const Vec3& p) { return bumps(p.x, p.y, 25, kMouthY, 9, 9); }
Vec3 smile(const Site& s, const Vec3& p) {
  if (!is_front(s)) return {};
  const double a = corner(p), cheek = bumps(p.x, p.y, 38, 40, 13, 15);
  const double middle = bump(std::abs(p.x), p.y, 10, kMouthY, 8, 6);
  return Vec3{std::copysign(7.5 * a + 1.5 * middle + 2 * cheek, p.x), -9 * a - 5 * cheek - 1.2 * middle,
              6 * a + 1.5 * middle - 4 * cheek} +
         lower_lid(s, p, -.6);
}
Vec3 dimple(const Site& s, const Vec3& p) {
  const double a = is_front(s) ? corner(p) : 0;
  return {std::copysign(2.4 * a, p.x), -1.6 * a, 4.5 * a};
}
Vec3 frown(const Site& s, const Vec3& p) {
  if (!is_front(s)) return {};
  const double a = corner(p);
  return {std::copysign(1.5 * a, p.x), 6 * a + 1.5 * bumps(p.x, p.y, 27, 76, 9, 9), 1.2 * a};
}
Vec3 stretch(const Site& s, const Vec3& p) {
  if (!is_front(s)) return {};
  const double a = corner(p), middle = bump(std::abs(p.x), p.y, 11, kMouthY + 1, 8, 8);
  return {std::copysign(8 * a + 2 * middle, p.x), 3 * a, 4.5 * a};
}
Vec3 press(const Site& s, const Vec3& p) {
  if (!is_front(s)) return {};
  const double lower = below_mouth(s) * bumps(p.x, p.y, 11, 73, 12, 5);
  const double upper = above_mouth(s) * bumps(p.x, p.y, 11, 60, 12, 5);
  return {0, 1.2 * upper - 2.2 * lower, 1.2 * (upper + lower)};
}
Vec3 upper_up(const Site& s, const Vec3& p) {
  if (!is_front(s)) return {};
  const double lip = above_mouth(s) * bumps(p.x, p.y, 12, 62, 8, 7);
  return {0, -6.5 * lip - 2 * bumps(p.x, p.y, 22, 46, 8, 10), -1.2 * lip};
}
Vec3 lower_down(const Site& s, const Vec3& p) {
  const double lip = is_front(s) ? below_mouth(s) * bumps(p.x, p.y, 10, 70, 8.5, 7) : 0;
  return {0, 6 * lip, -.8 * lip};
}
Vec3 shrug_lower(const Site& s, const Vec3& p) {
  if (!is_front(s)) return {};
  const double lip = below_mouth(s) * bump(p.x, p.y, 0, 72, 15, 8), chin = bump(p.x, p.y, 0, 98, 14, 10);
  const double upper = above_mouth(s) * bump(p.x, p.y, 0, 62, 12, 5);
  return {0, -4.5 * lip - 6 * chin - 3.4 * upper, -3 * lip - 2 * chin};
}
// The red of the lips goes in: its border comes to the line between them, what is seen of it sinks.
Vec3 roll_lower(const Site& s, const Vec3& p) {
  if (!is_front(s) || below_mouth(s) == 0) return {};
  return {0, -4.5 * bump(p.x, p.y, 0, 75.5, 15, 3.6), 6 * bump(p.x, p.y, 0, 69, 15, 4)};
}
Vec3 roll_upper(const Site& s, const Vec3& p) {
  if (!is_front(s) || above_mouth(s) == 0) return {};
  return {0, 3.4 * bump(p.x, p.y, 0, 60, 15, 3), 4.5 * bump(p.x, p.y, 0, 63.5, 15, 3.5)};
}
Vec3 pucker(const Site& s, const Vec3& p) {
  if (!is_front(s)) return {};
  const double a = bump(p.x, p.y, 0, kMouthY + 1, 20, 13);
  return {-.4 * p.x * a, -.12 * (p.y - kMouthY) * a, -7 * a};
}

/// How far a vertex goes with the jaw: all of the chin, little at the corners of the mouth, nothing above.
double jaw_share(const Site& s, const Vec3& p) {
  if (!is_front(s) && s.y < 80) return 0;
  const double ax = std::abs(p.x);
  const double neck = 1 - ramp(s.y, 108, 150);
  const double side = 1 - ramp(ax, 40, 66);
  if (above_mouth(s) > 0) {
    const double beside = ramp(ax, 12, 27);
    return .28 * beside * side * std::exp(-std::pow((kMouthY - s.y) / 16, 2));
  }
  const double across = ax < kMouthHalf + 1 ? std::sqrt(1 - std::pow(ax / (kMouthHalf + 1), 2)) : 0;
  const double at_line = .28 + .64 * across, deep = ramp(s.y, kMouthY, kMouthY + 22);
  const double beside = ax > kMouthHalf ? side : 1;
  return (at_line * (1 - deep) + deep) * beside * neck;
}
Vec3 jaw_open(const Site& s, const Vec3& p) {
  const double a = jaw_share(s, p);
  return {-.06 * p.x * a, 30 * a, 15 * a * ramp(p.y, 50, 110)};
}
Vec3 jaw_left(const Site& s, const Vec3& p) { return {8 * jaw_share(s, p), 0, 0}; }
Vec3 jaw_right(const Site& s, const Vec3& p) { return {-8 * jaw_share(s, p), 0, 0}; }

// Differences between people, one standard deviation each.
double of_face(const Site& s) { return ramp(std::cos(s.angle), -.1, .4) * (1 - ramp(s.y, 112, 130)); }
double head_only(const Site& s) { return 1 - ramp(s.y, 105, 150); }
Vec3 wide_head(const Site& s, const Vec3& p) { return {.035 * p.x * head_only(s), 0, 0}; }
Vec3 long_face(const Site& s, const Vec3& p) { return {0, .04 * p.y * head_only(s), 0}; }
Vec3 deep_head(const Site& s, const Vec3& p) { return {0, 0, .04 * p.z * head_only(s)}; }
Vec3 wide_jaw(const Site& s, const Vec3& p) { return {.05 * p.x * ramp(s.y, 30, 75) * head_only(s), 0, 0}; }
Vec3 strong_chin(const Site& s, const Vec3& p) {
  const double a = of_face(s) * bump(p.x, p.y, 0, 100, 18, 13);
  return {0, 3 * a, -3 * a};
}
Vec3 long_nose(const Site& s, const Vec3& p) {
  const double a = of_face(s) * bump(p.x, p.y, 0, 38, 9, 12);
  return {0, 2.5 * a, -2.2 * a};
}
Vec3 wide_nose(const Site& s, const Vec3& p) {
  return {std::copysign(1.8, p.x) * of_face(s) * bumps(p.x, p.y, 12, 40, 7, 9) * ramp(std::abs(p.x), 1, 8), 0, 0};
}
Vec3 high_bridge(const Site& s, const Vec3& p) { return {0, 0, -2.5 * of_face(s) * bump(p.x, p.y, 0, 8, 6, 13)}; }
Vec3 strong_brow(const Site& s, const Vec3& p) {
  const double a = over_lids(s) * of_face(s) * bumps(p.x, p.y, 28, -22, 20, 9);
  return {0, 1.6 * a, -2.2 * a};
}
Vec3 wide_mouth(const Site& s, const Vec3& p) {
  return {.07 * p.x * of_face(s) * bump(p.x, p.y, 0, kMouthY, 22, 10), 0, 0};
}
Vec3 full_lips(const Site& s, const Vec3& p) {
  const double lip = of_face(s) * std::sqrt(std::max(0.0, 1 - std::pow(p.x / 27, 2)));
  const double u = above_mouth(s) * bump(0, p.y, 0, 61, 1, 3), l = below_mouth(s) * bump(0, p.y, 0, 73, 1, 3.4);
  return {0, lip * (l - u), -1.5 * lip * (u + l)};
}
Vec3 full_cheeks(const Site& s, const Vec3& p) {
  const double a = of_face(s) * bumps(p.x, p.y, 44, 50, 15, 20);
  return {std::copysign(2.2 * a, p.x), 0, -2.4 * a};
}

struct Sided {
  const char* name;
  Field field;
};
constexpr std::array kSided{Sided{"browInnerUp", brow_inner_up},
                            Sided{"browOuterUp", brow_outer_up},
                            Sided{"browDown", brow_down},
                            Sided{"cheekPuff", cheek_puff},
                            Sided{"cheekRaiser", cheek_raiser},
                            Sided{"cheekSquint", cheek_squint},
                            Sided{"eyeBlink", blink},
                            Sided{"eyeLookDown", look_down},
                            Sided{"eyeLookUp", look_up},
                            Sided{"eyeSquint", eye_squint},
                            Sided{"eyeWide", eye_wide},
                            Sided{"mouthDimple", dimple},
                            Sided{"mouthFrown", frown},
                            Sided{"mouthLowerDown", lower_down},
                            Sided{"mouthPress", press},
                            Sided{"mouthSmile", smile},
                            Sided{"mouthStretch", stretch},
                            Sided{"mouthUpperUp", upper_up},
                            Sided{"noseSneer", nose_sneer}};
constexpr std::array kMiddle{Sided{"jawOpen", jaw_open},           Sided{"jawLeft", jaw_left},
                             Sided{"jawRight", jaw_right},         Sided{"mouthPucker", pucker},
                             Sided{"mouthRollLower", roll_lower},  Sided{"mouthRollUpper", roll_upper},
                             Sided{"mouthShrugLower", shrug_lower}};
constexpr std::array kPeople{
    Sided{"wide head", wide_head},   Sided{"long face", long_face},     Sided{"deep head", deep_head},
    Sided{"wide jaw", wide_jaw},     Sided{"strong chin", strong_chin}, Sided{"long nose", long_nose},
    Sided{"wide nose", wide_nose},   Sided{"high bridge", high_bridge}, Sided{"strong brow", strong_brow},
    Sided{"wide mouth", wide_mouth}, Sided{"full lips", full_lips},     Sided{"full cheeks", full_cheeks}};

}  // namespace

std::vector<NamedField> expression_fields() {
  std::vector<NamedField> fields;
  for (const Sided& one : kSided) {
    fields.push_back({std::string(one.name) + "_L", one.field, 1});
    fields.push_back({std::string(one.name) + "_R", one.field, -1});
  }
  for (const Sided& one : kMiddle) fields.push_back({one.name, one.field, 0});
  return fields;
}

std::vector<NamedField> identity_fields() {
  std::vector<NamedField> fields;
  fields.reserve(kPeople.size());
  for (const Sided& one : kPeople) fields.push_back({one.name, one.field, 0});
  return fields;
}

}  // namespace vultus::face3d
