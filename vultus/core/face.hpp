// What is known of one face: the values that every room passes on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/core/units.hpp>

namespace vultus {

/// Which points a set of landmarks holds.
enum class LandmarkScheme : std::uint8_t {
  ibug68,   ///< 68 points: jaw 0-16, brows 17-26, nose 27-35, eyes 36-47, mouth 48-67
  mesh468,  ///< 468 points of the MediaPipe face mesh
  mesh478,  ///< the same with irises, 468-472 image left, 473-477 image right
};

[[nodiscard]] constexpr std::size_t count_of(LandmarkScheme scheme) {
  return scheme == LandmarkScheme::ibug68 ? 68 : scheme == LandmarkScheme::mesh468 ? 468 : 478;
}  ///< points of a scheme

/// Points on a face in picture pixels, in the order of their scheme.
struct Landmarks {
  LandmarkScheme scheme = LandmarkScheme::ibug68;
  std::vector<Point2f> points;
  bool operator==(const Landmarks&) const = default;
};

/// Rotation of the head. Yaw > 0 = turned to the subject's right (image left), pitch > 0 = up, roll > 0 = clockwise in
/// the picture.
struct HeadPose {
  Radians yaw;
  Radians pitch;
  Radians roll;
  bool operator==(const HeadPose&) const = default;
};

/// How usable a face is. Motion adds components; a component that was not measured is absent.
struct Quality {
  std::optional<float> inter_eye_px;  ///< distance of the eye centres, pixels
  bool operator==(const Quality&) const = default;
};

/// Index of each of the five keypoints. Left and right are the subject's; the order is that of the alignment template.
enum class Keypoint : std::uint8_t { right_eye, left_eye, nose, right_mouth, left_mouth };

using Keypoints = std::array<Point2f, 5>;

/// One face in one picture or frame.
struct FaceObservation {
  RectF box;                       ///< pixels of the upright picture; may leave it
  Keypoints keypoints;             ///< pixels, in the order of Keypoint
  Score detection;                 ///< of the detector
  std::optional<Score> face_flag;  ///< of the mesh network: is this a face at all; empty where not asked
  std::optional<Landmarks> landmarks;
  std::optional<HeadPose> pose;
  std::optional<Quality> quality;
  bool operator==(const FaceObservation&) const = default;
};

}  // namespace vultus
