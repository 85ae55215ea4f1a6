#include <vultus/body/rectify.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <numbers>

namespace vultus::body {
namespace {

struct Flexion {
  std::size_t moved;  // pivot = moved - 1
  std::size_t previous;
  double low, high;
  std::size_t last;  // of the finger
};
constexpr std::array<Flexion, 3> kThumb{{{2, 0, -45, 20, 4}, {3, 1, -80, 12, 4}, {4, 2, -90, 30, 4}}};
struct Spread {
  std::size_t checked, reference, first, last;
  double low, high;
};
constexpr std::array<Spread, 5> kSpreads{{{1, 5, 2, 4, 0, 45},
                                          {2, 5, 3, 4, -7, 12},
                                          {5, 9, 6, 8, -15, 15},
                                          {13, 9, 14, 16, -15, 15},
                                          {17, 13, 18, 20, -15, 15}}};

/// a' = Rot(degrees) a
Point2f rotated(Point2f a, double degrees) {
  const double t = degrees * std::numbers::pi / 180, c = std::cos(t), s = std::sin(t);
  return {static_cast<float>(a.x * c - a.y * s), static_cast<float>(a.x * s + a.y * c)};
}

Point2f minus(Point2f a, Point2f b) { return {a.x - b.x, a.y - b.y}; }
Point2f plus(Point2f a, Point2f b) { return {a.x + b.x, a.y + b.y}; }
bool no_length(Point2f a) { return a.x == 0 && a.y == 0; }

bool seen(HandMask mask, std::initializer_list<std::size_t> points) {
  return std::ranges::all_of(points, [mask](std::size_t i) { return ((mask >> i) & 1U) != 0; });
}

/// Sets a point, and moves those from `first` to `last` with it.
void move(HandPoints& points, std::size_t at, Point2f to, std::size_t first, std::size_t last) {
  if (to == points.at(at)) return;
  const Point2f by = minus(to, points.at(at));
  points.at(at) = to;
  for (std::size_t i = first; i <= last; ++i) points.at(i) = plus(points.at(i), by);
}

void flex(HandPoints& points, const Flexion& joint, bool turned, double share, HandMask mask) {
  if (!seen(mask, {joint.moved, joint.moved - 1, joint.previous})) return;
  const double low = turned ? -joint.high : joint.low, high = turned ? -joint.low : joint.high;
  move(points, joint.moved,
       bend(points.at(joint.moved), points.at(joint.moved - 1), points.at(joint.previous), low, high, share),
       joint.moved + 1, joint.last);
}

}  // namespace

double signed_angle(Point2f a, Point2f b) {
  const double ax = a.x, ay = a.y, bx = b.x, by = b.y;
  const double lengths = std::sqrt((ax * ax + ay * ay) * (bx * bx + by * by));
  if (!(lengths > 0)) return 0;
  const double angle = std::acos(std::clamp((ax * bx + ay * by) / lengths, -1.0, 1.0)) * 180 / std::numbers::pi;
  return ax * by - ay * bx < 0 ? -angle : angle;
}

Point2f bend(Point2f moved, Point2f pivot, Point2f previous, double low, double high, double share) {
  const Point2f a = minus(pivot, previous), b = minus(moved, pivot);
  if (no_length(a) || no_length(b)) return moved;
  const double angle = signed_angle(a, b), correction = std::clamp(angle, low, high) - angle;
  return correction == 0 ? moved : plus(pivot, rotated(b, share * correction));
}

Point2f spread(Point2f checked, Point2f reference, Point2f centre, double low, double high, double share) {
  const Point2f a = minus(checked, centre), b = minus(reference, centre);
  if (no_length(a) || no_length(b)) return checked;
  const double angle = signed_angle(a, b), correction = std::clamp(angle, low, high) - angle;
  return correction == 0 ? checked : plus(centre, rotated(a, -share * correction));
}

HandPoints rectify_hand(HandPoints points, HandSide side, double share, HandMask mask) {
  // A view from the other side turns the thumb's ranges round.
  const bool crossed = points[17].x > points[1].x;
  const bool above = points[0].y < points[1].y;
  const bool clockwise = crossed == above;
  if (seen(mask, {0, 1, 17}))
    for (const Flexion& joint : kThumb) flex(points, joint, !clockwise, share, mask);
  for (const std::size_t root : {5U, 9U, 13U, 17U}) {
    constexpr std::array<double, 3> kMost{90, 130, 90};  // a flat view hides which way a finger bends
    for (std::size_t i = 0; i < kMost.size(); ++i) {
      const std::size_t moved = root + 1 + i;
      flex(points, {moved, i == 0 ? 0 : moved - 2, -kMost.at(i), kMost.at(i), root + 3}, false, share, mask);
    }
  }
  for (const Spread& s : kSpreads) {
    if (!seen(mask, {s.checked, s.reference, 0})) continue;
    const bool right = side == HandSide::right;
    const double low = right ? -s.high : s.low, high = right ? -s.low : s.high;
    move(points, s.checked, spread(points.at(s.checked), points.at(s.reference), points[0], low, high, share), s.first,
         s.last);
  }
  return points;
}

}  // namespace vultus::body
