#include <vultus/studio/planted_display.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include <vultus/face3d/random.hpp>
#include <vultus/face3d/render.hpp>
#include <vultus/studio/planted_face.hpp>

namespace vultus::studio {
namespace {

constexpr double kPrototypical = .8;  // the table's prior of a unit of a label's prototype

face3d::Random display_draws(std::uint64_t seed, std::uint64_t number) {
  return face3d::Random(seed * 0x9E3779B97F4A7C15ULL + 0xD1B54A32D192ED03ULL * (number + 1));
}

Point2f middle_of(std::span<const Point2f> points) {
  Point2f sum;
  for (const Point2f& p : points) sum.x += p.x, sum.y += p.y;
  const auto n = static_cast<float>(points.size());
  return {sum.x / n, sum.y / n};
}

}  // namespace

Result<PlantedLook> planted_look(const face3d::FaceModel& model, std::uint64_t seed, std::uint64_t number,
                                 std::span<const AuActivation> units, int side, double yaw) {
  PlantOptions options{.seed = seed, .width = side, .height = side, .max_yaw = yaw, .units = {}};
  options.units.assign(units.begin(), units.end());
  // An empty list would have units drawn: one that does nothing stands for none.
  if (options.units.empty()) options.units.push_back({au_table().front().facs, 0, 0});
  VULTUS_TRY(const PlantedPerson person, PlantedPerson::plan(model, options, number));
  VULTUS_TRY(const PlantedFrame frame, person.still(model));
  PlantedLook look;
  VULTUS_TRY(look.picture, face3d::render(model, frame.scene));
  // ibug68: the right eye is 36 to 41, the left 42 to 47, the tip of the nose 30, the corners of the mouth 48 and 54.
  const std::span points(frame.points);
  look.keypoints = {middle_of(points.subspan(36, 6)), middle_of(points.subspan(42, 6)), points[30], points[48],
                    points[54]};
  return look;
}

std::vector<AuActivation> prototype(AuEmotion emotion, double intensity) {
  std::vector<AuActivation> units;
  for (const ActionUnit& unit : au_table())
    if (unit.given.at(static_cast<std::size_t>(emotion)) >= kPrototypical)
      units.push_back({unit.facs, intensity, intensity});
  return units;
}

PlantedDisplay drawn_display(std::uint64_t seed, std::uint64_t number, std::span<const int> told, double redrawn) {
  face3d::Random random = display_draws(seed, number);
  PlantedDisplay made{.emotion = static_cast<AuEmotion>(random.next() % kAuEmotions), .units = {}};
  for (const ActionUnit& unit : au_table()) {
    const double chance = random.uniform() < redrawn ? .3 : unit.given.at(static_cast<std::size_t>(made.emotion));
    const bool acts = random.uniform() < chance;
    const double intensity = random.uniform(1.5, kAuMaximum);
    if (acts && std::ranges::find(told, unit.facs) != told.end())
      made.units.push_back({unit.facs, intensity, intensity});
  }
  return made;
}

Result<PlantedBurst> drawn_burst(std::uint64_t seed, std::uint64_t number, std::size_t frames) {
  if (frames < 6)
    return fail(ErrorCode::invalid_argument,
                "planted burst: " + std::to_string(frames) + " frames, at least 6 are needed");
  face3d::Random random = display_draws(seed, number);
  PlantedBurst made{.emotion = static_cast<AuEmotion>(random.next() % kAuEmotions), .first = 0, .last = 0, .units = {}};
  made.units.resize(frames);
  const double intensity = random.uniform(3, kAuMaximum);
  const std::size_t length = std::max<std::size_t>(2, frames / 4) + random.next() % 2, room = frames - length - 2;
  const std::size_t first = 1 + random.next() % (room + 1);
  if (made.emotion == AuEmotion::neutral) return made;
  made.first = first, made.last = first + length - 1;
  for (std::size_t t = first - 1; t <= made.last + 1; ++t) {
    const bool edge = t < first || t > made.last;  // rising and falling
    made.units[t] = prototype(made.emotion, (edge ? .25 : 1) * intensity);
  }
  return made;
}

}  // namespace vultus::studio
