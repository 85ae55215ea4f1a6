// Hands whose fingers bend as fingers can: System 19's rectification of noisy hand points.
#pragma once

#include <array>
#include <cstdint>

#include <vultus/core/body.hpp>
#include <vultus/core/geometry.hpp>

namespace vultus::body {

/// The signed angle from a to b, degrees, (-180, 180]: sgn(a.x b.y - a.y b.x) acos(a.b / |a||b|), y as it is given.
/// @return 0 where one has no length
[[nodiscard]] double signed_angle(Point2f a, Point2f b);

using HandPoints = std::array<Point2f, kHandPoints>;
/// Bit i = point i was seen. A joint of which a point is missing is left alone.
using HandMask = std::uint32_t;
inline constexpr HandMask kWholeHand = (HandMask{1} << kHandPoints) - 1;

/// One joint: `moved` turns about `pivot` as far as `share` of what its angle to `previous` leaves [low, high] by.
/// @return where it is then; itself where the angle is inside, or a bone has no length
[[nodiscard]] Point2f bend(Point2f moved, Point2f pivot, Point2f previous, double low, double high, double share);
/// One spread of fingers: `checked` turns about `centre`, its angle to `reference` goes towards [low, high].
[[nodiscard]] Point2f spread(Point2f checked, Point2f reference, Point2f centre, double low, double high, double share);

/// Flexion and extension of every finger, thumb first, then abduction and adduction; what lies beyond a joint moves
/// with it. A pose within all ranges stays bit for bit. Bones that turn keep their length.
/// @param points  wrist, thumb 1-4, index 5-8, middle 9-12, ring 13-16, little finger 17-20; picture coordinates
/// @param side    the ranges of a right hand are mirrored
/// @param share   of the correction, [0, 1]; 0.4 was best in the paper
/// @source Siformer, arXiv 2503.20436 (ACM MM 2024), feature-isolated rectification
[[nodiscard]] HandPoints rectify_hand(HandPoints points, HandSide side, double share = 0.4, HandMask mask = kWholeHand);

}  // namespace vultus::body
