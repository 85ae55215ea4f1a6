// Bodies: persons are found, then 33 points are read on each.
#pragma once

#include <memory>
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

/// The square that the pose network wants: around `middle` (of the hips), 2.5 times as large as the distance to `top`,
/// which is up.
/// @source MediaPipe, AlignmentPointsRectsCalculator and its enlargement by 1.25 (Apache-2.0)
[[nodiscard]] Region body_region(Point2f middle, Point2f top);

/// Of bodies that lie on one another only the surest stays.
/// @param overlap  of the squares that their `next` tells, (0, 1)
void drop_double_bodies(std::vector<BodyObservation>& bodies, float overlap = 0.5F);

/// The points of one body. Thread-compatible: each worker loads its own.
class PoseNet {
 public:
  /// @error invalid_argument  a model with another decoder than pose33; corrupt_data  from the backend
  static Result<PoseNet> load(const runtime::ModelHandle& model);
  /// @param picture  rgb8, upright
  /// @return what the network reads there, sure or not: see presence
  /// @error invalid_argument  a region without size; internal  the backend failed
  Result<BodyObservation> read(ImageView picture, const Region& region);

 private:
  explicit PoseNet(std::unique_ptr<runtime::Network> network) : network_(std::move(network)) {}
  std::unique_ptr<runtime::Network> network_;
};

struct PoseOptions {
  Score person{0.5F};    ///< least score of a person
  Score presence{0.5F};  ///< least presence of a body
};

/// All bodies of a picture: few and near ones, for which these networks are made. Thread-compatible.
class PoseFinder {
 public:
  PoseFinder(PointDetector persons, PoseNet points, const PoseOptions& options = {})
      : persons_(std::move(persons)), points_(std::move(points)), options_(options) {}
  /// Surest first.
  /// @param picture  rgb8, upright
  /// @param known    bodies of the frame before, which are followed; may be empty
  /// @param persons  look for new ones also
  /// @error internal  the backend failed
  Result<std::vector<BodyObservation>> find(ImageView picture, std::span<const BodyObservation> known = {},
                                            bool persons = true);

 private:
  Status add(ImageView picture, const Region& region, std::vector<BodyObservation>& bodies);
  PointDetector persons_;
  PoseNet points_;
  PoseOptions options_;
};

}  // namespace vultus::body
