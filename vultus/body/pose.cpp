#include <vultus/body/pose.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include <vultus/body/points.hpp>

namespace vultus::body {
namespace {

constexpr float kRegionScale = 1.25F;
constexpr std::size_t kNetPoints = 39;  // 33 of the body, then where to look next, then unused ones
constexpr std::size_t kNumbers = 5;
constexpr float kVisible = 0.5F;

float sigmoid(float v) { return 1 / (1 + std::exp(-v)); }

RectF square_of(const BodyObservation& body) {
  const Region region = body_region(body.next[0], body.next[1]);
  return {region.centre.x - region.side / 2, region.centre.y - region.side / 2, region.side, region.side};
}

RectF box_of(const BodyObservation& body) {
  std::vector<Point2f> visible, all;
  for (const BodyPoint& point : body.points) {
    all.push_back(point.place);
    if (point.visibility.value() >= kVisible) visible.push_back(point.place);
  }
  return box_around(visible.empty() ? all : visible);
}

}  // namespace

Region body_region(Point2f middle, Point2f top) {
  return {middle, 2 * kRegionScale * std::hypot(top.x - middle.x, top.y - middle.y), turn_of(middle, top)};
}

void drop_double_bodies(std::vector<BodyObservation>& bodies, float overlap) {
  std::ranges::stable_sort(bodies, std::ranges::greater{}, [](const BodyObservation& b) { return b.presence.value(); });
  std::vector<BodyObservation> kept;
  for (const BodyObservation& body : bodies)
    if (std::ranges::none_of(kept, [&](const BodyObservation& other) {
          return intersection_over_union(square_of(other), square_of(body)) > overlap;
        }))
      kept.push_back(body);
  bodies = std::move(kept);
}

Result<PoseNet> PoseNet::load(const runtime::ModelHandle& model) {
  if (model.manifest.decoder != "pose33")
    return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " has decoder " +
                                                 model.manifest.decoder + ", a body needs pose33");
  VULTUS_TRY(auto network, model.load());
  return PoseNet(std::move(network));
}

Result<BodyObservation> PoseNet::read(ImageView picture, const Region& region) {
  VULTUS_TRY(const Similarity back, run_on(*network_, picture, to_square(region, network_->width())));
  VULTUS_TRY(const auto flag, network_->output("flag"));
  VULTUS_TRY(const auto points, network_->output("points"));
  VULTUS_TRY(const auto world, network_->output("world"));
  if (flag.size() != 1 || points.size() != kNumbers * kNetPoints || world.size() != 3 * kNetPoints)
    return fail(ErrorCode::corrupt_data, "the pose network gives " + std::to_string(points.size()) + " and " +
                                             std::to_string(world.size()) + " values, 195 and 117 are wanted");
  BodyObservation body;
  body.presence = Score(flag[0]);
  const auto scale = static_cast<float>(back.scale());
  for (std::size_t i = 0; i < kBodyPoints; ++i) {
    const auto p = points.subspan(kNumbers * i, kNumbers);
    body.points.at(i) = {back.apply({p[0], p[1]}), p[2] * scale, Score(sigmoid(p[3])), Score(sigmoid(p[4]))};
    body.world.at(i) = turned({world[3 * i], world[3 * i + 1], world[3 * i + 2]}, region.turn);
  }
  for (std::size_t i = 0; i < body.next.size(); ++i) {
    const auto p = points.subspan(kNumbers * (kBodyPoints + i), 2);
    body.next.at(i) = back.apply({p[0], p[1]});
  }
  body.box = box_of(body);
  return body;
}

Status PoseFinder::add(ImageView picture, const Region& region, std::vector<BodyObservation>& bodies) {
  if (!(region.side > 1)) return {};
  VULTUS_TRY(const BodyObservation body, points_.read(picture, region));
  if (body.presence >= options_.presence) bodies.push_back(body);
  return {};
}

Result<std::vector<BodyObservation>> PoseFinder::find(ImageView picture, std::span<const BodyObservation> known,
                                                      bool persons) {
  std::vector<BodyObservation> bodies;
  for (const BodyObservation& body : known) VULTUS_CHECK(add(picture, body_region(body.next[0], body.next[1]), bodies));
  if (persons) {
    VULTUS_TRY(const auto found, persons_.find(picture, options_.person));
    for (const PointedBox& person : found)
      VULTUS_CHECK(add(picture, body_region(person.points[0], person.points[1]), bodies));
  }
  drop_double_bodies(bodies);
  return bodies;
}

}  // namespace vultus::body
