#include <vultus/studio/planted_face.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include <vultus/face3d/random.hpp>

namespace vultus::studio {
namespace {

using face3d::Random;
using face3d::Rgb;
using face3d::Vec3;

constexpr double kGazeFar = 1000;  // millimetres from the eyes to what they look at
// How long lids take to close and to open, seconds.
// @source set by hand, after blinks of 0.1 to 0.4 s in Stern, Walrath and Goldstein, Psychophysiology 21(1), 1984
constexpr double kClosing = .10, kOpening = .20;

Status in_range(const char* name, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return fail(ErrorCode::invalid_argument, std::string("planted faces: ") + name + " must be within [" +
                                               std::to_string(low) + ", " + std::to_string(high) + "], not " +
                                               std::to_string(value));
}

void paint_person(Random& random, face3d::Appearance& look) {
  // From fair to dark along measured-looking tones, set by hand.
  const double dark = random.uniform();
  look.skin = dark < .5 ? face3d::mixed({.68, .44, .34}, {.46, .27, .18}, 2 * dark)
                        : face3d::mixed({.46, .27, .18}, {.15, .075, .045}, 2 * dark - 1);
  look.lips = {.8 * look.skin.r, .48 * look.skin.g, .55 * look.skin.b};
  const double grey = random.uniform();
  look.hair = face3d::mixed({.02, .015, .012}, {.16, .09, .04}, random.uniform() * (1 - dark));
  if (grey > .85) look.hair = {.30, .29, .28};
  look.iris = random.uniform() < .35 * (1 - dark) + .1 ? Rgb{.16, .26, .32} : Rgb{.11, .055, .025};
  look.cloth = {random.uniform(.02, .4), random.uniform(.02, .4), random.uniform(.02, .4)};
  look.bald = random.uniform() < .12;
  look.seed = random.next();
}

void light_scene(Random& random, face3d::Scene& scene) {
  const double side = random.uniform(-1.1, 1.1), up = random.uniform(-.2, .9);
  scene.light.towards = {std::sin(side), -std::sin(up), -std::cos(side)};
  scene.light.lamp = random.uniform(.25, .8);
  const double around = random.uniform(.45, .8);
  scene.light.around = {around, -.25 * around, 0, random.uniform(-.1, .1), 0, 0, 0, 0, 0};
  const double warm = random.uniform(-.08, .08);
  scene.light.colour = {1 + warm, 1, 1 - warm};
  const auto tone = [&] {
    const double grey = random.uniform(.03, .6);
    return Rgb{grey * random.uniform(.8, 1.2), grey, grey * random.uniform(.8, 1.2)};
  };
  scene.background = {static_cast<face3d::BackgroundKind>(random.next() % 3), tone(), tone(), random.next()};
}

/// A unit at a random strength; both sides nearly alike.
AuActivation drawn_unit(Random& random, int facs) {
  const double intensity = random.uniform(1.5, 5);
  const auto side = [&] { return std::clamp(intensity + .2 * random.normal(), 0.0, kAuMaximum); };
  AuActivation unit{facs, side(), side()};
  if (!find_au(facs)->sided) unit.left = unit.right;
  return unit;
}

/// What a face does: nothing, the units of an emotion by the table's prior, or one to three units.
std::vector<AuActivation> drawn_units(Random& random) {
  const double kind = random.uniform();
  std::vector<AuActivation> units;
  if (kind < .2) return units;
  const auto table = au_table();
  if (kind < .6) {
    const std::size_t emotion = random.next() % (kAuEmotions - 1);
    for (const ActionUnit& unit : table) {
      const double p = unit.given.at(emotion);
      if (unit.facs != 45 && p > .1 && random.uniform() < p) units.push_back(drawn_unit(random, unit.facs));
    }
    return units;
  }
  const std::size_t count = 1 + random.next() % 3;
  for (std::size_t i = 0; i < count; ++i) {
    const int facs = table[random.next() % table.size()].facs;
    const bool twice = std::ranges::any_of(units, [&](const AuActivation& u) { return u.facs == facs; });
    if (facs != 45 && !twice) units.push_back(drawn_unit(random, facs));
  }
  std::ranges::sort(units, {}, &AuActivation::facs);
  return units;
}

/// 0 before `from`, 1 after `to`, half a cosine between.
double rise(double t, double from, double to) {
  const double u = std::clamp((t - from) / (to - from), 0.0, 1.0);
  return .5 - .5 * std::cos(std::numbers::pi * u);
}

void set_unit(std::vector<AuActivation>& units, const AuActivation& unit) {
  if (unit.right <= 0 && unit.left <= 0) return;
  const auto at = std::ranges::find(units, unit.facs, &AuActivation::facs);
  if (at == units.end()) {
    units.push_back(unit);
  } else {
    at->right = std::max(at->right, unit.right);
    at->left = std::max(at->left, unit.left);
  }
}

void set_weight(const face3d::FaceModel& model, face3d::FaceCoefficients& face, const char* shape, double weight) {
  if (const auto at = model.shape_named(shape)) face.expression[*at] = std::clamp(weight, 0.0, 1.0);
}

}  // namespace

Status check(const PlantOptions& options) {
  VULTUS_CHECK(in_range("width", options.width, 64, 4096));
  VULTUS_CHECK(in_range("height", options.height, 64, 4096));
  VULTUS_CHECK(in_range("max_yaw", options.max_yaw, 0, 1.6));
  VULTUS_CHECK(in_range("frames_per_second", options.frames_per_second, 1, 240));
  VULTUS_CHECK(in_range("seconds", options.seconds, 1e-3, 3600));
  return shapes_of(options.units) ? Status() : Status(shapes_of(options.units).error());
}

Result<PlantedPerson> PlantedPerson::plan(const face3d::FaceModel& model, const PlantOptions& options,
                                          std::uint64_t index) {
  VULTUS_CHECK(check(options));
  Random seeds(options.seed);
  Random random(seeds.next() ^ (0x9E3779B97F4A7C15ULL * (index + 1)));
  PlantedPerson made;
  VULTUS_TRY(made.base_.camera, face3d::default_camera(options.width, options.height));
  for (std::size_t k = 0; k < model.parts().identity.size(); ++k)
    made.base_.face.identity.push_back(std::clamp(.8 * random.normal(), -2.5, 2.5));
  paint_person(random, made.base_.appearance);
  light_scene(random, made.base_);
  // Everything is drawn also where nothing is planted: the people of a null set are those of its twin.
  const double yaw = random.uniform(-1, 1) * options.max_yaw, pitch = random.uniform(-.6, .6) * options.max_yaw;
  const double roll = random.uniform(-.4, .4) * options.max_yaw;
  const double depth = random.uniform(420, 800), x = random.uniform(-.12, .12), y = random.uniform(-.06, .06);
  made.base_.pose.translation = {x * depth, y * depth, depth};
  const double gaze_x = random.uniform(-.35, .35), gaze_y = random.uniform(-.25, .25);
  std::vector<AuActivation> units = drawn_units(random);
  if (!options.units.empty()) units = options.units;
  if (options.null) return made;

  made.units_ = units;
  made.gaze_x_ = gaze_x;
  made.gaze_y_ = gaze_y;
  made.pose_ = {Radians(static_cast<float>(yaw)), Radians(static_cast<float>(pitch)),
                Radians(static_cast<float>(roll))};
  for (Sway& sway : made.sway_)
    sway = {random.uniform(.02, .12), random.uniform(.08, .3), random.uniform(0, 2 * std::numbers::pi)};
  for (const AuActivation& unit : units) {
    const double onset = random.uniform(0, .5) * options.seconds, up = random.uniform(.2, .6);
    const double stay = random.uniform(.2, 1.5), down = random.uniform(.3, .9);
    made.events_.push_back({unit, onset, onset + up, onset + up + stay, onset + up + stay + down});
  }
  double look = 0;
  while (look < options.seconds) {
    made.fixations_.push_back({look, random.uniform(-.35, .35), random.uniform(-.25, .25)});
    look += random.uniform(.6, 2);
  }
  // Blinks at random, one in three seconds on average, at least a second apart.
  double blink = random.uniform(.3, 3);
  while (blink + kClosing + kOpening < options.seconds) {
    made.blinks_.push_back({blink, blink + kClosing, blink + kClosing + kOpening});
    blink += 1 - 2 * std::log(1 - random.uniform());
  }
  return made;
}

Result<PlantedFrame> PlantedPerson::still(const face3d::FaceModel& model) const {
  face3d::RigidPose pose = base_.pose;
  pose.rotation = face3d::rotation_of(pose_);
  return seen(model, pose, gaze_x_, gaze_y_, units_);
}

Result<PlantedFrame> PlantedPerson::frame(const face3d::FaceModel& model, double at) const {
  std::array<double, 3> turn{};
  for (std::size_t i = 0; i < 3; ++i)
    turn.at(i) = sway_.at(i).size * std::sin(2 * std::numbers::pi * sway_.at(i).frequency * at + sway_.at(i).phase);
  face3d::RigidPose pose = base_.pose;
  pose.rotation = face3d::rotation_of({Radians(pose_.yaw.value() + static_cast<float>(turn[0])),
                                       Radians(pose_.pitch.value() + static_cast<float>(turn[1])),
                                       Radians(pose_.roll.value() + static_cast<float>(turn[2]))});
  std::vector<AuActivation> units;
  for (const Event& event : events_) {
    const double share = rise(at, event.onset, event.apex) * (1 - rise(at, event.fall, event.offset));
    set_unit(units, {event.peak.facs, share * event.peak.right, share * event.peak.left});
  }
  for (const PlantedBlink& blink : blinks_) {
    const double shut = kAuMaximum * rise(at, blink.onset, blink.apex) * (1 - rise(at, blink.apex, blink.offset));
    set_unit(units, {45, shut, shut});
  }
  std::ranges::sort(units, {}, &AuActivation::facs);
  double x = 0, y = 0;
  for (const Fixation& fixation : fixations_) {
    if (fixation.begin <= at) {
      x = fixation.x;
      y = fixation.y;
    }
  }
  return seen(model, pose, x, y, std::move(units));
}

Result<PlantedFrame> PlantedPerson::seen(const face3d::FaceModel& model, const face3d::RigidPose& pose, double gaze_x,
                                         double gaze_y, std::vector<AuActivation> units) const {
  PlantedFrame made{.scene = base_, .units = std::move(units)};
  made.scene.pose = pose;
  VULTUS_TRY(made.scene.face.expression, model.expression_of(made.units));
  // What both eyes look at: seen from between them, off the way to the camera by the two angles.
  VULTUS_TRY(const auto centres, face3d::eye_centres(model, made.scene.face));
  const Vec3 right = pose.apply(centres[0]), left = pose.apply(centres[1]);
  const Vec3 middle = .5 * (right + left);
  const auto to_camera = face3d::gaze_angles(-1.0 * middle);
  const Vec3 target = middle + kGazeFar * face3d::gaze_of_angles(to_camera[0] + gaze_x, to_camera[1] + gaze_y);
  made.eyes = {right, left};
  made.gaze = {face3d::unit(target - right), face3d::unit(target - left)};
  made.scene.gaze = made.gaze;
  // Lids follow the eyes: the part of the gaze that goes up or down in the head.
  const Vec3 in_head = face3d::transposed(pose.rotation) * face3d::unit(target - middle);
  const double down = std::atan2(in_head.y, -in_head.z);
  for (const char* shape : {"eyeLookDown_R", "eyeLookDown_L"}) set_weight(model, made.scene.face, shape, down / .6);
  for (const char* shape : {"eyeLookUp_R", "eyeLookUp_L"}) set_weight(model, made.scene.face, shape, -down / .6);

  VULTUS_TRY(const auto landmarks, model.points(model.parts().landmarks, made.scene.face));
  float x0 = std::numeric_limits<float>::infinity(), y0 = x0, x1 = -x0, y1 = -x0;
  for (const Vec3& p : landmarks) {
    made.landmarks.push_back(pose.apply(p));
    const auto at = face3d::project(made.scene.camera, made.landmarks.back());
    if (!at) return fail(ErrorCode::internal, "planted face: a landmark lies behind the camera");
    made.points.push_back(*at);
    x0 = std::min(x0, at->x);
    y0 = std::min(y0, at->y);
    x1 = std::max(x1, at->x);
    y1 = std::max(y1, at->y);
  }
  made.box = {x0, y0, x1 - x0, y1 - y0};
  return made;
}

}  // namespace vultus::studio
