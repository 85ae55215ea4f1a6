// Hands, faces and bodies of one picture put together into people.
#pragma once

#include <span>
#include <vector>

#include <vultus/core/body.hpp>
#include <vultus/core/face.hpp>

namespace vultus::body {

/// Which points of two lists are one another's: the nearest pair first, each point once.
/// @param most  pairs further apart are none
/// @return for each of `from` the index in `to`, or -1
[[nodiscard]] std::vector<int> nearest_pairs(std::span<const Point2f> from, std::span<const Point2f> to,
                                             std::span<const float> most);

/// The head of a body: the middle of its nose, eyes, ears and mouth (points 0 to 10), pixels.
[[nodiscard]] Point2f head_of(const BodyObservation& body);

/// The people of a picture. A hand belongs to the arm whose wrist is nearest to its own, at most the longer side of the
/// hand's box away; that arm says whether it is the left or the right hand, whatever the hand network thinks. A face
/// belongs to the head nearest to its middle, at most half the longer side of its box away. Nearest pairs first, each
/// once. What has no body makes a person of its own; bodies come first, in their order.
[[nodiscard]] std::vector<WholeBody> join_people(std::span<const BodyObservation> bodies,
                                                 std::span<const HandObservation> hands,
                                                 std::span<const Landmarks> faces = {});

}  // namespace vultus::body
