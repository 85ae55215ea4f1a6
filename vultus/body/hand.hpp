// Hands: palms are found, then 21 points are read on each.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <vultus/body/point_detector.hpp>
#include <vultus/body/region.hpp>
#include <vultus/core/body.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::body {

/// The square that the hand network wants, from a palm: wrist (point 0) to middle knuckle (point 2) is up, the palm's
/// box moved by half its height towards the fingers, 2.6 times as large.
/// @source MediaPipe, palm_detection_detection_to_roi (Apache-2.0)
[[nodiscard]] Region hand_region(const PointedBox& palm);
/// The same from points of the picture before: the box around wrist and knuckles, level with the hand, moved by a tenth
/// and doubled.
/// @source MediaPipe, hand_landmark_landmarks_to_roi (Apache-2.0)
[[nodiscard]] Region hand_region(std::span<const Point2f, kHandPoints> points);
/// The same from a body: wrist, little finger and index finger of one arm.
/// @source MediaPipe, HandDetectionsFromPoseToRectsCalculator (Apache-2.0)
[[nodiscard]] Region hand_region(const BodyObservation& body, HandSide side);

/// Of hands that lie on one another only the surest stays. @param overlap  of the boxes, (0, 1)
void drop_double_hands(std::vector<HandObservation>& hands, float overlap = 0.5F);

/// The points of one hand. Thread-compatible: each worker loads its own.
class HandNet {
 public:
  /// @error invalid_argument  a model with another decoder than hand21; corrupt_data  from the backend
  static Result<HandNet> load(const runtime::ModelHandle& model);
  /// @param picture  rgb8, upright, not mirrored: of a mirrored one the sides are swapped
  /// @return what the network reads there, sure or not: see presence
  /// @error invalid_argument  a region without size; internal  the backend failed
  Result<HandObservation> read(ImageView picture, const Region& region);

 private:
  explicit HandNet(std::unique_ptr<runtime::Network> network) : network_(std::move(network)) {}
  std::unique_ptr<runtime::Network> network_;
};

struct HandOptions {
  Score palm{0.5F};      ///< least score of a palm
  Score presence{0.5F};  ///< least presence of a hand
};

/// All hands of a picture. Thread-compatible.
class HandFinder {
 public:
  HandFinder(PointDetector palms, HandNet points, const HandOptions& options = {})
      : palms_(std::move(palms)), points_(std::move(points)), options_(options) {}
  /// Surest first. A new hand is read around its palm or the end of its arm, then around its points: the
  /// second reading stays where it shows a hand. Hands of the frame before are read once.
  /// @param picture  rgb8, upright
  /// @param known    hands of the frame before (followed by their points), may be empty
  /// @param bodies   of this frame; their arms say where hands may be, may be empty
  /// @param palms    look for new ones also
  /// @error internal  the backend failed
  Result<std::vector<HandObservation>> find(ImageView picture, std::span<const HandObservation> known = {},
                                            std::span<const BodyObservation> bodies = {}, bool palms = true);

 private:
  Status add(ImageView picture, const Region& region, int looks, std::vector<HandObservation>& hands);
  PointDetector palms_;
  HandNet points_;
  HandOptions options_;
};

}  // namespace vultus::body
