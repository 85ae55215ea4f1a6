// 68 points on a face, and the five keypoints made of them.
#pragma once

#include <memory>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::face {

/// Eyes as the mean of four lid points each, the tip of the nose, and the mouth corners as the mean of outer and inner
/// corner.
/// @param landmarks  of any scheme
[[nodiscard]] Keypoints keypoints_of(const Landmarks& landmarks);

/// The points that dlib's chip is placed by (dlib_chip.hpp): the 68 themselves, or five of a mesh.
/// @param landmarks  of any scheme
/// @error invalid_argument  another number of points than the scheme's
[[nodiscard]] Result<std::vector<Point2f>> chip_points_of(const Landmarks& landmarks);

/// A 68-point network on the detector's box. Thread-compatible: each worker loads its own.
class LandmarkNet {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<LandmarkNet> load(const runtime::ModelHandle& model);
  /// @param picture  rgb8, upright
  /// @param box      of the detector, picture pixels; the crop is the square of its height around its centre
  /// @return points in picture pixels
  /// @error invalid_argument  a box outside the picture; internal  the backend failed
  Result<Landmarks> find(ImageView picture, const RectF& box);

 private:
  explicit LandmarkNet(std::unique_ptr<runtime::Network> network) : network_(std::move(network)) {}
  std::unique_ptr<runtime::Network> network_;
};

}  // namespace vultus::face
