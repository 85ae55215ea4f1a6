#include <vultus/body/people.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>

#include <vultus/body/points.hpp>

namespace vultus::body {
namespace {

constexpr std::size_t kLeftWrist = 15;
constexpr std::size_t kHeadPoints = 11;

float longer(const RectF& box) { return std::max(box.width, box.height); }

}  // namespace

std::vector<int> nearest_pairs(std::span<const Point2f> from, std::span<const Point2f> to,
                               std::span<const float> most) {
  std::vector<std::tuple<float, std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < from.size(); ++i)
    for (std::size_t j = 0; j < to.size(); ++j)
      if (const float far = std::hypot(from[i].x - to[j].x, from[i].y - to[j].y); far <= most[i])
        pairs.emplace_back(far, i, j);
  std::ranges::sort(pairs);
  std::vector<int> of(from.size(), -1);
  std::vector<bool> taken(to.size());
  for (const auto& [far, i, j] : pairs)
    if (of[i] < 0 && !taken[j]) of[i] = static_cast<int>(j), taken[j] = true;
  return of;
}

Point2f head_of(const BodyObservation& body) {
  Point2f sum;
  for (std::size_t i = 0; i < kHeadPoints; ++i) sum.x += body.points.at(i).place.x, sum.y += body.points.at(i).place.y;
  return {sum.x / float{kHeadPoints}, sum.y / float{kHeadPoints}};
}

std::vector<WholeBody> join_people(std::span<const BodyObservation> bodies, std::span<const HandObservation> hands,
                                   std::span<const Landmarks> faces) {
  std::vector<WholeBody> people;
  std::vector<Point2f> wrists, heads, own, middles;
  std::vector<float> hand_reach, face_reach;
  for (const BodyObservation& body : bodies) {
    people.push_back({body, {}, {}, {}});
    wrists.push_back(body.points[kLeftWrist].place);
    wrists.push_back(body.points[kLeftWrist + 1].place);
    heads.push_back(head_of(body));
  }
  for (const HandObservation& hand : hands) own.push_back(hand.points[0]), hand_reach.push_back(longer(hand.box));
  for (const Landmarks& face : faces) {
    const RectF box = box_around(face.points);
    middles.push_back(box.centre()), face_reach.push_back(longer(box) / 2);
  }
  const std::vector<int> arm_of = nearest_pairs(own, wrists, hand_reach);
  for (std::size_t i = 0; i < hands.size(); ++i) {
    const int arm = arm_of[i];
    WholeBody& person = arm < 0 ? people.emplace_back() : people[static_cast<std::size_t>(arm / 2)];
    const bool left = arm < 0 ? hands[i].side == HandSide::left : arm % 2 == 0;
    (left ? person.left_hand : person.right_hand) = hands[i];
  }
  const std::vector<int> head_of_face = nearest_pairs(middles, heads, face_reach);
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const int head = head_of_face[i];
    (head < 0 ? people.emplace_back() : people[static_cast<std::size_t>(head)]).face = faces[i];
  }
  return people;
}

}  // namespace vultus::body
