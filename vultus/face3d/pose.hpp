// Where a rigid head stands, from points of it that are seen in a picture.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <vultus/face3d/camera.hpp>

namespace vultus::face3d {

struct PoseOptions {
  /// Residuals beyond this many pixels count less (Huber's loss), (0, 1e6].
  double outlier_px = 4;
  int max_iterations = 60;  ///< of each descent, [1, 1000]
};

struct PoseEstimate {
  RigidPose pose;
  double rms_px = 0;  ///< root of the mean squared distance of projected and seen points, outliers included
  /// Covariance of (rotation vector in radians, translation in mm), rows one after the other, for the noise that the
  /// residuals show: sigma^2 (J' W J)^-1. The rotation vector turns in the camera's axes.
  std::array<double, 36> covariance{};
  /// Of J' W J with its columns at length 1: about 1 is good, above PoseOptions' limit of 1e10 is refused as
  /// undetermined.
  double condition = 0;
  std::size_t outliers = 0;  ///< points beyond outlier_px
};

/// The pose whose projection of `model` lies nearest to `seen`: starts from the direct linear transform (6 points or
/// more in space), scaled orthography with iterations (POSIT) or, for points in a plane, a homography, and goes down
/// by Levenberg-Marquardt with Huber's loss from each; the best end stays.
/// @param seen   pixels
/// @param model  the same points in the head's axes, millimetres; at least 4, not on one line
/// @error invalid_argument  counts that differ or are below 4, points that are not finite, points on one line or one
///                          place, an option outside its range, a pose that the points do not determine, or one behind
///                          the camera
/// @thread safe, no state
/// @source R. Hartley, A. Zisserman, Multiple View Geometry, 2nd ed., 7.1 (DLT); D. DeMenthon, L. Davis, Model-based
///         object pose in 25 lines of code, IJCV 15, 1995 (POSIT); Z. Zhang, PAMI 22(11), 2000, 3.1 (homography)
[[nodiscard]] Result<PoseEstimate> estimate_pose(std::span<const Point2f> seen, std::span<const Vec3> model,
                                                 const Camera& camera, const PoseOptions& options = {});

}  // namespace vultus::face3d
