#include <vultus/body/hand.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include <vultus/body/points.hpp>

namespace vultus::body {
namespace {

constexpr float kPalmScale = 2.6F;
constexpr float kPalmShift = 0.5F;
constexpr float kPointScale = 2.0F;
constexpr float kArmScale = 2.7F;
constexpr float kShift = 0.1F;
constexpr std::size_t kWrist = 0, kMiddleKnuckle = 2;
constexpr float kSureVisible = 0.5F;

/// Moves a region towards its upward edge.
Point2f up_from(Point2f centre, double turn, double by) {
  return {static_cast<float>(centre.x + by * std::sin(turn)), static_cast<float>(centre.y - by * std::cos(turn))};
}

Point2f between(Point2f a, Point2f b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }

}  // namespace

Region hand_region(const PointedBox& palm) {
  const double turn = turn_of(palm.points[kWrist], palm.points[kMiddleKnuckle]);
  return {up_from(palm.box.centre(), turn, double{kPalmShift} * palm.box.height),
          kPalmScale * std::max(palm.box.width, palm.box.height), turn};
}

Region hand_region(std::span<const Point2f, kHandPoints> points) {
  constexpr std::array<std::size_t, 12> kPalm{0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18};
  const double turn = turn_of(points[0], between(between(points[5], points[13]), points[9]));
  const Similarity level{std::cos(turn), -std::sin(turn), 0, 0};
  Point2f low{INFINITY, INFINITY}, high{-INFINITY, -INFINITY};
  for (const std::size_t i : kPalm) {
    const Point2f p = level.apply(points[i]);
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  const float height = high.y - low.y;
  const Point2f centre = level.inverse().value_or(Similarity{}).apply(between(low, high));
  return {up_from(centre, turn, double{kShift} * height), kPointScale * std::max(high.x - low.x, height), turn};
}

Region hand_region(const BodyObservation& body, HandSide side) {
  const std::size_t wrist = side == HandSide::left ? 15 : 16;
  const Point2f at = body.points[wrist].place;
  const Point2f little = body.points[wrist + 2].place, index = body.points[wrist + 4].place;
  const Point2f middle{(2 * index.x + little.x) / 3, (2 * index.y + little.y) / 3};
  const float side_px = 2 * std::hypot(middle.x - at.x, middle.y - at.y);
  const double turn = turn_of(at, middle);
  return {up_from(middle, turn, double{kShift} * side_px), kArmScale * side_px, turn};
}

void drop_double_hands(std::vector<HandObservation>& hands, float overlap) {
  std::ranges::stable_sort(hands, std::ranges::greater{}, [](const HandObservation& h) { return h.presence.value(); });
  std::vector<HandObservation> kept;
  for (HandObservation& hand : hands)
    if (std::ranges::none_of(
            kept, [&](const HandObservation& other) { return intersection_over_union(other.box, hand.box) > overlap; }))
      kept.push_back(hand);
  hands = std::move(kept);
}

Result<HandNet> HandNet::load(const runtime::ModelHandle& model) {
  if (model.manifest.decoder != "hand21")
    return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " has decoder " +
                                                 model.manifest.decoder + ", a hand needs hand21");
  VULTUS_TRY(auto network, model.load());
  return HandNet(std::move(network));
}

Result<HandObservation> HandNet::read(ImageView picture, const Region& region) {
  VULTUS_TRY(const Similarity back, run_on(*network_, picture, to_square(region, network_->width())));
  VULTUS_TRY(const auto presence, network_->output("presence"));
  VULTUS_TRY(const auto right, network_->output("handedness"));
  VULTUS_TRY(const auto points, network_->output("points"));
  VULTUS_TRY(const auto world, network_->output("world"));
  if (presence.size() != 1 || right.size() != 1 || points.size() != 3 * kHandPoints || world.size() != points.size())
    return fail(ErrorCode::corrupt_data, "the hand network gives " + std::to_string(points.size()) + " and " +
                                             std::to_string(world.size()) + " values, 63 and 63 are wanted");
  HandObservation hand;
  hand.presence = Score(presence[0]);
  hand.side = right[0] > 0.5F ? HandSide::right : HandSide::left;
  hand.side_score = Score(std::max(right[0], 1 - right[0]));
  const auto scale = static_cast<float>(back.scale());
  for (std::size_t i = 0; i < kHandPoints; ++i) {
    hand.points.at(i) = back.apply({points[3 * i], points[3 * i + 1]});
    hand.depths.at(i) = points[3 * i + 2] * scale;
    hand.world.at(i) = turned({world[3 * i], world[3 * i + 1], world[3 * i + 2]}, region.turn);
  }
  hand.box = box_around(hand.points);
  return hand;
}

Status HandFinder::add(ImageView picture, const Region& region, int looks, std::vector<HandObservation>& hands) {
  if (!(region.side > 1)) return {};
  VULTUS_TRY(HandObservation best, points_.read(picture, region));
  for (int look = 1; look < looks && best.presence >= options_.presence; ++look) {
    const Region closer = hand_region(best.points);
    if (!(closer.side > 1)) break;
    VULTUS_TRY(const HandObservation again, points_.read(picture, closer));
    if (!(again.presence >= options_.presence)) break;
    best = again;
  }
  if (best.presence >= options_.presence) hands.push_back(best);
  return {};
}

Result<std::vector<HandObservation>> HandFinder::find(ImageView picture, std::span<const HandObservation> known,
                                                      std::span<const BodyObservation> bodies, bool palms) {
  std::vector<HandObservation> hands;
  for (const HandObservation& hand : known) VULTUS_CHECK(add(picture, hand_region(hand.points), 1, hands));
  for (const BodyObservation& body : bodies)
    for (const HandSide side : {HandSide::left, HandSide::right})
      if (body.points.at(side == HandSide::left ? 15 : 16).visibility.value() >= kSureVisible)
        VULTUS_CHECK(add(picture, hand_region(body, side), 2, hands));
  if (palms) {
    VULTUS_TRY(const auto found, palms_.find(picture, options_.palm));
    for (const PointedBox& palm : found) VULTUS_CHECK(add(picture, hand_region(palm), 2, hands));
  }
  drop_double_hands(hands);
  return hands;
}

}  // namespace vultus::body
