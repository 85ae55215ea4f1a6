// What is known of hands and bodies in one picture: the values that every room passes on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/geometry.hpp>
#include <vultus/core/units.hpp>

namespace vultus {

/// Metres in the camera's directions: x right, y down, z away from the viewer.
struct WorldPoint {
  float x = 0;
  float y = 0;
  float z = 0;
  bool operator==(const WorldPoint&) const = default;
};

inline constexpr std::size_t kHandPoints = 21;  ///< wrist, then four of thumb, index, middle, ring and little finger
inline constexpr std::size_t kBodyPoints =
    33;  ///< in MediaPipe's order: nose, eyes, ears, mouth, then shoulders to feet

/// The person's own hand, not the side of the picture.
enum class HandSide : std::uint8_t { left, right };

/// One hand in one picture.
struct HandObservation {
  RectF box;       ///< around the points, pixels
  Score presence;  ///< of the network: is there a hand at all
  HandSide side = HandSide::left;
  Score side_score;                             ///< of `side`, [0.5, 1]
  std::array<Point2f, kHandPoints> points;      ///< picture pixels
  std::array<float, kHandPoints> depths{};      ///< pixels, away from the viewer, the wrist is near 0
  std::array<WorldPoint, kHandPoints> world{};  ///< metres; the origin is the middle of the hand
  bool operator==(const HandObservation&) const = default;
};

/// One joint of a body.
struct BodyPoint {
  Point2f place;     ///< picture pixels; may lie outside the picture
  float depth = 0;   ///< pixels, away from the viewer, 0 at the middle of the hips
  Score visibility;  ///< of the network: in the picture and not hidden
  Score presence;    ///< of the network: in the picture
  bool operator==(const BodyPoint&) const = default;
};

/// One body in one picture.
struct BodyObservation {
  RectF box;       ///< around the points that are visible (0.5 or more), else around all; pixels
  Score presence;  ///< of the network: is there a body at all
  std::array<BodyPoint, kBodyPoints> points;
  std::array<WorldPoint, kBodyPoints> world{};  ///< metres; the origin is the middle of the hips
  /// Where the network expects the body in the next picture: middle and a point on its circle, pixels.
  std::array<Point2f, 2> next{};
  bool operator==(const BodyObservation&) const = default;
};

/// All that was seen of one person: any of it may be missing.
struct WholeBody {
  std::optional<BodyObservation> body;
  std::optional<HandObservation> left_hand;
  std::optional<HandObservation> right_hand;
  std::optional<Landmarks> face;  ///< scheme mesh468 or mesh478
  bool operator==(const WholeBody&) const = default;
};

/// A person through a recording: one value a moment, in order of time.
struct BodyTrack {
  TrackId id;
  struct Sample {
    Seconds time{0};  ///< since the start of the source
    WholeBody person;
    bool operator==(const Sample&) const = default;
  };
  std::vector<Sample> samples;
  bool operator==(const BodyTrack&) const = default;
};

}  // namespace vultus
